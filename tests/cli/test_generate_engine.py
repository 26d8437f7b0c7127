"""`vs generate --engine`, as far as it can be said without a Ray; tests/ray has the rest."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.cli.generations import PROMPT
from tests.every import for_every
from vs_cli import main
from vs_cli.generate.elsewhere import factory_of
from vs_cli.models import ChosenModel, ModelUnavailableError

ADDRESS = "http://127.0.0.1:9/v1"
ASKED = ["generate", PROMPT, "-n", "3"]
BY_RAY = [*ASKED, "--engine", "ray"]
MODEL = ["--model", "openai:m", "--base-url"]


def test_an_address_without_ray_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, "--address", "10.0.0.1:6379"]) == 2
    assert "--address is for --engine ray" in capsys.readouterr().err


def test_without_ray_it_says_what_to_install_and_makes_no_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main([*BY_RAY, "--out", str(tmp_path / "data")]) == 2
    assert "pip install 'verbalized-sampling-integrations[ray]'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@for_every(
    ("options", "said"),
    [
        ([*MODEL, "http://me:password1@localhost/v1"], "has a password or a query"),
        ([*MODEL, "http://localhost/v1?key=password1"], "has a password or a query"),
        (["--address", "ray://10.0.0.1:10001"], "ray job submit"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_started(
    options: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("vs_cli.generate.engine.find_spec", lambda _: object())
    assert main([*BY_RAY, *options, "--out", str(tmp_path / "data")]) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert "password1" not in complaint
    assert not list(tmp_path.iterdir())


def test_another_process_sets_the_model_up_with_the_key_that_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = "sk-only-known-there"
    monkeypatch.setenv("OPENAI_API_KEY", "sk-only-known-here")
    chosen = ChosenModel(name="openai:m", temperature=0.5, max_tokens=9, timeout=3.0)
    note = factory_of(chosen, None)
    assert "sk-" not in note.model_dump_json()
    monkeypatch.setenv("OPENAI_API_KEY", key)
    model = note.make()
    assert (model.model_name, model.temperature, model.max_tokens) == ("m", 0.5, 9)
    assert model.openai_api_key.get_secret_value() == key
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(ModelUnavailableError, match="export OPENAI_API_KEY"):
        note.make()


def test_a_server_of_ones_own_needs_no_key_in_another_process_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    model = factory_of(ChosenModel(name="openai:m", base_url=ADDRESS), None).make()
    assert model.openai_api_base == ADDRESS


def test_the_simulation_can_be_set_up_in_another_process_too() -> None:
    models = [factory_of(ChosenModel(), seed).make() for seed in (1, 1, 2)]
    first, again, other = (asyncio.run(model.ainvoke("Tell me a joke")) for model in models)
    assert first.content == again.content
    assert first.content != other.content
