"""`begin_generation`: a generation with all that belongs to it, for adapters."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, suppress
from pathlib import Path
from typing import Any

from vs_core.errors import JournalError
from vs_core.generation.generation import Generation
from vs_core.generation.prompts import Prompts
from vs_core.generation.records import Judged
from vs_core.generation.running.conduct import AEmbed, OnCall, conduct_generation
from vs_core.generation.running.engine import Engine
from vs_core.generation.running.keeping import Keeping
from vs_core.generation.running.run import JudgedAnswers
from vs_core.generation.settings import GenerationSettings

_TRIES, _BETWEEN_TRIES = 5, 0.1


def begin_generation(
    prompts: Prompts,
    settings: GenerationSettings,
    engine: Engine,
    *,
    identity: Mapping[str, Any],
    simulated: bool = False,
    max_concurrency: int = 8,
    aembed: AEmbed | None = None,
    journal: str | os.PathLike[str] | None = None,
) -> tuple[Generation, JudgedAnswers]:
    """Set up a generation.

    Args:
        prompts: What is asked.
        settings: How.
        engine: Makes the calls. If it is an asynchronous context manager, it is entered for them.
        identity: What tells the model from others, as plain JSON by name: `model`, if it is known,
            and what else is to be the same when a journal is gone on with.
        simulated: Whether the built-in simulation answers.
        max_concurrency: Most calls at a time.
        aembed: Gives one vector for each of some texts, where meaning is compared.
        journal: The folder to keep the outcome of every call in; None keeps none.

    Returns:
        The generation, and what begins its calls and gives the answers as they are judged.

    Raises:
        ValueError: `max_concurrency` is less than 1, or a prompt is blank.
        JournalError: The journal is of another model or other settings.
        MissingExtraError: What finds near-duplicates, or keeps the journal, is not installed.

    Example:
        >>> import asyncio
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.generation import begin_generation
        >>> from vs_core.generation import GenerationSettings
        >>> class Engine:
        ...     async def call(self, call):
        ...         return parse_reply("1. (1.0) Heads")
        >>> generation, judged = begin_generation(
        ...     "Flip a coin.", GenerationSettings(n=1), Engine(), identity={})
        >>> async def values():
        ...     return [one.value async for one in judged()]
        >>> asyncio.run(values())
        ['Heads']
    """
    if max_concurrency < 1:
        raise ValueError(f"max_concurrency={max_concurrency!r}: must be 1 or more")
    generation = Generation(
        prompts,
        settings,
        model=identity.get("model"),
        simulated=simulated,
        width=max_concurrency,
        embeds=aembed is not None,
    )
    keeping = journal and Keeping(Path(journal), generation, identity=identity)

    async def judged() -> AsyncGenerator[Judged, None]:
        async with AsyncExitStack() as opened:
            write = await _entered(keeping, opened) if keeping else None
            if isinstance(engine, AbstractAsyncContextManager):
                await opened.enter_async_context(engine)
            conducted = conduct_generation(
                generation,
                engine,
                max_concurrency=max_concurrency,
                on_call=write,
                aembed=aembed,
            )
            answers = await opened.enter_async_context(aclosing(conducted))
            async for answer in answers:
                yield answer

    return generation, judged


async def _entered(keeping: Keeping, opened: AsyncExitStack) -> OnCall:
    """Open the journal; an iteration that was left early may still be about to close it."""
    for _ in range(_TRIES):
        with suppress(JournalError):
            return opened.enter_context(keeping.opened())
        await asyncio.sleep(_BETWEEN_TRIES)
    return opened.enter_context(keeping.opened())
