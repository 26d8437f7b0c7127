"""The `server` fixture: an OpenAI-compatible server of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wire.server import WireServer, serve


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reach the loopback interface directly, even on a machine that sets a proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server() -> Iterator[WireServer]:
    """A running server with an empty script."""
    with serve() as running:
        yield running
