"""What is asked in which stage, who stays, and what a run goes on from."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.core.comparison.exchanges import answer
from tests.core.tuning.trials import PROMPTS, answers, run, settings_of, tuned, varying
from tests.every import for_every
from vs_core import EmbeddingsError, MissingExtraError
from vs_core.adapters.comparison import Outcome
from vs_core.adapters.tuning import TrialExchange, Tuner
from vs_core.tuning import TuningSettings, forecast

FIVE = settings_of(variants=[{"k": 10}, {"k": 3}, {"method": "cot"}, {"words": 9}, {"words": 7}])
BEST_FIRST = varying({"k=10": 9, "k=3": 3, "method=cot": 2, "words=9": 4, "words=7": 5})


def prompts_of(number: int) -> list[str]:
    return [f"Question {place}?" for place in range(number)]


def asked_for(tuner: Tuner) -> dict[str, set[int]]:
    """How many responses each prompt is asked for, by variant."""
    sums: dict[tuple[str, str], int] = {}
    for exchange in tuner.pending:
        way = exchange.variant, exchange.prompt
        sums[way] = sums.get(way, 0) + exchange.settings.k
    return {name: {n for (v, _), n in sums.items() if v == name} for name, _ in sums}


def test_in_a_stage_each_variant_is_asked_for_as_many_responses_to_the_same_prompts() -> None:
    tuner = Tuner(FIVE)
    assert asked_for(tuner) == {v.name: {20} for v in FIVE.variants}
    prompts = {
        v.name: {e.prompt for e in tuner.pending if e.variant == v.name} for v in FIVE.variants
    }
    assert set(map(frozenset, prompts.values())) == {frozenset(FIVE.halving_prompts)}


def test_the_better_half_stays_until_one_is_left() -> None:
    found = tuned(FIVE, BEST_FIRST)
    assert [stage.stayed for stage in found.stages] == [
        ("k=10", "words=9", "words=7"),
        ("k=10", "words=7"),
        ("k=10",),
    ]
    assert [set(stage.eliminated) for stage in found.stages] == [
        {"k=3", "method=cot"},
        {"words=9"},
        {"words=7"},
    ]


def test_one_variant_alone_goes_to_the_final_at_once() -> None:
    assert Tuner(settings_of()).stage.name == "final"


def test_in_the_final_both_are_asked_for_as_many_responses_to_the_same_prompts() -> None:
    tried = settings_of(prompts=prompts_of(25), variants=[{"k": 10}, {"k": 3}])
    tuner = run(Tuner(tried), BEST_FIRST, stages=1)
    assert tuner.stage.name == "final"
    assert asked_for(tuner) == {"default": {20}, "k=10": {20}}
    assert {exchange.prompt for exchange in tuner.pending} == set(tried.final_prompts)


@for_every(
    ("prompts", "halving", "final"),
    [(10, 5, 10), (14, 5, 14), (15, 5, 10), (24, 8, 16), (60, 10, 50)],
)
def test_halving_and_final_ask_other_prompts_where_there_are_enough(
    prompts: int, halving: int, final: int
) -> None:
    tried = settings_of(prompts=prompts_of(prompts), variants=[{"k": 10}, {"k": 3}])
    assert (len(tried.halving_prompts), len(tried.final_prompts)) == (halving, final)
    shared = set(tried.halving_prompts) & set(tried.final_prompts)
    assert tried.shares_prompts is (halving + final > prompts) is bool(shared)


def test_where_they_share_prompts_the_intervals_are_wider_and_that_is_said() -> None:
    apart, shared = (
        tuned(settings_of(prompts=prompts_of(n), variants=[{"k": 10}, {"k": 3}]), BEST_FIRST)
        for n in (15, 14)
    )
    assert apart.final is not None
    assert shared.final is not None
    assert (apart.final.coverage, shared.final.coverage) == (0.95, 0.975)
    said = "the intervals cover 97.5 % instead of 95 %"
    assert [any(said in note for note in found.notes) for found in (apart, shared)] == [False, True]


def test_one_variant_alone_is_asked_about_all_prompts() -> None:
    tried = settings_of(prompts=prompts_of(14))
    assert (tried.final_prompts, tried.coverage) == (tried.prompts, 0.95)


def test_another_seed_halves_on_other_prompts() -> None:
    options: dict[str, Any] = {"prompts": prompts_of(40), "variants": [{"k": 3}, {"k": 4}]}
    first, second = (Tuner(settings_of(**options, seed=seed)).stage.prompts for seed in (1, 2))
    assert set(first) != set(second)


def test_nothing_of_the_halving_is_in_the_figures_of_the_final() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        # Whoever stays shone in the halving, and gives the same again and again in the final.
        different = 1 if exchange.stage == "final" else {"k=10": 9}.get(exchange.variant, 2)
        return answers(different, exchange.settings.k, exchange.prompt)

    tried = settings_of(variants=[{"k": 10}, {"k": 3}])
    found = tuned(tried, respond)
    assert found.final is not None
    assert (found.final.survivor.variant.name, found.final.survivor.different) == ("k=10", 10)
    assert found.final.survivor.cost.calls == 10 * tried.calls(tried.variants[0], 35)
    assert found.decision == "no_difference"


def test_a_stage_with_something_pending_cannot_be_closed() -> None:
    with pytest.raises(RuntimeError, match="are pending"):
        Tuner(settings_of()).advance()


def test_an_unfinished_tuning_decides_nothing() -> None:
    found = Tuner(settings_of()).tuning()
    assert (found.decision, found.complete, found.chosen.name) == ("not_complete", False, "default")
    assert found.notes == ("not complete: nothing is decided",)


def test_without_a_single_response_in_a_stage_the_first_error_is_raised() -> None:
    with pytest.raises(RuntimeError, match="quota"):
        run(Tuner(settings_of()), lambda _: RuntimeError("quota"))


def test_a_variant_whose_calls_all_fail_is_eliminated() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        if exchange.variant == "words=7":
            return RuntimeError("no such parameter")
        return BEST_FIRST(exchange)

    found = tuned(FIVE, respond)
    assert "words=7" in found.stages[0].eliminated
    [said] = [note for note in found.notes if "failed in the call" in note]
    assert "(words=7: 20), the first with RuntimeError: no such parameter" in said


def test_embeddings_that_fail_leave_the_stage_open_and_the_responses_there() -> None:
    broken = True

    def embed(texts: list[str]) -> list[list[float]]:
        if broken:
            raise TimeoutError("60 s")
        return [[1.0, float(len(text))] for text in texts]

    tuner = Tuner(settings_of(metric="semantic_diversity"), embeddings=embed)
    for exchange in tuner.pending:
        tuner.take(exchange, BEST_FIRST(exchange))
    with pytest.raises(EmbeddingsError, match="TimeoutError: 60 s"):
        tuner.advance()
    broken = False
    assert run(tuner, BEST_FIRST).tuning().final is not None


def test_what_the_intervals_need_is_missed_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(MissingExtraError, match=r"\[eval\]"):
        Tuner(settings_of())


def test_a_metric_that_needs_embeddings_is_refused_without() -> None:
    with pytest.raises(ValueError, match="needs embeddings"):
        Tuner(settings_of(metric="semantic_diversity"))


def test_all_ways_of_asking_are_known_from_the_beginning() -> None:
    ways, used = Tuner(FIVE).ways, set()
    tuner = Tuner(FIVE)
    while not tuner.complete:
        used |= {exchange.way for exchange in tuner.pending}
        run(tuner, BEST_FIRST, stages=1)
    assert used <= set(ways)
    assert ("default", 5) in ways


def test_the_forecast_holds_what_is_made() -> None:
    made = tuned(FIVE, BEST_FIRST).cost.calls
    assert forecast(FIVE).fewest <= made <= forecast(FIVE).most


def test_progress_never_promises_fewer_exchanges_than_are_made() -> None:
    tuner, planned = Tuner(FIVE), []
    while not tuner.complete:
        planned.append(tuner.planned)
        run(tuner, BEST_FIRST, stages=1)
    assert planned == sorted(planned, reverse=True)
    assert planned[-1] == tuner.finished


def test_the_replies_name_the_model() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        return answer(*(str(i) for i in range(exchange.settings.k)), model="simulated")

    found = tuned(settings_of(), respond)
    assert (found.settings.model, found.settings.simulated) == ("simulated", True)
    assert "simulated model: " in found.to_markdown()


def test_exchanges_of_all_variants_are_made_side_by_side() -> None:
    order = [exchange.variant for exchange in Tuner(TuningSettings(prompts=PROMPTS)).pending[:24]]
    assert len(set(order)) == 6
