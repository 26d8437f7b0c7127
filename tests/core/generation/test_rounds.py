"""What is asked in which round, and what of it is accepted."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.every import for_every
from tests.generating import Drawing, Lister, Scripted, answered, generate, planned
from vs_core import Candidate, Trace, VerbalizedDistribution
from vs_core.adapters.generation import Generation, PlannedCall
from vs_core.generation import CallRecord, GeneratedRecord, GenerationSettings, RefusedAnswer

WORLD = [f"answer {number}" for number in range(60)]


def test_n_different_answers_are_accepted_and_no_more() -> None:
    found = generate(Lister(WORLD), n=25, k=10)
    assert len(found.values) == len(set(found.values)) == 25
    assert found.report.figures.accepted == 25
    assert found.report.complete
    assert found.report.ended_by == {"n": 1}


def test_later_calls_are_told_of_what_would_be_repeated_most() -> None:
    engine = Lister(WORLD)
    generate(engine, n=25, k=10, digest=4)
    first, second, third = engine.calls[:3]
    assert first.told == ()
    assert second.told == (), "no repeat has been met yet"
    assert third.told
    assert set(third.told) <= set(WORLD[:10])
    assert all(f"- {text}\n" in third.prompt for text in third.told)
    assert third.prompt.startswith("Name one.\n\n")


def test_nothing_is_told_with_a_digest_of_0() -> None:
    engine = Lister(WORLD)
    found = generate(engine, n=25, k=10, digest=0)
    assert not any(call.told for call in engine.calls)
    assert found.report.ended_by == {"nothing new": 1}


def test_long_answers_are_not_told_where_that_costs_more_than_repeats_do() -> None:
    long = [f"{number}: " + "so it went on " * 60 for number in range(60)]
    script = [answered(*long[:8], tokens=None)]
    script += [answered(long[0], *long[8 * n : 8 * n + 7], tokens=None) for n in range(1, 4)]
    engine = Scripted(script)
    generate(engine, n=28, k=8)
    assert len(engine.calls) == 4
    assert all(len(call.told) <= 1 for call in engine.calls)


def test_refused_answers_say_what_they_resemble() -> None:
    found = generate(Scripted([answered("Ohio", "Utah"), answered(" ohio.", "Iowa")]), n=3, k=2)
    assert found.values == ["Ohio", "Utah", "Iowa"]
    [refused] = found.refused
    assert (refused.value, refused.resemblance.text, refused.resemblance.how) == (
        " ohio.",
        "Ohio",
        "same",
    )
    assert (refused.round, refused.call) == (1, found.records[1].key)


def test_repeats_are_kept_and_counted_apart_where_that_is_asked() -> None:
    found = generate(Scripted([answered("Ohio", "Utah")]), n=5, k=2, distinct=False)
    assert found.values == ["Ohio", "Utah", "Ohio", "Utah", "Ohio"]
    assert (found.report.figures.accepted, found.report.figures.different) == (5, 2)
    assert not found.refused


def test_rounds_grow_from_one_call_as_long_as_more_are_needed() -> None:
    engine = Drawing([f"answer {number}" for number in range(1000)])
    generate(engine, n=400, k=10, width=8)
    rounds = [sum(call.round == number for call in engine.calls) for number in range(4)]
    assert rounds == [1, 2, 4, 8]
    assert len({call.key for call in engine.calls}) == len(engine.calls)


def test_the_last_call_asks_for_what_is_missing() -> None:
    engine = Lister(WORLD)
    generate(engine, n=3, k=10)
    assert [call.asked.k for call in engine.calls] == [3]


def test_answers_are_judged_in_the_order_of_the_calls_whichever_ends_first() -> None:
    generation = Generation("Name one.", GenerationSettings(n=100, k=2), width=4)
    generation.take(CallRecord.of(planned(generation), answered("a", "b")))
    second, third = planned(generation), planned(generation)
    assert (second.number, third.number) == (0, 1)
    assert generation.take(CallRecord.of(third, answered("c", "d"))) == []
    judged = generation.take(CallRecord.of(second, answered("c", "e")))
    assert [(one.value, type(one)) for one in judged] == [
        ("c", GeneratedRecord),
        ("e", GeneratedRecord),
        ("c", RefusedAnswer),
        ("d", GeneratedRecord),
    ]


def test_records_tell_where_they_come_from() -> None:
    found = generate(Scripted([answered("Ohio", "Utah")]), n=2, k=2)
    [record] = found.records
    assert (record.prompt, record.round, record.number, record.k, record.told) == (
        *("Name one.", 0, 0),
        *(2, 0),
    )
    generation = Generation("Name one.", GenerationSettings(n=2, k=2))
    planned(generation)
    ohio, _ = generation.take(record)
    assert isinstance(ohio, GeneratedRecord)
    assert (ohio.prompt, ohio.stated, ohio.probability, ohio.method, ohio.model, ohio.call) == (
        *("Name one.", 0.5, 0.5),
        *("standard", "scripted", record.key),
    )


def test_prompts_side_by_side_know_nothing_of_each_other() -> None:
    engine = Lister(WORLD)
    found = generate(engine, ["Name one.", "Name another."], n=10, k=10, width=2)
    assert sorted(found.values) == sorted(WORLD[:10] * 2)
    assert [one.figures.accepted for one in found.report.prompts] == [10, 10]


def test_a_prompt_may_have_settings_of_its_own() -> None:
    engine = Lister(WORLD)
    own = {"prompt": "Name two.", "n": 2, "method": "cot"}
    generate(engine, ["Name one.", own], n=5, k=5)
    assert [(c.about, c.asked.k, c.asked.method) for c in engine.calls] == [
        ("Name one.", 5, "standard"),
        ("Name two.", 2, "cot"),
    ]


def test_prompts_are_taken_as_they_are_needed() -> None:
    taken = []

    def prompts() -> Iterator[str]:
        for number in range(100_000):
            taken.append(number)
            yield f"Question {number}?"

    generation = Generation(prompts(), GenerationSettings(n=1), width=3)
    generation.next_step()
    assert len(taken) == 3


def test_a_prompt_that_comes_again_is_asked_once() -> None:
    engine = Lister(WORLD)
    generate(engine, ["Name one.", "Name one."], n=5)
    assert len(engine.calls) == 1


def test_values_have_the_type_that_is_asked_for() -> None:
    class Point(BaseModel):
        x: int

    found = generate(
        Scripted([VerbalizedDistribution.of([Candidate(value=Point(x=3), stated=0.5)])]),
        n=1,
        value_schema=Point,
    )
    assert found.values == [Point(x=3)]
    [record] = found.records
    assert [answer.value for answer in record.answers] == [{"x": 3}], "the journal has plain JSON"


@for_every(
    "given",
    [
        ({"n": 0}, "greater than or equal to 1"),
        ({"k": 0}, "greater than or equal to 1"),
        ({"k": 21}, "less than or equal to 20"),
        ({"digest": -1}, "greater than or equal to 0"),
        ({"until_unseen": 1.0}, "less than 1"),
        ({"max_calls": 0}, "greater than or equal to 1"),
        ({"max_tokens": 0}, "greater than or equal to 1"),
        ({"near_duplicate": 0.0}, "greater than 0"),
        ({"method": "multi"}, "take method='standard'"),
        ({"method": "sequence", "max_probability": 0.1}, "asks for none"),
        ({"value_schema": "no type"}, "no type"),
        ({"topups": 3}, "Extra inputs"),
    ],
)
def test_a_setting_out_of_range_is_refused_at_construction(
    given: tuple[dict[str, object], str],
) -> None:
    settings, message = given
    with pytest.raises(ValueError, match=message):
        GenerationSettings(**settings)


@for_every(
    "given",
    [
        ([], "no prompt"),
        ("", "blank"),
        (["Name one.", "  "], "blank"),
        ([{"prompt": "x", "top_k": 3}], "no setting of one prompt"),
        ([{"n": 3}], "prompt"),
        ([3], "a prompt is a text"),
        (["half \ud83d"], "surrogate"),
        ([{"prompt": "x", "n": 0}], "greater than or equal to 1"),
        ([{"prompt": "x", "max_calls": 5}], "no setting of one prompt"),
    ],
)
def test_a_bad_prompt_is_refused_before_it_is_asked(given: tuple[object, str]) -> None:
    prompts, message = given
    generation = Generation(prompts, GenerationSettings(n=1), width=5)  # type: ignore[arg-type]
    with pytest.raises((ValueError, TypeError), match=message):
        generation.next_step()


@given(st.integers(1, 40), st.integers(1, 20), st.integers(1, 9), st.randoms())
def test_whatever_comes_back_in_any_order_is_accepted_once_and_never_more_than_n(
    n: int, k: int, width: int, chance: random.Random
) -> None:
    generation = Generation("Name one.", GenerationSettings(n=n, k=k), width=width)
    under_way: list[PlannedCall] = []
    accepted: list[str] = []
    while True:
        while len(under_way) < width and isinstance(step := generation.next_step(), PlannedCall):
            under_way.append(step)
        if not under_way:
            break
        call = under_way.pop(chance.randrange(len(under_way)))
        texts = [f"answer {chance.randrange(50)}" for _ in range(chance.randrange(k + 1))]
        outcome = (
            CallRecord.of(call, answered(*texts))
            if texts
            else CallRecord.of(call, error=ConnectionError("gone"))
        )
        judged = generation.take(outcome)
        accepted += [one.value for one in judged if isinstance(one, GeneratedRecord)]
    assert len(accepted) == len(set(accepted)) <= n
    [prompt] = generation.report().prompts
    assert prompt.ended_by is not None
    assert (prompt.ended_by == "n") is (len(accepted) == n)


def test_further_calls_ask_for_at_least_five_as_a_short_list_would_be_what_there_is() -> None:
    engine = Scripted([answered("a", "b", "c"), answered("c", "d", "e", "f", "g")])
    found = generate(engine, n=4, k=10)
    assert [call.asked.k for call in engine.calls] == [4, 5]
    assert found.values == ["a", "b", "c", "d"]


def test_calls_of_one_round_are_told_the_same_in_different_orders() -> None:
    engine = Drawing([f"answer {number}" for number in range(150)])
    generate(engine, n=140, k=10, width=4)
    rounds = [[c.told for c in engine.calls if c.round == number] for number in range(20)]
    several = [told for told in rounds if len(told) > 1 and told[0]]
    assert several
    for told in several:
        assert len(set(told)) == min(len(told), len(told[0]))
        assert len({frozenset(one) for one in told}) == 1


def test_no_more_is_asked_for_than_fitted_into_a_reply_that_was_cut_off() -> None:
    def cut(*texts: str) -> VerbalizedDistribution[Any]:
        found = answered(*texts) if texts else VerbalizedDistribution[Any]()
        return VerbalizedDistribution.of([*found], Trace(calls=1, truncated=True))

    script = [cut("a", "b", "c", "d", "e", "f"), answered("g"), cut(), answered("h", "i")]
    engine = Scripted(script)
    generate(engine, n=40, k=16)
    assert [call.asked.k for call in engine.calls[:4]] == [16, 6, 6, 3]


def test_of_a_reply_that_runs_away_twice_as_many_are_taken_as_were_asked_for() -> None:
    found = generate(Scripted([answered(*[f"answer {n}" for n in range(50)])]), n=40, k=6)
    assert found.values == [f"answer {n}" for n in range(12)]


class Anchored(Drawing):
    """Says again what it is told, as small models do."""

    async def call(self, call: PlannedCall) -> VerbalizedDistribution[Any]:
        """Draw, or say again."""
        if not call.told:
            return await super().call(call)
        self.calls.append(call)
        return answered(*call.told[: call.asked.k])


def test_a_model_that_says_again_what_it_is_told_is_told_nothing() -> None:
    engine = Anchored([f"answer {number}" for number in range(100)])
    found = generate(engine, n=80, k=10)
    assert len(found.values) == 80
    told = [bool(call.told) for call in engine.calls]
    assert any(told)
    assert sum(told) < len(told) / 2
