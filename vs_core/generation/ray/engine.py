"""`RayEngine`: the calls of a generation, made by the processes of a Ray cluster."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol

from typing_extensions import Self

from vs_core.errors import WorkerLostError
from vs_core.generation.ray.actors import PER_NODE, actor_maker, end_actors, number_of_actors
from vs_core.generation.ray.call_failure import CallFailure
from vs_core.generation.ray.cluster import join_ray, leave_ray, ray_library
from vs_core.generation.ray.crossing import Distribution, from_json
from vs_core.generation.ray.imported import ImportedFactory
from vs_core.generation.ray.pool import Seat, WorkerPool
from vs_core.generation.ray.settings import RaySettings


class CallToMake(Protocol):
    """What the engine needs to know of a call."""

    @property
    def prompt(self) -> str:
        """What the user message says."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of the exchange."""

    @property
    def key(self) -> str:
        """What the call is known by, in messages."""


class RayEngine:
    """Makes calls in the processes of a Ray cluster: on this machine, or on many.

    The processes only call; whoever uses the engine plans, waits, tries again and keeps what came.
    A call whose process or node dies fails with a `WorkerLostError`; the others go on, and Ray
    starts the process again, on another node if need be. What makes the calls is named, not
    passed: the model is made in the processes, with the key that their environment has. The
    processes need this package, with the extras that the model needs.

    Without an address, and without a `RAY_ADDRESS`, Ray is started on this machine and ended
    afterwards. Where this process is connected to Ray already, that is used and left as it is.

    Args:
        worker: What makes the calls, as `package.module:function` or as an `ImportedFactory`: a
            function that, called once in each process, gives an async function from a prompt and
            the settings of an exchange to a distribution. Ray's processes find modules where this
            program does: in its folder and in the current one. On other machines, have them
            installed or sent there (`runtime_env={"working_dir": "."}`).
        address: Of a cluster, as `ray start` printed it, or "auto" for the one on this machine.
        num_actors: Processes; None for two on each node that there is at the start. They are
            spread over the nodes.
        concurrency: Most calls of one process at a time.
        num_cpus: Processors that Ray counts for each. Calls mostly wait, so that a fraction does.
        runtime_env: As for `ray.init`; keys in its `env_vars` are refused, because Ray keeps them.
        patience: Seconds to wait for a process, at the start and when all have died.

    Raises:
        pydantic.ValidationError: A setting is out of range, or holds a key.

    Example:
        >>> from vs_core.generation import RayEngine
        >>> engine = RayEngine("shop.models:calls", num_actors=4, concurrency=50)
        >>> async def answers(calls):
        ...     async with engine:
        ...         return [await engine.call(call) for call in calls]
    """

    def __init__(
        self,
        worker: str | ImportedFactory,
        *,
        address: str | None = None,
        num_actors: int | None = None,
        concurrency: int = 64,
        num_cpus: float = 0.1,
        runtime_env: Mapping[str, Any] | None = None,
        patience: float = 120.0,
    ) -> None:
        self._settings = RaySettings.model_validate(
            {
                "worker": worker,
                "address": address,
                "num_actors": num_actors,
                "concurrency": concurrency,
                "num_cpus": num_cpus,
                "runtime_env": runtime_env,
                "patience": patience,
            }
        )
        self._pool: WorkerPool | None = None
        self._started_ray = False

    async def __aenter__(self) -> Self:
        """Start the processes, and wait for the first.

        Raises:
            MissingExtraError: Ray is not installed.
            ConnectionError: There is no cluster at the address.
            WorkerSetupError: What makes the calls cannot be made in a process.
            WorkerLostError: Ray starts no process in time.
        """
        # In a thread, because it takes seconds; there Ray leaves the handlers of signals alone.
        self._started_ray = await asyncio.to_thread(self._join)
        try:
            self._pool = await self._opened()
        except BaseException:
            await self._leave()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the processes, and Ray if it was started here; calls still in flight are lost."""
        await self._leave()

    @property
    def capacity(self) -> int:
        """Most calls at a time, of all processes that there should be; 0 outside of `async with`.

        More may be asked for at once: they wait here.
        """
        return len(self._pool.seats) * self._settings.concurrency if self._pool else 0

    @property
    def processes(self) -> dict[int, int]:
        """The processes that can make calls now: their numbers, and the calls each is making."""
        seats = self._pool.seats if self._pool else ()
        return {seat.pid: seat.in_flight for seat in seats if seat.pid}

    async def call(self, call: CallToMake) -> Distribution:
        """Make a call, in the process that is making the fewest.

        Args:
            call: The call. Its settings may hold a type as `value_schema`, also one of `__main__`.

        Raises:
            NoCandidatesError: No candidate could be read in the reply.
            RefusalError: The model refused.
            CallFailedError: It failed otherwise; what is to be known of the error is in it.
            WorkerLostError: The process died in the middle of it, or there is none.
            RuntimeError: The engine is not open.
        """
        if self._pool is None:
            raise RuntimeError("the engine is closed: make calls within `async with engine:`")
        async with self._pool.seat() as seat:
            answer, failure = await self._ask(self._pool, seat, call)
        if failure is not None:
            raise CallFailure.model_validate_json(failure).error()
        return from_json(answer, call.settings.get("value_schema"))

    async def _ask(self, pool: WorkerPool, seat: Seat, call: CallToMake) -> tuple[str, str | None]:
        ray, pid = ray_library(), seat.pid
        asked = seat.actor.call.remote(call.prompt, dict(call.settings))
        try:
            answer: tuple[str, str | None] = await asked
        except asyncio.CancelledError:
            ray.cancel(asked)
            raise
        except ray.exceptions.RayTaskError as error:
            # Something could not even be unpacked there.
            raise CallFailure.of(error.cause).error() from None
        except ray.exceptions.RayError as error:
            pool.lose(seat, pid)
            raise WorkerLostError(
                f"process {pid}, which made call {call.key}, is gone: {type(error).__name__}"
            ) from None
        return answer

    def _join(self) -> bool:
        settings = self._settings
        processors = (settings.num_actors or PER_NODE) * settings.num_cpus
        return join_ray(settings.address, settings.runtime_env, processors)

    async def _opened(self) -> WorkerPool:
        settings = self._settings
        pool = WorkerPool(
            actor_maker(settings, own_ray=self._started_ray),
            await asyncio.to_thread(number_of_actors, settings),
            settings.concurrency,
            settings.patience,
        )
        try:
            await pool.opened()
        except BaseException:
            await pool.close()
            raise
        return pool

    async def _leave(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()
            end_actors(seat.actor for seat in pool.seats)
        if self._started_ray:
            self._started_ray = False
            await asyncio.to_thread(leave_ray)
