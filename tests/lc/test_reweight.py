"""Scoring candidates with a judge."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from decimal import Decimal
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import ConfigurableField, RunnableConfig, RunnableLambda
from langchain_core.tracers.context import collect_runs
from pydantic import ValidationError

from langchain_vs import ReweightCandidates
from tests.core.distributions import stating
from tests.every import for_every
from vs_core import Candidate, ScoreError, VerbalizedDistribution

D = stating(a=0.5, b=0.3, c=0.2)


def scoring(**scores: Any) -> RunnableLambda[str, Any]:
    """A scorer with a fixed answer for each candidate; an exception is raised."""

    def score(text: str) -> Any:
        if isinstance(scores[text], Exception):
            raise scores[text]
        return scores[text]

    return RunnableLambda(score)


def test_probabilities_are_multiplied_by_the_scores() -> None:
    judged = ReweightCandidates(scorer=scoring(a=1, b=2, c=2)).invoke(D)
    assert judged.probabilities == pytest.approx([0.5 / 1.5, 0.6 / 1.5, 0.4 / 1.5])


def test_scores_can_replace_the_probabilities() -> None:
    judged = ReweightCandidates(scorer=scoring(a=1, b=2, c=2), mode="replace").invoke(D)
    assert judged.probabilities == pytest.approx([0.2, 0.4, 0.4])


@pytest.mark.parametrize("mode", ["multiply", "replace"])
def test_only_the_proportions_of_scores_count(mode: Any) -> None:
    of_one = ReweightCandidates(scorer=scoring(a=0.1, b=0.8, c=0.3), mode=mode).invoke(D)
    of_ten = ReweightCandidates(scorer=scoring(a=1, b=8, c=3), mode=mode).invoke(D)
    assert of_one.probabilities == pytest.approx(of_ten.probabilities)


def test_the_original_is_untouched() -> None:
    before = D.model_dump_json()
    ReweightCandidates(scorer=scoring(a=1, b=2, c=3)).invoke(D)
    assert D.model_dump_json() == before


def test_values_and_stated_numbers_stay() -> None:
    judged = ReweightCandidates(scorer=scoring(a=1, b=2, c=3)).invoke(D)
    assert [(c.value, c.stated) for c in judged] == [("a", 0.5), ("b", 0.3), ("c", 0.2)]


@pytest.mark.parametrize(
    ("mode", "note"),
    [("multiply", "multiplied by scores"), ("replace", "replaced by scores")],
)
def test_the_trace_says_what_was_done(mode: Any, note: str) -> None:
    judged = ReweightCandidates(scorer=scoring(a=1, b=2, c=3), mode=mode).invoke(D)
    assert judged.trace.notes == (f"the probabilities were {note}",)


@pytest.mark.parametrize("mode", ["multiply", "replace"])
def test_scores_of_zero_make_it_uniform_and_the_trace_says_so(mode: Any) -> None:
    judged = ReweightCandidates(scorer=scoring(a=0, b=0, c=0), mode=mode).invoke(D)
    assert judged.probabilities == pytest.approx([1 / 3] * 3)
    assert judged.trace.fallbacks == ("all numbers were zero: the distribution is uniform",)


def test_one_score_of_zero_leaves_no_chance() -> None:
    assert ReweightCandidates(scorer=scoring(a=0, b=1, c=1)).invoke(D).probabilities[0] == 0.0


def test_an_empty_distribution_stays_as_it_is() -> None:
    empty: VerbalizedDistribution[str] = VerbalizedDistribution()
    assert ReweightCandidates(scorer=scoring()).invoke(empty) == empty


@for_every(
    "scores",
    [
        {"a": "1/10", "b": "Score: 2/10", "c": "20%"},
        {"a": "1", "b": "Rating: 2", "c": "2/10"},
        {"a": True, "b": 2.0, "c": Decimal(2)},
        {"a": AIMessage("Score: 1"), "b": AIMessage([{"type": "text", "text": "2"}]), "c": "2"},
    ],
    ids=["texts", "one scale", "numbers", "messages"],
)
def test_scores_come_in_many_forms(scores: dict[str, Any]) -> None:
    judged = ReweightCandidates(scorer=scoring(**scores), mode="replace").invoke(D)
    assert judged.probabilities == pytest.approx([0.2, 0.4, 0.4])


def test_a_chain_with_a_model_is_a_judge() -> None:
    judge = (
        ChatPromptTemplate.from_template("Rate this joke: {joke}")
        | FakeListChatModel(responses=["Score: 4/10"] * 3)
        | StrOutputParser()
    )
    assert ReweightCandidates(scorer=judge, mode="replace").invoke(D).probabilities == (
        pytest.approx([1 / 3] * 3)
    )


def test_typed_values_reach_the_scorer_as_they_are() -> None:
    typed = VerbalizedDistribution.of(
        [Candidate[Any](value={"puns": n}, stated=0.5) for n in (1, 3)]
    )
    judged = ReweightCandidates(scorer=lambda value: value["puns"]).invoke(typed)
    assert judged.probabilities == pytest.approx([0.25, 0.75])


@for_every("unusable", [-1, math.nan, math.inf, "no idea", None, {"score": 1}])
def test_an_unusable_score_is_an_error_that_names_the_candidate(unusable: Any) -> None:
    with pytest.raises(ScoreError, match="the score of 'b' is") as failure:
        ReweightCandidates(scorer=scoring(a=1, b=unusable, c=1)).invoke(D)
    assert failure.value.result is unusable


def test_a_failing_scorer_raises_by_default() -> None:
    with pytest.raises(TimeoutError, match="too slow"):
        ReweightCandidates(scorer=scoring(a=1, b=TimeoutError("too slow"), c=1)).invoke(D)


FAILURES = [
    (TimeoutError("too slow"), "TimeoutError: too slow"),
    (-1, "ScoreError: the score of 'b' is -1: a score must be a finite number, 0 or more"),
]
each_failure = pytest.mark.parametrize(("failure", "reason"), FAILURES)
each_way = pytest.mark.parametrize("run", ["invoke", "ainvoke"])


@each_way
@each_failure
async def test_a_failure_can_be_dropped(run: str, failure: Any, reason: str) -> None:
    step = ReweightCandidates(scorer=scoring(a=1, b=failure, c=5), on_error="drop")
    judged = step.invoke(D) if run == "invoke" else await step.ainvoke(D)
    assert judged.texts == ["a", "c"]
    assert judged.probabilities == pytest.approx([1 / 3, 2 / 3])
    assert [(d.fragment, d.reason) for d in judged.trace.dropped] == [("b", reason)]


@each_way
@each_failure
async def test_a_failure_can_be_kept_with_the_mean_score(
    run: str, failure: Any, reason: str
) -> None:
    step = ReweightCandidates(scorer=scoring(a=1, b=failure, c=5), mode="replace", on_error="keep")
    judged = step.invoke(D) if run == "invoke" else await step.ainvoke(D)
    assert judged.probabilities == pytest.approx([1 / 9, 3 / 9, 5 / 9])
    assert judged.trace.notes[-1] == f"'b' has no score: {reason}"


def test_what_is_kept_keeps_its_share_if_the_others_keep_theirs() -> None:
    step = ReweightCandidates(scorer=scoring(a=8, b="?", c=8), on_error="keep")
    assert step.invoke(D).probabilities == pytest.approx(D.probabilities)


def test_with_no_score_at_all_everything_can_be_kept_as_it_was() -> None:
    step = ReweightCandidates(scorer=scoring(a="?", b="?", c="?"), on_error="keep")
    assert step.invoke(D).probabilities == pytest.approx(D.probabilities)


def test_with_no_score_at_all_dropping_leaves_nothing() -> None:
    judged = ReweightCandidates(scorer=scoring(a="?", b="?", c="?"), on_error="drop").invoke(D)
    assert (len(judged), len(judged.trace.dropped)) == (0, 3)


async def test_async_gives_what_sync_gives() -> None:
    step = ReweightCandidates(scorer=scoring(a=1, b="2/10", c=0.5))
    assert await step.ainvoke(D) == step.invoke(D)


async def test_an_async_scorer_is_awaited() -> None:
    async def score(text: str) -> int:
        await asyncio.sleep(0)
        return 1 if text == "a" else 0

    judged = await ReweightCandidates(scorer=score).ainvoke(D)
    assert judged.probabilities == [1.0, 0.0, 0.0]


def test_scorers_run_nested() -> None:
    with collect_runs() as runs:
        ReweightCandidates(scorer=scoring(a=1, b=1, c=1)).invoke(D)
    [run] = runs.traced_runs
    assert (run.name, len(run.child_runs)) == ("ReweightCandidates", 3)


def test_tags_and_metadata_reach_the_scorer() -> None:
    seen: list[Any] = []

    def score(text: str, config: Any) -> int:
        seen.append((config["tags"], config["metadata"]["judge"]))
        return len(text)

    ReweightCandidates(scorer=score).invoke(D, {"tags": ["t"], "metadata": {"judge": "j"}})
    assert seen == [(["t"], "j")] * 3


class Watched:
    """A scorer that knows how many of its calls ran at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self.most = 0

    def _enter(self, change: int) -> None:
        with self._lock:
            self._running += change
            self.most = max(self.most, self._running)

    def score(self, text: str) -> int:
        self._enter(1)
        time.sleep(0.02)
        self._enter(-1)
        return len(text)

    async def ascore(self, text: str) -> int:
        self._enter(1)
        await asyncio.sleep(0.02)
        self._enter(-1)
        return len(text)


