"""`generate` by Ray while processes and nodes die: nothing is lost, nothing is paid for twice."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from langchain_vs import agenerate
from langchain_vs.worker import ray_engine_for
from tests.answering import Gated
from tests.cli.generations import calls_kept
from tests.ray.conftest import HOSTS
from tests.ray.workers import all_up, until
from tests.wire.server import serve
from vs_core import VerbalizedDistribution
from vs_core.adapters.generation import PlannedCall
from vs_core.generation import GenerationResult, ImportedFactory, RayEngine

ray = pytest.importorskip("ray", reason="Ray is not installed; `make ray` runs these tests")

PROMPTS = [f"Name one of {number}." for number in range(24)]
N, AT_A_TIME, FREE = 15, 16, 12
Kill = Callable[[RayEngine], Awaitable[object]]


@dataclass(frozen=True)
class Opened:
    """An engine that is open already, so that a generation does not open it."""

    engine: RayEngine

    async def call(self, call: PlannedCall) -> VerbalizedDistribution[Any]:
        """Make a call."""
        return await self.engine.call(call)


async def _generated(kill: Kill, folder: Path, *, up: int, lost: int) -> GenerationResult:
    """Kill some of the processes when all the calls that there may be are being answered.

    Asserts that just the calls which were under way in those were made again.

    Args:
        kill: Kills them.
        folder: For the journal.
        up: How many processes there are.
        lost: How many of them are killed.
    """
    world = Gated(FREE)
    with serve(responder=world) as server:
        options: dict[str, Any] = {"model": "test", "base_url": server.url, "max_retries": 0}
        note = ImportedFactory(function="langchain_openai:ChatOpenAI", options=options)
        async with ray_engine_for(note, concurrency=AT_A_TIME) as engine:
            await all_up(engine, up)
            run = agenerate(
                *(note, PROMPTS, N, 5),
                engine=Opened(engine),
                max_concurrency=AT_A_TIME,
                journal=folder,
            )
            made = asyncio.create_task(run.result())
            await until(lambda: made.done() or len(server.requests) == FREE + AT_A_TIME)
            before = engine.processes
            assert sum(before.values()) == AT_A_TIME
            await kill(engine)
            await until(lambda: made.done() or len(before.keys() - engine.processes) == lost)
            gone = before.keys() - engine.processes
            world.opened.set()
            found = await made
    asked_again = len(server.requests) - calls_kept(folder)
    assert asked_again == sum(before[process] for process in gone) > 0
    return found


def _require_complete(found: GenerationResult) -> None:
    assert found.report.ended_by == {"n": len(PROMPTS)}
    answers = {(record.prompt, record.value) for record in found.records}
    assert len(answers) == len(found.records) == N * len(PROMPTS)
    assert found.report.figures.failed == 0


@pytest.mark.usefixtures("running_ray")
async def test_a_process_that_is_killed_costs_the_calls_under_way_in_it(tmp_path: Path) -> None:
    async def kill(engine: RayEngine) -> None:
        os.kill(next(iter(engine.processes)), signal.SIGKILL)

    _require_complete(await _generated(kill, tmp_path, up=2, lost=1))


@pytest.mark.allow_hosts(HOSTS)
@pytest.mark.slow
async def test_a_node_that_is_gone_costs_the_calls_under_way_on_it(
    cluster: Any, tmp_path: Path
) -> None:
    ray.init(cluster.address, log_to_driver=False)

    async def kill(engine: RayEngine) -> None:  # noqa: ARG001  # the whole node
        own = ray.get_runtime_context().get_node_id()
        node = next(node for node in cluster.worker_nodes if node.node_id != own)
        await asyncio.to_thread(cluster.remove_node, node, allow_graceful=False)

    _require_complete(await _generated(kill, tmp_path, up=8, lost=2))
