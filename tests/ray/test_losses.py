"""Processes and nodes that die in the middle of calls."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

import pytest

from tests.ray.conftest import HOSTS
from tests.ray.workers import Call, all_up, until
from vs_core import VerbalizedDistribution, WorkerLostError
from vs_core.generation import RayEngine

ray = pytest.importorskip("ray", reason="Ray is not installed; `make ray` runs these tests")

ECHO = "tests.ray.workers:echo"

Outcome = VerbalizedDistribution[Any] | BaseException


async def _outcomes(engine: RayEngine, number: int) -> list[Outcome]:
    calls = [engine.call(Call(f"prompt {n}", key=str(n))) for n in range(number)]
    return await asyncio.gather(*calls, return_exceptions=True)


async def _waiting(engine: RayEngine, number: int) -> list[asyncio.Task[Any]]:
    """So many calls that are being made, and would not end."""
    calls = [asyncio.create_task(engine.call(Call("wait", key=f"w{n}"))) for n in range(number)]
    await until(lambda: sum(engine.processes.values()) == number)
    return calls


def _done(calls: list[asyncio.Task[Any]]) -> int:
    return sum(call.done() for call in calls)


async def _end(calls: list[asyncio.Task[Any]]) -> None:
    for call in calls:
        call.cancel()
    await asyncio.wait(calls)


@pytest.mark.usefixtures("running_ray")
async def test_a_killed_process_costs_just_the_calls_it_was_making() -> None:
    async with RayEngine(ECHO, num_actors=3, concurrency=8) as engine:
        await all_up(engine, 3)
        waiting = await _waiting(engine, 12)
        killed = next(iter(engine.processes))
        in_flight = engine.processes[killed]
        os.kill(killed, signal.SIGKILL)
        await until(lambda: _done(waiting) >= in_flight)
        lost = [call.exception() for call in waiting if call.done()]
        assert in_flight == len(lost) == 4
        assert all(isinstance(error, WorkerLostError) for error in lost)
        assert f"process {killed}" in str(lost[0])
        await all_up(engine, 3)
        assert killed not in engine.processes
        assert not [o for o in await _outcomes(engine, 100) if isinstance(o, BaseException)]
        assert _done(waiting) == 4
        await _end(waiting)


@pytest.mark.usefixtures("running_ray")
async def test_calls_wait_for_a_process_that_is_coming_back() -> None:
    async with RayEngine(ECHO, num_actors=1) as engine:
        (only,) = engine.processes
        waiting = await _waiting(engine, 1)
        os.kill(only, signal.SIGKILL)
        await asyncio.wait(waiting)
        assert isinstance(waiting[0].exception(), WorkerLostError)
        answer = await engine.call(Call("again"))
        assert answer.values[0] == "again"


@pytest.mark.usefixtures("running_ray")
async def test_a_process_that_was_ended_for_good_is_replaced() -> None:
    async with RayEngine(ECHO, num_actors=2) as engine:
        await all_up(engine, 2)
        assert engine._pool
        ray.kill(engine._pool.seats[0].actor)
        outcomes = await _outcomes(engine, 20)
        lost = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert all(isinstance(error, WorkerLostError) for error in lost)
        await all_up(engine, 2)
        assert not [o for o in await _outcomes(engine, 20) if isinstance(o, BaseException)]


@pytest.mark.usefixtures("running_ray")
async def test_no_process_in_time_is_said_with_what_to_look_at() -> None:
    with pytest.raises(WorkerLostError, match="within 1 s: look at `ray status`"):
        await RayEngine(ECHO, num_actors=1, num_cpus=1e6, patience=1).__aenter__()
    assert ray.is_initialized()


@pytest.mark.allow_hosts(HOSTS)
@pytest.mark.slow
async def test_a_cluster_that_loses_a_node_goes_on_with_the_others(cluster: Any) -> None:
    async with RayEngine(ECHO, address=cluster.address, concurrency=5) as engine:
        await all_up(engine, 8)
        own = ray.get_runtime_context().get_node_id()
        node = next(n for n in cluster.worker_nodes if n.node_id != own)
        waiting = await _waiting(engine, 40)
        before = set(engine.processes)
        await asyncio.to_thread(cluster.remove_node, node, allow_graceful=False)
        await until(lambda: _done(waiting) >= 10)
        lost = [call.exception() for call in waiting if call.done()]
        assert len(lost) == 10
        assert all(isinstance(error, WorkerLostError) for error in lost)
        assert not [o for o in await _outcomes(engine, 100) if isinstance(o, BaseException)]
        await all_up(engine, 8)
        assert len(before - set(engine.processes)) == 2
        await _end(waiting)
