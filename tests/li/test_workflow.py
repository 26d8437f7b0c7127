"""Verbalized sampling in a LlamaIndex workflow."""

from __future__ import annotations

from typing import Any

import pytest
from llama_index.core.workflow import Event, StartEvent, StopEvent, Workflow, step

from llamaindex_vs import SimulatedLLM, VerbalizedSampler, VerbalizedSamplingParserError
from tests.li.models import ScriptedLLM
from tests.scenarios import QUESTION, xml
from vs_core import VerbalizedDistribution


class Drafted(Event):
    """Several drafts, each with its probability."""

    drafts: VerbalizedDistribution[Any]


class Brainstorm(Workflow):
    """Asks for a distribution, then draws one of its more unusual candidates."""

    def __init__(self, sampler: VerbalizedSampler) -> None:
        super().__init__(timeout=60)
        self.sampler = sampler

    @step
    async def draft(self, start: StartEvent) -> Drafted:
        return Drafted(drafts=await self.sampler.arun(start.topic))

    @step
    async def choose(self, drafted: Drafted) -> StopEvent:
        return StopEvent(result=drafted.drafts.tail(0.3).sample().text)


def sampling(*script: Any) -> VerbalizedSampler:
    return VerbalizedSampler(llm=ScriptedLLM(script=list(script)), k=2)


async def test_a_step_awaits_a_distribution_and_the_next_draws() -> None:
    reply = xml("usual", probability="0.6") + xml("rare", probability="0.1")
    assert await Brainstorm(sampling(reply)).run(topic=QUESTION) == "rare"


async def test_each_run_draws_afresh() -> None:
    workflow = Brainstorm(sampling(*[xml("a", "b")] * 40))
    assert {await workflow.run(topic=QUESTION) for _ in range(40)} == {"a", "b"}


async def test_an_unreadable_reply_fails_the_run() -> None:
    with pytest.raises(VerbalizedSamplingParserError):
        await Brainstorm(sampling("", "")).run(topic=QUESTION)


async def test_it_runs_with_the_simulated_model() -> None:
    assert await Brainstorm(VerbalizedSampler(llm=SimulatedLLM(seed=7))).run(topic=QUESTION)
