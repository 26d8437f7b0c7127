"""`Engine`: what makes the calls, and those that make them in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from threading import Thread
from typing import Any, Literal, Protocol, get_args

from vs_core.generation.calls import PlannedCall
from vs_core.values.distribution import VerbalizedDistribution

Distribution = VerbalizedDistribution[Any]
EngineName = Literal["asyncio", "ray"]
"""In this process, or in those of a Ray cluster."""


class Engine(Protocol):
    """Makes calls, wherever that happens.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.generation import Engine
        >>> class Echoing:
        ...     async def call(self, call):
        ...         return parse_reply(f"1. (1.0) {call.prompt}")
        >>> engine: Engine = Echoing()
    """

    async def call(self, call: PlannedCall) -> Distribution:
        """Make a call.

        Args:
            call: The call.

        Raises:
            Exception: What the model, or the way to it, raised.
        """
        ...


class InEventLoop:
    """The engine for what can be awaited.

    Args:
        ask: Makes a call.

    Example:
        >>> import asyncio
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.generation import Generation, InEventLoop
        >>> from vs_core.generation import GenerationSettings
        >>> async def ask(call):
        ...     return parse_reply(f"1. (1.0) {call.prompt}")
        >>> call = Generation("Flip a coin.", GenerationSettings(n=1)).next_step()
        >>> asyncio.run(InEventLoop(ask).call(call)).texts
        ['Flip a coin.']
    """

    def __init__(self, ask: Callable[[PlannedCall], Awaitable[Distribution]]) -> None:
        self._ask = ask

    async def call(self, call: PlannedCall) -> Distribution:
        """Make a call.

        Args:
            call: The call.
        """
        return await self._ask(call)


class InThreads:
    """The engine for what blocks: each call is made in a thread, in a copy of the context.

    A thread cannot be cancelled: of a call that is, the reply is lost. It keeps no program from
    ending.

    Args:
        ask: Makes a call.

    Example:
        >>> import asyncio
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.generation import Generation, InThreads
        >>> from vs_core.generation import GenerationSettings
        >>> engine = InThreads(lambda call: parse_reply(f"1. (1.0) {call.prompt}"))
        >>> call = Generation("Flip a coin.", GenerationSettings(n=1)).next_step()
        >>> asyncio.run(engine.call(call)).texts
        ['Flip a coin.']
    """

    def __init__(self, ask: Callable[[PlannedCall], Distribution]) -> None:
        self._ask = ask

    async def call(self, call: PlannedCall) -> Distribution:
        """Make a call.

        Args:
            call: The call.

        Raises:
            Exception: What the model raised; a `RuntimeError` where it tried to end the program.
        """
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Distribution] = loop.create_future()
        asked = partial(copy_context().run, self._asked, call, loop, answered)
        Thread(target=asked, name="call", daemon=True).start()
        return await answered

    def _asked(
        self,
        call: PlannedCall,
        loop: asyncio.AbstractEventLoop,
        answered: asyncio.Future[Distribution],
    ) -> None:
        found: Distribution | None = None
        error: Exception | None = None
        try:
            found = self._ask(call)
        except Exception as raised:  # noqa: BLE001  # raised again where the call is awaited
            error = raised
        except BaseException as raised:  # noqa: BLE001  # it would end the event loop, and no more
            error = RuntimeError(f"the model raised {raised!r}")
            error.__cause__ = raised
        # The loop may have been closed since.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, answered, found, error)


def _settle(
    answered: asyncio.Future[Distribution], found: Distribution | None, error: Exception | None
) -> None:
    if answered.done():
        return
    if error is not None:
        answered.set_exception(error)
    elif found is not None:
        answered.set_result(found)


def chosen_engine(
    engine: EngineName | Engine, *, here: Callable[[], Engine], by_ray: Callable[[], Engine]
) -> Engine:
    """The engine that was asked for.

    Args:
        engine: Its name, or itself.
        here: Makes the one that calls in this process.
        by_ray: Makes the one that calls in those of a Ray cluster.

    Raises:
        ValueError: There is none of this name.

    Example:
        >>> from vs_core.adapters.generation import InThreads, chosen_engine
        >>> threads = InThreads(print)
        >>> chosen_engine("asyncio", here=lambda: threads, by_ray=lambda: threads) is threads
        True
    """
    if not isinstance(engine, str):
        return engine
    if engine not in get_args(EngineName):
        raise ValueError(f"engine={engine!r} is unknown: choose 'asyncio' or 'ray', or pass one")
    return by_ray() if engine == "ray" else here()
