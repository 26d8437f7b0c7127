"""The sampler with the settings of a preset."""

from __future__ import annotations

from pathlib import Path

import pytest
from llama_index.core.settings import Settings

from llamaindex_vs import VerbalizedSampler
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, xml
from vs_core import Preset, PromptSettings, instruction

PRESET = Preset(settings={"k": 2, "method": "cot", "instructions": "You write {jokes}."})


def test_a_preset_asks_as_its_settings_do_from_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "preset.json"
    PRESET.save(path)
    expected = instruction(PromptSettings(**PRESET.settings))
    for given in (PRESET, path, str(path)):
        model = ScriptedLLM(script=[xml("a", "b")])
        VerbalizedSampler.from_preset(given, model).run(QUESTION)
        assert model.calls[0][0].content == expected


def test_settings_that_are_given_win_over_those_of_the_preset() -> None:
    model = ScriptedLLM(script=[])
    sampler = VerbalizedSampler.from_preset(PRESET, model, k=5, words=40, num_workers=2)
    assert (sampler.k, sampler.method, sampler.words, sampler.num_workers) == (5, "cot", 40, 2)
    # With the default's value, too.
    assert VerbalizedSampler.from_preset(PRESET, model, method="standard").method == "standard"
    assert PRESET.settings["method"] == "cot"


def test_without_a_model_it_asks_that_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "_llm", ScriptedLLM(script=[xml("a", "b")]))
    assert VerbalizedSampler.from_preset(PRESET).run(QUESTION).texts == ["a", "b"]


def test_settings_that_do_not_agree_with_the_preset_are_refused() -> None:
    with pytest.raises(ValueError, match="leave split='turns'"):
        VerbalizedSampler.from_preset(Preset(settings={"split": "parallel"}), method="multi")
