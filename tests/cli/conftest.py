from __future__ import annotations

import pytest


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports without their pictures, which take a second to draw, where these aren't looked at."""
    for command in ("compare", "generate"):
        monkeypatch.setattr(f"vs_cli.{command}.folder.draw_pictures", lambda _: [])
