"""How a tuning is shown: never diversity without what can be read, and what it costs."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from tests.core.tuning.test_deciding import decided
from tests.core.tuning.trials import settings_of
from vs_core import Preset
from vs_core.adapters import ModelOptions
from vs_core.adapters.tuning import Tuner
from vs_core.tuning import Tuning, described

BETTER = [15, 16, 17, 18, 15, 16, 17, 18, 15, 16]
FOUND = decided([10] * 10, BETTER)
NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


def test_a_tuning_survives_json_exactly() -> None:
    assert Tuning.model_validate_json(FOUND.model_dump_json()) == FOUND


def test_the_table_has_both_sides_and_their_difference_with_readable_share_and_cost() -> None:
    head, _, default, survivor, difference, *_ = FOUND.to_markdown().splitlines()
    assert head == (
        "| settings | Unique ↑ | readable ↑ | calls | tokens | calls per different ↓ "
        "| tokens per different ↓ |"
    )
    assert default.startswith("| default | 0.286 (0.286 to 0.286) | 1 (1 to 1) | 70 | 700 | 0.7 ")
    assert survivor.startswith("| k=10 | 0.466 (")
    assert difference.startswith("| difference | +0.18 (+0.")
    assert "| -30 | -300 |" in difference


def test_every_sentence_with_diversity_has_readable_share_and_cost() -> None:
    [said] = [note for note in FOUND.notes if note.startswith("k=10 less default")]
    assert "Unique +0.18 (" in said
    assert "readable +0 (" in said
    assert "calls per different response -0." in said
    assert "tokens per different response -" in said


def test_no_figure_of_the_halving_is_shown() -> None:
    found = decided([10] * 10, BETTER, variants=[{"k": 10}, {"k": 3}])
    [stage] = found.stages
    assert set(type(stage).model_fields) == {
        "prompts",
        "responses",
        "stayed",
        "eliminated",
        "cost",
    }
    assert any(
        note.startswith("halving 1, 20 responses to each of 5 prompts") for note in found.notes
    )
    assert any("no figures of the halving are given" in note for note in found.notes)


def test_records_have_a_row_for_each_prompt_and_side() -> None:
    rows = FOUND.to_records()
    assert len(rows) == 20
    assert rows[1] == {
        "prompt": "Question 0?",
        "variant": "k=10",
        "asked": 35,
        "usable": 35,
        "different": 15,
        "diversity": 15 / 35,
        "readable": 1.0,
        "calls": 4,
        "input_tokens": 28,
        "output_tokens": 12,
    }


def test_an_unfinished_tuning_can_be_shown() -> None:
    found = Tuner(settings_of(model="some-model")).tuning()
    assert found.to_records() == []
    assert "- model: some-model\n- not complete: nothing is decided" in found.to_markdown()


def test_what_a_model_wrote_is_escaped_in_html() -> None:
    found = FOUND.model_copy(update={"notes": ("<b>broken</b>",)})
    assert "&lt;b&gt;broken" in found._repr_html_()


def test_the_plan_says_who_is_asked_for_how_much_in_how_many_calls() -> None:
    default, final, calls = described(settings_of())
    assert default == "default: method=standard, k=5, layout=xml"
    assert final == (
        "final: the one that is left and the default are asked for 35 responses to each of 10 "
        "prompts"
    )
    assert calls == "110 calls in all, if every reply is complete"


def test_a_survivor_that_is_taken_becomes_the_preset_with_its_figures() -> None:
    found = decided([10] * 10, BETTER, model="openai:a", model_options={"temperature": 0.7})
    preset = found.preset(measured_at=NOON)
    assert preset.settings == {"k": 10}
    assert (preset.model, preset.model_options) == ("openai:a", ModelOptions(temperature=0.7))
    assert preset.found is not None
    assert (preset.found.default.settings, preset.found.survivor.settings) == ({}, {"k": 10})
    assert preset.found.readable_difference.value == 0.0
    assert preset.found.calls == found.cost.calls
    assert preset.found.decision.startswith("k=10 is taken")
    assert Preset.model_validate_json(preset.model_dump_json()) == preset


def test_a_default_that_is_kept_is_the_preset_with_the_figures_that_say_so() -> None:
    preset = decided([20] * 10, [10] * 10, max_probability=0.2).preset(measured_at=NOON)
    assert preset.settings == {"max_probability": 0.2}
    assert preset.found is not None
    assert preset.found.survivor.settings == {"max_probability": 0.2, "k": 10}


def test_there_is_no_preset_without_figures() -> None:
    with pytest.raises(ValueError, match="no preset without figures: not complete"):
        Tuner(settings_of()).tuning().preset()
