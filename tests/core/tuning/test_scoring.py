"""What counts as brought: of the responses asked for, so that a missing one never helps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.comparison.exchanges import answer
from tests.core.tuning.trials import answers, run, settings_of, tuned, varying
from tests.every import for_every
from vs_core.adapters.comparison import Outcome
from vs_core.adapters.tuning import TrialExchange, Tuner
from vs_core.metrics import METRICS
from vs_core.tuning import Final, Side, TuningSettings

WORDS = ["amber", "birch", "cloud", "delta", "ember", "frost", "grove", "haven", "ivory", "jolly"]
LEXICAL = [m.name for m in METRICS.values() if m.needs == "texts"]


def final_of(settings: TuningSettings, respond: object, **options: object) -> Final:
    found = tuned(settings, respond, **options)  # type: ignore[arg-type]
    assert found.final is not None
    return found.final


def sentence(number: int) -> str:
    return " ".join(WORDS[(number * step + step) % 10] for step in range(1, 8)) + f" {number}"


def test_different_responses_are_counted_among_those_asked_for() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        # Half of the default's exchanges bring nothing.
        if exchange.variant == "default" and exchange.number % 2:
            return answer()
        place = exchange.number * exchange.settings.k
        return answer(*(str(place + i) for i in range(exchange.settings.k)))

    default = final_of(settings_of(n=40), respond).default
    assert (default.asked, default.usable, default.different, default.failed) == (400, 200, 200, 40)
    assert default.figures.diversity.mean == default.figures.readable.mean == 0.5


@for_every("metric", LEXICAL)
def test_a_variant_that_brings_less_of_the_same_never_looks_more_diverse(metric: str) -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        # Both say the same, but what is tried leaves out all replies but the first.
        place, size = exchange.number * exchange.settings.k, exchange.settings.k
        if exchange.variant != "default" and exchange.number:
            return answer()
        return answer(*(sentence(place + i) for i in range(size)))

    settings = settings_of(variants=[{"layout": "json"}], metric=metric)
    gain = final_of(settings, respond).difference.diversity.mean
    assert gain is not None
    assert gain <= 0 if METRICS[metric].direction == "higher" else gain >= 0


@for_every("metric", LEXICAL)
def test_a_variant_that_brings_nothing_to_some_prompts_is_measured_on_all(metric: str) -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        place, size = exchange.number * exchange.settings.k, exchange.settings.k
        if exchange.variant != "default" and exchange.prompt.startswith("Question 3"):
            return answer()
        return answer(*(sentence(place + i) for i in range(size)))

    final = final_of(settings_of(variants=[{"layout": "json"}], metric=metric), respond)
    assert final.prompts == 10
    assert final.survivor.figures.readable.mean == pytest.approx(0.9)


def test_of_more_responses_than_asked_for_repeats_are_left_out_first() -> None:
    # A follow-up mended what repeated an earlier response.
    mended = answer("a", "A.", "b", "c", "d", "e")
    tried = settings_of(variants=[{"layout": "json"}])
    default = final_of(tried, lambda _: mended).default
    assert (default.usable, default.different) == (250, 50)


def test_a_surplus_of_one_exchange_does_not_stand_for_what_another_lacks() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        if exchange.number:
            return answer()
        return answer(*(str(i) for i in range(20)))

    default = final_of(settings_of(variants=[{"layout": "json"}]), respond).default
    assert default.usable == 10 * 5


@given(st.lists(st.sampled_from("abcdefg"), max_size=12), st.integers(1, 8))
def test_an_exchange_counts_with_no_more_than_it_was_asked_for(texts: list[str], k: int) -> None:
    tuner = Tuner(settings_of(variants=[{"k": k + 10}], k=k))
    exchange = next(e for e in tuner.pending if e.variant == "default" and e.settings.k == k)
    record = tuner.take(exchange, answer(*texts))
    assert len(record.usable) == min(len(texts), k)
    assert len(set(record.usable)) == min(len(set(texts)), k)


def test_a_metric_that_is_not_defined_for_what_came_decides_nothing() -> None:
    # One word has no pair of words.
    found = tuned(settings_of(metric="distinct_2"), lambda e: answer(*"abcdefghij"[: e.settings.k]))
    assert (found.decision, found.final) == ("not_measured", None)
    assert found.notes[0].startswith("not measured: Distinct-2 is defined for what came to fewer")


def test_prompts_without_a_value_are_left_out_on_both_sides_and_that_is_said() -> None:
    prompts = [f"Question {number}?" for number in range(12)]

    def respond(exchange: TrialExchange) -> Outcome:
        one_word = exchange.prompt in prompts[:2]
        size = range(exchange.settings.k)
        return answer(*(f"{i}" if one_word else sentence(i) for i in size))

    found = tuned(settings_of(prompts=prompts, metric="distinct_2"), respond)
    assert found.final is not None
    assert found.final.prompts == 10
    assert any("to 2 of 12 prompts, so that they are left out" in note for note in found.notes)


def test_the_halving_keeps_whoever_has_the_lower_value_where_that_is_more_diverse() -> None:
    def respond(exchange: TrialExchange) -> Outcome:
        if exchange.variant == "words=9":
            return answer(*(sentence(i) for i in range(exchange.settings.k)))
        return answers(1, exchange.settings.k)

    tried = settings_of(variants=[{"k": 10}, {"words": 9}], metric="rouge_l")
    tuner = run(Tuner(tried), respond, stages=1)
    assert tuner.closed[0].stayed == ("words=9",)


def test_embeddings_measure_what_texts_do_not_show() -> None:
    respond = varying({"k=10": 5, "default": 5})
    settings = settings_of(metric="semantic_diversity")
    final = final_of(settings, respond, embeddings=lambda texts: [[1.0, 1.0] for _ in texts])
    sides: list[Side] = [final.default, final.survivor]
    assert [side.figures.diversity.mean for side in sides] == pytest.approx([0.0, 0.0])
    assert sides[0].different == sides[1].different == 50
