"""Making the calls of a generation: several at a time, in one event loop, by any engine."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from vs_core.errors import EmbeddingsError, MissingExtraError
from vs_core.generation.calls import CallRecord, PlannedCall
from vs_core.generation.generation import Generation
from vs_core.generation.outcome import CallOutcome, Vectors
from vs_core.generation.records import Judged
from vs_core.generation.running.cool_down import CoolDown
from vs_core.generation.running.engine import Engine
from vs_core.generation.running.failures import Meaning, meaning_of, retry_after

Result = TypeVar("Result")
OnCall = Callable[[CallRecord], object]
AEmbed = Callable[[Sequence[str]], Awaitable[Vectors]]

ATTEMPTS = 5
"""Of one call, where the connection or the server fails."""

LONGEST_WAIT = 600.0
"""Seconds without any answer because of too many calls, before the generation ends."""

HOPELESS = 10
"""Calls in a row that fail as all will (a key that is refused, an empty account), or that fail
before a single one succeeds, before the generation ends."""

UNREACHABLE = 25
"""Calls in a row that fail, each after all its attempts, as the server or the way to it does."""


async def conduct_generation(
    generation: Generation,
    engine: Engine,
    *,
    max_concurrency: int = 8,
    on_call: OnCall | None = None,
    aembed: AEmbed | None = None,
    cool_down: CoolDown | None = None,
) -> AsyncGenerator[Judged, None]:
    r"""Make the calls of a generation, and give each answer as soon as it is judged.

    No call is begun while an answer is looked at. When this is closed or cancelled, calls under
    way are cancelled; what was answered has been told to `on_call`.

    Where a provider says that there are too many calls, all wait as long as it says. Where the
    connection or the server fails, a call is made again, up to five times, after pauses that grow
    at random. A call that fails for good takes nothing from the others.

    Args:
        generation: What to ask; it takes the outcomes.
        engine: Makes the calls.
        max_concurrency: Most calls at a time.
        on_call: Called with the outcome of each call, before it is judged.
        aembed: Gives one vector for each of some texts, where meaning is compared.
        cool_down: The pause that all calls share.

    Yields:
        The answers, accepted and refused, in the order in which they are judged.

    Raises:
        ValueError: `max_concurrency` is less than 1.
        EmbeddingsError: What embeds the answers failed, however often it was tried.
        Exception: The model's error, where every call would fail in the same way (a wrong key, a
            model that there is not: at once, or ten in a row where some have succeeded), none has
            succeeded so far and ten have failed, the server has failed for 25 calls in a row, or
            the provider has rejected all calls for ten minutes, or asks to wait for longer.

    Example:
        >>> import asyncio
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.generation import Generation, conduct_generation
        >>> from vs_core.generation import GenerationSettings
        >>> class Engine:
        ...     async def call(self, call):
        ...         return parse_reply("1. (0.6) Heads\n2. (0.4) Tails")
        >>> async def values():
        ...     generation = Generation("Flip a coin.", GenerationSettings(n=2))
        ...     return [one.value async for one in conduct_generation(generation, Engine())]
        >>> asyncio.run(values())
        ['Heads', 'Tails']
    """
    if max_concurrency < 1:
        raise ValueError(f"max_concurrency={max_concurrency!r}: must be 1 or more")
    work = _Work(engine, on_call, aembed, cool_down or CoolDown())
    under_way: list[asyncio.Task[CallOutcome]] = []
    try:
        while True:
            while len(under_way) < max_concurrency and (step := generation.next_step()):
                under_way.append(asyncio.create_task(work.outcome(step)))
            if not under_way:
                return
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in [task for task in under_way if task.done()]:
                under_way.remove(task)
                for judged in generation.take(task.result()):
                    yield judged
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


class _Work:
    """What is done about each step, and what the calls share."""

    def __init__(
        self, engine: Engine, on_call: OnCall | None, aembed: AEmbed | None, cool_down: CoolDown
    ) -> None:
        self._engine = engine
        self._on_call = on_call
        self._aembed = aembed
        self._cool_down = cool_down
        self._cool_down_of_embeddings = CoolDown()
        self._failed: Counter[Meaning] = Counter()
        self._has_succeeded = False

    async def outcome(self, step: PlannedCall | CallRecord) -> CallOutcome:
        made = CallOutcome(step) if isinstance(step, CallRecord) else await self._made(step)
        return replace(made, vectors=await self._vectors(made.record))

    async def _made(self, call: PlannedCall) -> CallOutcome:
        try:
            found = await _persistently(lambda: self._engine.call(call), self._cool_down)
        except Exception as error:  # noqa: BLE001  # it is recorded, and the others go on
            record = CallRecord.of(call, error=error)
            self._tell(record)
            self._require_hope(error)
            return CallOutcome(record)
        self._has_succeeded = True
        self._failed.clear()
        record = CallRecord.of(call, found)
        self._tell(record)
        if call.asked.value_schema is None:
            return CallOutcome(record)
        return CallOutcome(record, values=[candidate.value for candidate in found])

    def _tell(self, record: CallRecord) -> None:
        if self._on_call is not None:
            self._on_call(record)

    def _require_hope(self, error: Exception) -> None:
        meaning = meaning_of(error)
        self._failed[meaning] += 1
        if meaning == "limited":
            raise error
        if not self._has_succeeded:
            is_over = meaning == "hopeless" or self._failed.total() >= HOPELESS
        else:
            hopeless, unreachable = self._failed["hopeless"], self._failed["passing"]
            is_over = hopeless >= HOPELESS or unreachable >= UNREACHABLE
        if is_over:
            raise error

    async def _vectors(self, record: CallRecord) -> Vectors | None:
        texts = [answer.text for answer in record.answers]
        if self._aembed is None or not texts:
            return None if self._aembed is None else []
        embed = partial(self._aembed, texts)
        try:
            return await _persistently(embed, self._cool_down_of_embeddings)
        except Exception as error:
            raise EmbeddingsError(
                f"{len(texts)} answers could not be embedded: {type(error).__name__}: {error}"
            ) from error


async def _persistently(work: Callable[[], Awaitable[Result]], cool_down: CoolDown) -> Result:
    """Do something that may fail in passing, as often as that is sensible."""
    async for attempt in _attempts(cool_down):
        with attempt:
            return await _paced(work, cool_down)
    raise AssertionError  # the last attempt raises


async def _paced(work: Callable[[], Awaitable[Result]], cool_down: CoolDown) -> Result:
    """Do something once all are allowed to go on."""
    # The pause may have been made longer meanwhile.
    while left := cool_down.seconds_left():  # noqa: ASYNC110  # a clock sets no event
        await asyncio.sleep(left)
    began = cool_down.now()
    try:
        found = await work()
    except Exception as error:
        if meaning_of(error) == "limited":
            cool_down.begin(began=began, asked_for=retry_after(error))
        raise
    cool_down.succeeded()
    return found


def _attempts(cool_down: CoolDown) -> Any:
    try:
        import tenacity  # noqa: PLC0415  # not in the base install
    except ImportError as error:
        raise MissingExtraError.for_extra("generate", "generate", "tenacity") from error

    def is_worth_another(error: BaseException) -> bool:
        return meaning_of(error) in {"limited", "passing"}

    def is_enough(state: tenacity.RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        if error is not None and meaning_of(error) == "limited":
            wait = max(cool_down.seconds_rejected(), retry_after(error) or 0.0)
            return wait > LONGEST_WAIT
        return state.attempt_number >= ATTEMPTS

    def pause(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        # The pause that all calls share is waited for before each attempt.
        limited = error is not None and meaning_of(error) == "limited"
        return 0.0 if limited else growing(state)

    growing = tenacity.wait_random_exponential(multiplier=0.5, max=30)
    return tenacity.AsyncRetrying(
        retry=tenacity.retry_if_exception(is_worth_another),
        stop=is_enough,
        wait=pause,
        sleep=asyncio.sleep,
        reraise=True,
    )
