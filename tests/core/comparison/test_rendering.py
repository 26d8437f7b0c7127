"""A comparison as JSON, Markdown, HTML and plain records."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from datetime import date

import pytest

from tests.core.comparison.exchanges import COIN, DIE, answer, compared, numbered, settings_of
from vs_core.adapters.comparison import Outcome, PlannedExchange
from vs_core.comparison import Comparison
from vs_core.simulation import SIMULATION_NOTICE

HOSTILE = "<script>alert(1)</script> | `rm` [x](javascript:y) *a* \\ &amp;\nsecond line \ud83d"


def _hostile() -> Comparison:
    def respond(exchange: PlannedExchange) -> Outcome:
        if exchange.method == "sequence":
            return RuntimeError(HOSTILE)
        return answer(HOSTILE, "fine", model=HOSTILE.encode("utf-8", "replace").decode())

    return compared(settings_of([COIN, "<b>Bold</b> | prompt"], n=4, k=2), respond)


def _plain() -> Comparison:
    return compared(settings_of([COIN, DIE], methods=["direct", "standard"], n=4))


@pytest.mark.parametrize("comparison", [_plain(), _hostile()], ids=["plain", "hostile"])
def test_a_comparison_survives_json_exactly(comparison: Comparison) -> None:
    assert Comparison.model_validate_json(comparison.model_dump_json()) == comparison


def test_the_table_has_a_row_for_each_method() -> None:
    lines = _plain().to_markdown().splitlines()
    assert [line.split(" | ")[0] for line in lines] == [
        "| method",
        "| :--",
        "| direct",
        "| standard",
    ]


def test_a_mean_comes_with_its_interval() -> None:
    comparison = compared(
        settings_of([COIN, DIE], methods=["direct"], n=4, metrics=["unique_fraction"]),
        lambda e: answer("6") if e.prompt == DIE else numbered(e),
    )
    assert "| direct | 0.625 (0.25 to 1) | 8 | 5 | 8 | 80 | 16 | 0 |" in comparison.to_markdown()


def test_a_metric_without_any_value_has_no_column() -> None:
    comparison = compared(settings_of(methods=["direct"], n=1))
    assert "ROUGE-L" not in comparison.to_markdown()


def test_the_arrow_says_where_diversity_lies() -> None:
    assert "| Unique ↑ |" in _plain().to_markdown()
    assert "| Self-BLEU ↓ |" in _plain().to_markdown()


@pytest.mark.parametrize("show", [Comparison.to_markdown, Comparison._repr_html_])
def test_a_simulation_is_said_to_be_one(show: Callable[[Comparison], str]) -> None:
    simulated = compared(settings_of(n=2), lambda _: answer("a", "b", model="simulated"))
    assert SIMULATION_NOTICE in html.unescape(show(simulated))
    assert SIMULATION_NOTICE not in html.unescape(show(_plain()))


@pytest.mark.parametrize("show", [Comparison.to_markdown, Comparison._repr_html_])
def test_it_is_said_which_model_answered_how_and_when(show: Callable[[Comparison], str]) -> None:
    settings = settings_of(n=1, model="small", model_options={"temperature": 0.7, "max_tokens": 9})
    found = compared(settings)
    assert "model: small, temperature 0.7, max_tokens 9" in show(found)
    one, two = date(2026, 1, 1), date(2026, 2, 3)
    for days, said in (((one,), "asked on 2026-01-01"), ((one, two), "2026-01-01 to 2026-02-03")):
        assert said in show(found.model_copy(update={"days": days}))


def test_texts_cannot_break_the_markdown() -> None:
    markdown = _hostile().to_markdown()
    table, notes = markdown.split("\n\n")
    assert len({line.count("|") for line in table.splitlines()}) == 1
    assert all(line.startswith("- ") for line in notes.splitlines())
    assert "\\<script>" in notes
    assert "\\[x](javascript:y)" in notes


def test_texts_are_escaped_in_html() -> None:
    shown = _hostile()._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize("show", [Comparison.to_markdown, Comparison._repr_html_])
def test_control_characters_are_shown_and_not_written(show: Callable[[Comparison], str]) -> None:
    named = compared(settings_of(n=2), lambda _: answer("a", model="m \x1b[2J\x9b \u202e"))
    assert r"\x1b" in show(named).replace("\\\\", "\\")
    assert not {"\x1b", "\x9b", "\u202e"} & set(show(named))


def test_names_of_metrics_that_came_with_the_json_are_escaped_too() -> None:
    plain = compared(settings_of(n=2, metrics=["unique_fraction"]))
    odd = plain.model_dump_json().replace("unique_fraction", "<b>|")
    comparison = Comparison.model_validate_json(odd)
    assert "<b>" not in comparison._repr_html_()
    assert "| \\<b>\\| |" in comparison.to_markdown()


def test_records_are_flat_and_plain_json() -> None:
    records = _plain().to_records()
    assert json.loads(json.dumps(records)) == records
    assert [(r["prompt"], r["method"]) for r in records] == [
        (COIN, "direct"),
        (COIN, "standard"),
        (DIE, "direct"),
        (DIE, "standard"),
    ]
    first = records[0]
    assert (first["responses"], first["distinct"], first["failures"], first["calls"]) == (
        4,
        4,
        0,
        4,
    )
    assert (first["input_tokens"], first["output_tokens"], first["unique_fraction"]) == (
        28,
        12,
        1.0,
    )


def test_there_is_no_summary_of_a_method_that_was_not_compared() -> None:
    with pytest.raises(KeyError):
        _plain().summary_of("cot")
