"""A model of known answers for `generate`, which notes what it is asked."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from vs_core import Candidate, Trace, VerbalizedDistribution
from vs_core.adapters.generation import Generation, PlannedCall, conduct_generation
from vs_core.generation import CallRecord, GenerationSettings, RefusedAnswer
from vs_core.generation.running.cool_down import CoolDown

Distribution = VerbalizedDistribution[Any]
Answer = Callable[[PlannedCall, int], Distribution]


def answered(*texts: str, tokens: int | None = 200) -> Distribution:
    """What a call gives that lists these texts.

    Args:
        texts: The texts, as likely as each other.
        tokens: Reported for the prompt and for the reply.
    """
    candidates: list[Candidate[str]] = [
        Candidate(value=text, stated=1 / len(texts)) for text in texts
    ]
    trace = Trace(calls=1, input_tokens=tokens, output_tokens=tokens, model="scripted")
    return VerbalizedDistribution.of(candidates, trace)


@dataclass
class Lister:
    """Lists the next answers in order; those that it is told are left out.

    Attributes:
        answers: All it knows, most likely first; every call begins with the first.
        heeds: Whether it leaves out what it is told.
        calls: What it was asked.
    """

    answers: Sequence[str]
    heeds: bool = True
    calls: list[PlannedCall] = field(default_factory=list)

    async def call(self, call: PlannedCall) -> Distribution:
        """List k of the answers."""
        self.calls.append(call)
        await asyncio.sleep(0)
        told = set(call.told) if self.heeds else set()
        return answered(*[text for text in self.answers if text not in told][: call.asked.k])


@dataclass
class Drawing(Lister):
    """Draws k of the answers, each as likely as the others."""

    chance: random.Random = field(default_factory=lambda: random.Random(1))

    async def call(self, call: PlannedCall) -> Distribution:
        """Draw k of the answers."""
        self.calls.append(call)
        left = [text for text in self.answers if text not in call.told]
        return answered(*self.chance.sample(left, call.asked.k))


@dataclass
class Scripted:
    """Gives, or raises, one step of a script for each call; the last one again and again.

    Attributes:
        script: Distributions and errors.
        calls: What it was asked.
    """

    script: Sequence[Distribution | Exception]
    calls: list[PlannedCall] = field(default_factory=list)

    async def call(self, call: PlannedCall) -> Distribution:
        """Take the next step."""
        step = self.script[min(len(self.calls), len(self.script) - 1)]
        self.calls.append(call)
        await asyncio.sleep(0)
        if isinstance(step, Exception):
            raise step
        return step


@dataclass
class Outcome:
    """What a generation came to.

    Attributes:
        values: The accepted answers.
        refused: The refused ones.
        records: The calls that were told of.
        report: The report.
    """

    values: list[Any]
    refused: list[RefusedAnswer]
    records: list[CallRecord]
    report: Any


def planned(generation: Generation) -> PlannedCall:
    """The next call to make."""
    step = generation.next_step()
    assert isinstance(step, PlannedCall)
    return step


def generate(
    engine: Any, prompts: Any = "Name one.", *, width: int = 1, **settings: Any
) -> Outcome:
    """Run a generation to its end.

    Args:
        engine: Makes the calls.
        prompts: What is asked.
        width: Most calls at a time.
        settings: As `GenerationSettings` takes them.
    """
    return asyncio.run(agenerate(engine, prompts, width=width, **settings))


async def agenerate(
    engine: Any,
    prompts: Any = "Name one.",
    *,
    width: int = 1,
    cool_down: CoolDown | None = None,
    aembed: Any = None,
    **settings: Any,
) -> Outcome:
    """As `generate`, without blocking."""
    generation = Generation(
        prompts, GenerationSettings(**settings), width=width, embeds=aembed is not None
    )
    records: list[CallRecord] = []
    judged = [
        one
        async for one in conduct_generation(
            generation,
            engine,
            max_concurrency=width,
            on_call=records.append,
            cool_down=cool_down,
            aembed=aembed,
        )
    ]
    refused = [one for one in judged if isinstance(one, RefusedAnswer)]
    values = [one.value for one in judged if not isinstance(one, RefusedAnswer)]
    return Outcome(values, refused, records, generation.report())
