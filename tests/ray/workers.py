"""The calls of the tests, and what Ray's processes make them with."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vs_core import Candidate, VerbalizedDistribution
from vs_core.adapters import ExchangeSettings
from vs_core.generation import RayEngine

Distribution = VerbalizedDistribution[Any]
MakeCall = Callable[[str, Mapping[str, Any]], Awaitable[Distribution]]


@dataclass(frozen=True)
class Call:
    """A planned call, as far as the engine looks at it."""

    prompt: str = "Tell me a joke about coffee"
    settings: Mapping[str, Any] = field(default_factory=dict)
    key: str = "0"


ONE_CALL = {"k": 2, "max_topups": 0, "max_reasks": 0}
"""The settings by which an exchange is exactly one call."""


def echo() -> MakeCall:
    """Answers with the prompt and the number of the process: at once, or never to "wait"."""

    async def call(prompt: str, settings: Mapping[str, Any]) -> Distribution:  # noqa: ARG001
        if prompt == "wait":
            await asyncio.Event().wait()
        return _answers(prompt, os.getpid())

    return call


def typed() -> MakeCall:
    """Answers with a value of the type that is asked for, which has a name."""

    async def call(prompt: str, settings: Mapping[str, Any]) -> Distribution:
        schema = ExchangeSettings(**settings).value_schema
        return _answers(schema(name=prompt))

    return call


def raising(error: str) -> MakeCall:
    """Fails: `error` names a class of the built-ins."""

    async def call(prompt: str, settings: Mapping[str, Any]) -> Distribution:  # noqa: ARG001
        raise getattr(__import__("builtins"), error)(f"{prompt}: {os.environ['OPENAI_API_KEY']}")

    return call


def without_key() -> MakeCall:
    """Cannot be made: its key is not there."""
    raise KeyError("NO_SUCH_API_KEY")


async def until(reached: Callable[[], bool]) -> None:
    """Look often, and give up after a minute."""
    for _ in range(1200):
        if reached():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


async def all_up(engine: RayEngine, number: int) -> None:
    """Wait until so many processes can make calls."""
    await until(lambda: len(engine.processes) == number)


def _answers(*values: object) -> Distribution:
    return VerbalizedDistribution(candidates=tuple(Candidate(value=v, stated=0.5) for v in values))
