"""`generate` by Ray on a server with faults: as in one event loop, whatever goes wrong between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from langchain_vs import agenerate, ray_engine_for
from tests.answering import EVERY_FAULT, AnsweringWorld
from tests.wire.server import Fault, WireServer, serve
from vs_core import CallFailedError
from vs_core.generation import GenerationResult, ImportedFactory

pytest.importorskip("ray", reason="Ray is not installed; `make ray` runs these tests")
pytestmark = pytest.mark.usefixtures("running_ray")


@pytest.fixture
def server() -> Iterator[WireServer]:
    with serve() as running:
        yield running


async def _generated(server: WireServer, prompts: list[str], **settings: Any) -> GenerationResult:
    options: dict[str, Any] = {"model": "test", "base_url": server.url, "max_retries": 0}
    note = ImportedFactory(function="langchain_openai:ChatOpenAI", options=options)
    engine = ray_engine_for(note, num_actors=2)
    return await agenerate(note, prompts, k=10, engine=engine, **settings).result()


async def test_errors_refusals_and_replies_that_cannot_be_read_take_nothing_from_others(
    server: WireServer,
) -> None:
    world = AnsweringWorld(faults=EVERY_FAULT, always={"bad": Fault(400, message="no")})
    server.respond_with(world)
    prompts = ["Name one.", "Name a good one.", "Name a bad one.", "Name another."]
    found = await _generated(server, prompts, n=60)
    ended = {one.prompt: one.ended_by for one in found.report.prompts}
    assert ended == {p: "failures" if "bad" in p else "n" for p in prompts}
    assert len(found.values) == len(set(found.values)) == 180
    assert world.asked["Name a bad one."] == 3


async def test_a_storm_of_rejections_costs_a_pause_and_no_call(server: WireServer) -> None:
    world = AnsweringWorld()
    server.add(*[Fault(429, headers={"Retry-After": "0.05"})] * 12)
    server.respond_with(world)
    found = await _generated(server, ["Name one.", "Name another."], n=40)
    assert len(found.values) == 80
    assert found.report.figures.failed == 0
    assert found.report.figures.calls == world.answered


async def test_a_key_that_is_refused_ends_it_with_the_error_of_the_provider(
    server: WireServer,
) -> None:
    server.respond_with(lambda _: Fault(401, message="wrong key"))
    with pytest.raises(CallFailedError, match="wrong key"):
        await _generated(server, [f"Question {number}?" for number in range(50)], n=1)
    assert len(server.requests) <= 8
