from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.decisions import deciding
from tests.cli.generations import answering
from tests.wire.server import WireServer


@pytest.fixture
def server() -> Iterator[tuple[WireServer, tuple[str, ...]]]:
    """A server whose model decides, and the options that name it."""
    with answering(deciding) as found:
        yield found


@pytest.fixture
def model(server: tuple[WireServer, tuple[str, ...]]) -> tuple[str, ...]:
    """Those options alone."""
    return server[1]


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports without their pictures, which take a second to draw, where these aren't looked at."""
    for command in ("compare", "generate"):
        monkeypatch.setattr(f"vs_cli.{command}.folder.draw_pictures", lambda _: [])
