"""When a prompt, or all of a generation, is ended."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.generating import Drawing, Lister, Scripted, answered, generate, planned
from vs_core import Dropped, Trace, UnsuitableModelError, VerbalizedDistribution
from vs_core.adapters.generation import Generation, PlannedCall
from vs_core.comparison import Cost
from vs_core.generation import CallRecord, GenerationSettings


def test_three_rounds_without_anything_new_end_a_prompt_and_the_report_says_so() -> None:
    engine = Lister(["heads", "tails"], heeds=False)
    found = generate(engine, n=10, k=2)
    assert sorted(found.values) == ["heads", "tails"]
    assert found.report.ended_by == {"nothing new": 1}
    assert engine.calls[-1].round - engine.calls[0].round == 3
    assert any("the model has no more" in note for note in found.report.notes)
    assert found.report.complete


def test_a_round_that_brings_something_begins_the_count_anew() -> None:
    old = answered("a", "b")
    script = [old, old, old, answered("c", "b"), old, old, old]
    found = generate(Scripted(script), n=10, k=2)
    assert found.values == ["a", "b", "c"]
    assert found.report.figures.calls == 7


def test_after_a_round_without_anything_new_others_are_told() -> None:
    engine = Scripted([answered("a", "b"), answered("a", "c"), answered("a", "b")])
    generate(engine, n=10, k=2, digest=2)
    told = [call.told for call in engine.calls[-3:]]
    assert set(told[1]) != set(told[2])


def test_max_calls_is_never_exceeded() -> None:
    engine = Lister([f"answer {number}" for number in range(500)])
    found = generate(engine, ["Name one.", "Name another."], n=400, k=5, max_calls=13, width=4)
    assert len(engine.calls) == 13
    assert found.report.ended_by == {"max_calls": 2}
    assert not found.report.complete


def test_prompts_that_a_budget_leaves_out_are_mentioned() -> None:
    engine = Lister([f"answer {number}" for number in range(500)])
    prompts = [f"Question {number}?" for number in range(9)]
    found = generate(engine, prompts, n=5, k=5, max_calls=2)
    assert len(found.report.prompts) < 9
    assert any("not all prompts were begun" in note for note in found.report.notes)


def test_max_tokens_is_kept_as_far_as_calls_cost_what_earlier_ones_did() -> None:
    engine = Lister([f"answer {number}" for number in range(500)])
    found = generate(engine, n=400, k=5, max_tokens=4000, width=4)
    assert found.report.figures.tokens == len(engine.calls) * 400 == 4000
    assert found.report.ended_by == {"max_tokens": 1}


def test_max_tokens_with_a_model_that_reports_none_is_an_error_after_one_call() -> None:
    engine = Scripted([answered("a", tokens=None)])
    with pytest.raises(UnsuitableModelError, match="give max_calls instead"):
        generate(engine, ["Name one.", "Name another."], max_tokens=1000, width=4)
    assert len(engine.calls) == 1


def test_a_prompt_is_ended_when_little_that_is_new_is_to_be_expected() -> None:
    engine = Drawing([f"answer {number}" for number in range(500)])
    found = generate(engine, n=1000, k=20, until_unseen=0.4)
    assert found.report.ended_by == {"until_unseen": 1}
    [prompt] = found.report.prompts
    assert prompt.unseen is not None
    assert 1 - len(found.values) / 500 < prompt.unseen.high < 0.4


def test_every_fifth_call_is_told_nothing_where_the_unseen_share_decides() -> None:
    world = [f"answer {number}" for number in range(200)]
    engine = Lister(world)
    generate(engine, n=150, k=5, until_unseen=0.01, near_duplicate=None)
    told = [bool(call.told) for call in engine.calls]
    begun = told.index(True)
    untold = [number for number, is_told in enumerate(told) if number > begun and not is_told]
    assert len(untold) >= (len(told) - begun) // 5 - 1


def test_a_prompt_whose_calls_fail_three_rounds_in_a_row_is_given_up_and_takes_nothing() -> None:
    class Engine(Lister):
        async def call(self, call: PlannedCall) -> VerbalizedDistribution[Any]:
            if call.about == "Bad one.":
                self.calls.append(call)
                raise ValueError("content policy")
            return await super().call(call)

    engine = Engine([f"answer {number}" for number in range(30)])
    found = generate(engine, ["Bad one.", "Name one."], n=20, k=10, width=2)
    good, bad = sorted(found.report.prompts, key=lambda one: one.error or "")
    assert (bad.ended_by, bad.error) == ("failures", "ValueError: content policy")
    assert (good.ended_by, good.figures.accepted) == ("n", 20)
    assert sum(call.about == "Bad one." for call in engine.calls) == 3
    assert found.report.figures.failed == 3


def test_replies_that_cannot_be_read_are_paid_and_counted_and_end_a_prompt() -> None:
    unread = Dropped(fragment="I'd rather not list any.", reason="unreadable")
    trace = Trace(calls=1, input_tokens=5, output_tokens=7, dropped=(unread,))
    reply: VerbalizedDistribution[str] = VerbalizedDistribution.of([], trace)
    found = generate(Scripted([reply]), n=5)
    figures = found.report.figures
    assert (figures.calls, figures.unreadable, figures.tokens) == (3, 3, 36)
    assert (found.values, found.report.ended_by) == ([], {"failures": 1})
    assert found.records[0].distribution is not None
    assert found.records[0].distribution.trace.dropped == (unread,)


def test_an_outcome_of_an_earlier_run_is_taken_and_not_paid_again() -> None:
    first = Generation("Name one.", GenerationSettings(n=4, k=2))
    records = [CallRecord.of(planned(first), answered("a", "b"))]
    again = Generation("Name one.", GenerationSettings(n=4, k=2, max_calls=2))
    again.resume(lambda _: records, spent=Cost(calls=1), prompts=1)
    recalled = again.next_step()
    assert isinstance(recalled, CallRecord)
    assert recalled == records[0]
    assert [one.value for one in again.take(recalled)] == ["a", "b"]
    call = planned(again)
    assert (call.round, call.asked.k) == (1, 2)
    again.take(CallRecord.of(call, answered("b", "c")))
    assert again.next_step() is None
    assert again.report().ended_by == {"max_calls": 1}
    assert again.report().figures.calls == 2


def test_calls_that_failed_in_an_earlier_run_are_made_again() -> None:
    first = Generation("Name one.", GenerationSettings(n=2, k=2))
    records = [CallRecord.of(planned(first), error=ConnectionError("gone"))]
    again = Generation("Name one.", GenerationSettings(n=2, k=2))
    again.resume(lambda _: records, spent=Cost(), prompts=1)
    assert planned(again).key == records[0].key


def test_a_budget_that_is_spent_leaves_out_no_outcome_of_an_earlier_run() -> None:
    recorded: dict[str, list[CallRecord]] = {}
    prompts = [f"Question {number}?" for number in range(9)]
    for prompt in prompts[5:7]:
        first = Generation(prompt, GenerationSettings(n=2, k=2))
        recorded[prompt] = [CallRecord.of(planned(first), answered("a", "b"))]

    def without_end() -> Iterator[str]:
        yield from prompts
        yield from (f"Question {number}?" for number in count(9))

    again = Generation(without_end(), GenerationSettings(n=4, k=2, max_calls=2), width=2)
    again.resume(lambda prompt: recorded.get(prompt, ()), spent=Cost(calls=2), prompts=2)
    taken = []
    while (step := again.next_step()) is not None:
        assert isinstance(step, CallRecord)
        taken.append(step.prompt)
        again.take(step)
    assert taken == prompts[5:7]
    assert again.report().figures.accepted == 4
    assert not again.report().complete


def test_what_a_prompt_was_asked_in_another_way_is_asked_again() -> None:
    first = Generation([{"prompt": "Name one.", "method": "cot"}], GenerationSettings(n=2, k=2))
    records = [CallRecord.of(planned(first), answered("a", "b"))]
    for method, is_recalled in (("cot", True), ("standard", False)):
        own = {"prompt": "Name one.", "method": method, "n": 3}
        again = Generation([own], GenerationSettings(n=2, k=2))
        again.resume(lambda _: records, spent=Cost(calls=1), prompts=1)
        assert isinstance(again.next_step(), CallRecord) is is_recalled
