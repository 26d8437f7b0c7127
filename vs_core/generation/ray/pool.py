"""The actors of a `RayEngine`: which is free, which is gone, and which is back."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from vs_core.errors import WorkerLostError, WorkerSetupError
from vs_core.generation.ray.call_failure import CallFailure
from vs_core.generation.ray.cluster import ray_library

Waiter = asyncio.Future[None]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
"""Seconds between two looks at an actor that is not there; each is twice the one before."""


@dataclass(eq=False)
class Seat:
    """An actor, and what is known of it.

    Attributes:
        actor: Ray's handle, which stays the same when Ray starts it again.
        pid: The number of its process; None while there is none.
        in_flight: How many calls it is making.
        failure: Why it can make no calls, though it runs.
    """

    actor: Any
    pid: int | None = None
    in_flight: int = 0
    failure: CallFailure | None = field(default=None, repr=False)


class WorkerPool:
    """Gives each call to the actor that makes the fewest, and waits for those that died.

    Belongs to one event loop.
    """

    def __init__(
        self,
        make_actor: Callable[[], Any],
        size: int,
        concurrency: int,
        patience: float,
    ) -> None:
        """Make the actors, and begin to wait for them.

        Args:
            make_actor: Has Ray make one.
            size: How many.
            concurrency: Most calls of one at a time.
            patience: Seconds to wait for an actor when there is none.
        """
        self._make_actor, self._errors = make_actor, ray_library().exceptions
        self._concurrency, self._patience = concurrency, patience
        self._waiters: deque[Waiter] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._alarm: asyncio.TimerHandle | None = None
        self._given_up = False
        self.seats: Sequence[Seat] = [Seat(make_actor()) for _ in range(size)]
        self._set_alarm()
        for seat in self.seats:
            self._await_again(seat)

    async def opened(self) -> None:
        """Wait for the first actor that can make calls.

        Raises:
            WorkerSetupError: One cannot, and says why.
            WorkerLostError: There is none in time.
        """
        while not any(seat.pid for seat in self.seats):
            for seat in self.seats:
                if seat.failure:
                    raise WorkerSetupError(
                        "what makes the calls cannot be made in Ray's processes: "
                        f"{seat.failure.kind}: {seat.failure.message}"
                    )
            await self._wait()

    async def close(self) -> None:
        """Stop waiting for actors."""
        if self._alarm:
            self._alarm.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @asynccontextmanager
    async def seat(self) -> AsyncIterator[Seat]:
        """Take a place at the least loaded actor, when there is one, until the block ends.

        Raises:
            WorkerLostError: There is no actor, and none comes back in time.
        """
        while (free := self._least_loaded()) is None:
            await self._wait()
        free.in_flight += 1
        try:
            yield free
        finally:
            free.in_flight -= 1
            self._wake_next()

    def lose(self, seat: Seat, pid: int | None) -> None:
        """Give an actor no calls until it is back.

        Args:
            seat: Its seat.
            pid: The process that made the call which failed: one started since is not concerned.
        """
        if seat.pid is not None and seat.pid == pid:
            seat.pid = None
            self._set_alarm()
            self._await_again(seat)

    def _least_loaded(self) -> Seat | None:
        free = [s for s in self.seats if s.pid and s.in_flight < self._concurrency]
        return min(free, key=lambda seat: seat.in_flight, default=None)

    async def _wait(self) -> None:
        """Until something has changed; as `asyncio.Semaphore` does, nobody sleeps over a place."""
        if self._given_up:
            raise self._none_left()
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._wake_next()
            raise

    def _wake_next(self) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    def _await_again(self, seat: Seat) -> None:
        task = asyncio.ensure_future(self._until_ready(seat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _until_ready(self, seat: Seat) -> None:
        pause = _FIRST_PAUSE
        while (pid := await self._tried(seat)) is None:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        seat.pid, seat.failure, self._given_up = pid, None, False
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        self._wake_all()

    async def _tried(self, seat: Seat) -> int | None:
        try:
            pid, failure = await seat.actor.ready.remote()
        except self._errors.ActorUnavailableError:
            return None  # Ray is starting it again
        except self._errors.RayError as error:
            failed = CallFailure.of(error)
            if isinstance(error, self._errors.ActorDiedError):
                seat.actor = self._make_actor()  # Ray does not start this one again
        else:
            if failure is None:
                return int(pid)
            failed = CallFailure.model_validate_json(failure)
        seat.failure = failed
        self._wake_all()
        return None

    def _wake_all(self) -> None:
        for _ in range(len(self._waiters)):
            self._wake_next()

    def _set_alarm(self) -> None:
        if self._alarm is None and not any(seat.pid for seat in self.seats):
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(self._patience, self._give_up)

    def _give_up(self) -> None:
        self._alarm, self._given_up = None, True
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(self._none_left())
        self._waiters.clear()

    def _none_left(self) -> WorkerLostError:
        told = next((f"; one says {s.failure.message}" for s in self.seats if s.failure), "")
        return WorkerLostError(
            f"no Ray worker came up within {self._patience:g} s: look at `ray status`, whether "
            f"there is a node with processors left{told}"
        )
