"""A whole generation whose calls are made by Ray."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from vs_core.adapters.generation import Generation, conduct_generation
from vs_core.generation import GeneratedRecord, GenerationSettings, ImportedFactory, RayEngine

pytest.importorskip("ray", reason="Ray is not installed; `make ray` runs these tests")
pytestmark = pytest.mark.usefixtures("running_ray")

SIMULATED: dict[str, Any] = {"factory": "langchain_vs:SimulatedChatModel", "seed": 1}


async def test_a_generation_is_complete_though_a_process_is_killed_in_the_middle_of_it() -> None:
    worker = ImportedFactory(function="langchain_vs.worker:calls_of_made_model", options=SIMULATED)
    generation = Generation("Name a US state", GenerationSettings(n=40, k=5))
    accepted: list[GeneratedRecord] = []
    async with RayEngine(worker, num_actors=2) as engine:
        async for judged in conduct_generation(generation, engine):
            if isinstance(judged, GeneratedRecord):
                accepted.append(judged)
                if len(accepted) == 10:
                    os.kill(next(iter(engine.processes)), signal.SIGKILL)
    assert len({record.value for record in accepted}) == len(accepted) == 40
