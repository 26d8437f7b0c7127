"""Settings for the whole suite."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("developer", deadline=None, max_examples=50)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=200)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "developer")

# Only this machine is called, without certificates, and to load a system's takes each client of
# OpenAI 50 ms. Here are none to load.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = str(Path(__file__).parent)


@pytest.fixture
def beside_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run commands in, from which the examples are where they are from here."""
    (tmp_path / "examples").symlink_to(Path(__file__).parent.parent / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path