@each_way
@for_every("allowed", [1, 3])
async def test_as_many_are_scored_at_once_as_configured(run: str, allowed: int) -> None:
    watched = Watched()
    step = ReweightCandidates(scorer=RunnableLambda(watched.score, watched.ascore))
    many, config = stating(a=1, b=1, c=1, d=1, e=1, f=1), RunnableConfig(max_concurrency=allowed)
    step.invoke(many, config) if run == "invoke" else await step.ainvoke(many, config)
    assert watched.most == allowed


def test_fields_of_the_scorer_can_be_configured() -> None:
    judge = FakeListChatModel(responses=["1"]).configurable_fields(
        responses=ConfigurableField(id="replies")
    )
    step = ReweightCandidates(scorer=judge)
    assert "replies" in {spec.id for spec in step.config_specs}
    assert step.invoke(D, {"configurable": {"replies": ["0"]}}).trace.fallbacks


@pytest.mark.parametrize("wrong", [{}, {"scorer": "a text"}, {"scorer": None}])
def test_a_scorer_is_required(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="scorer"):
        ReweightCandidates(**wrong)


@pytest.mark.parametrize("wrong", [{"mode": "add"}, {"on_error": "ignore"}, {"modus": "replace"}])
def test_impossible_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        ReweightCandidates(scorer=len, **wrong)
