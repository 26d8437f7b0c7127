"""The runnable with the settings of a preset."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.load import dumps

from langchain_vs import VerbalizedSamplingRunnable
from tests.lc.models import ScriptedChatModel
from tests.scenarios import QUESTION, xml
from vs_core import Preset, PromptSettings, instruction

PRESET = Preset(settings={"k": 2, "method": "cot", "instructions": "You write {jokes}."})


def test_a_preset_asks_as_its_settings_do_from_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "preset.json"
    PRESET.save(path)
    expected = instruction(PromptSettings(**PRESET.settings))
    for given in (PRESET, path, str(path)):
        model = ScriptedChatModel(script=[xml("a", "b")])
        VerbalizedSamplingRunnable.from_preset(given, model).invoke(QUESTION)
        assert model.calls[0][0].content == expected


def test_settings_that_are_given_win_over_those_of_the_preset() -> None:
    model = ScriptedChatModel(script=[])
    vs = VerbalizedSamplingRunnable.from_preset(PRESET, model, k=5, words=40, name="jokes")
    assert (vs.k, vs.method, vs.words, vs.name) == (5, "cot", 40, "jokes")
    # With the default's value, too.
    standard = VerbalizedSamplingRunnable.from_preset(PRESET, model, method="standard")
    assert standard.method == "standard"
    assert PRESET.settings["method"] == "cot"


def test_it_is_what_the_settings_alone_would_have_made() -> None:
    model = ScriptedChatModel(script=[])
    made = VerbalizedSamplingRunnable.from_preset(PRESET, model)
    assert dumps(made) == dumps(VerbalizedSamplingRunnable(model, **PRESET.settings))


def test_settings_that_do_not_agree_with_the_preset_are_refused() -> None:
    with pytest.raises(ValueError, match="leave split='turns'"):
        VerbalizedSamplingRunnable.from_preset(
            Preset(settings={"split": "parallel"}), ScriptedChatModel(script=[]), method="multi"
        )


def test_a_subclass_makes_one_of_its_kind() -> None:
    class Jokes(VerbalizedSamplingRunnable):
        """Asks for jokes."""

    assert type(Jokes.from_preset(PRESET, ScriptedChatModel(script=[]))) is Jokes


def test_a_file_that_is_no_preset_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text('{"k": 3}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"own\.json is no preset"):
        VerbalizedSamplingRunnable.from_preset(tmp_path / "own.json", ScriptedChatModel(script=[]))
