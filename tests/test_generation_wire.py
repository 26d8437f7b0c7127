"""`generate` with the real clients of both frameworks, sync and async, on a server with faults."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import langchain_vs
import llamaindex_vs
from tests.answering import EVERY_FAULT, AnsweringWorld
from tests.wire.clients import chat, llm
from tests.wire.conftest import server as server  # noqa: PLC0414  # a fixture for this file
from tests.wire.script import Fault
from tests.wire.server import WireServer
from vs_core import JournalError
from vs_core.adapters.journal import alone_in
from vs_core.generation import GenerationResult

Driver = Callable[..., Awaitable[GenerationResult]]


async def _lc_sync(server: WireServer, *given: Any, **options: Any) -> GenerationResult:
    return langchain_vs.generate(chat(server), *given, **options).result()


async def _lc_async(server: WireServer, *given: Any, **options: Any) -> GenerationResult:
    return await langchain_vs.agenerate(chat(server), *given, **options).result()


async def _li_sync(server: WireServer, *given: Any, **options: Any) -> GenerationResult:
    return llamaindex_vs.generate(llm(server), *given, **options).result()


async def _li_async(server: WireServer, *given: Any, **options: Any) -> GenerationResult:
    return await llamaindex_vs.agenerate(llm(server), *given, **options).result()


everywhere = pytest.mark.parametrize("driver", [_lc_sync, _lc_async, _li_sync, _li_async])
on_both = pytest.mark.parametrize("driver", [_lc_async, _li_sync])


@everywhere
async def test_many_prompts_get_all_their_answers_whatever_goes_wrong_between(
    driver: Driver, server: WireServer
) -> None:
    world = AnsweringWorld(faults=EVERY_FAULT, always={"bad": Fault(400, message="no")})
    server.respond_with(world)
    prompts = ["Name one.", "Name a good one.", "Name a bad one.", "Name another."]
    found = await driver(server, prompts, n=60, k=10)
    ended = {one.prompt: one.ended_by for one in found.report.prompts}
    assert ended == {p: "failures" if "bad" in p else "n" for p in prompts}
    assert len(found.values) == len(set(found.values)) == 180
    assert world.asked["Name a bad one."] == 3
    assert found.report.figures.failed > 3
    assert server.max_concurrent <= 8


@on_both
async def test_a_storm_of_rejections_costs_a_pause_and_no_call(
    driver: Driver, server: WireServer
) -> None:
    world = AnsweringWorld()
    server.add(*[Fault(429, headers={"Retry-After": "0.05"})] * 12)
    server.respond_with(world)
    found = await driver(server, ["Name one.", "Name another."], n=40, k=10)
    assert len(found.values) == 80
    assert found.report.figures.failed == 0
    assert found.report.figures.calls == world.answered


@on_both
async def test_a_key_that_is_refused_ends_it_with_the_error_of_the_provider(
    driver: Driver, server: WireServer
) -> None:
    server.respond_with(lambda _: Fault(401, message="wrong key"))
    with pytest.raises(Exception, match="wrong key"):
        await driver(server, [f"Question {number}?" for number in range(50)], n=1)
    assert len(server.requests) <= 8


@on_both
async def test_a_run_that_is_made_again_pays_for_what_is_missing(
    driver: Driver, server: WireServer, tmp_path: Path
) -> None:
    world = AnsweringWorld()
    server.respond_with(world)
    first = await driver(server, "Name one.", n=30, k=10, journal=tmp_path)
    paid = world.answered
    again = await driver(server, "Name one.", n=30, k=10, journal=tmp_path)
    assert world.answered == paid
    assert (again.records, again.refused) == (first.records, first.refused)
    assert again.report.figures == first.report.figures
    more = await driver(server, ["Name one.", "Name another."], n=40, k=5, journal=tmp_path)
    assert len(set(more.values)) == 80
    assert set(first.values) < set(more.values)


@on_both
async def test_a_journal_of_other_settings_or_another_run_is_refused_before_a_call(
    driver: Driver, server: WireServer, tmp_path: Path
) -> None:
    server.respond_with(AnsweringWorld())
    await driver(server, "Name one.", n=5, journal=tmp_path)
    asked = len(server.requests)
    with pytest.raises(JournalError, match="method standard, and this run has method cot"):
        await driver(server, "Name one.", n=9, journal=tmp_path, method="cot")
    with pytest.raises(JournalError, match="model"):
        await driver(server, "Name one.", n=9, journal=tmp_path, model="another")
    with (
        alone_in(tmp_path, name="generate"),
        pytest.raises(JournalError, match="another run"),
    ):
        await driver(server, "Name one.", n=9, journal=tmp_path)
    assert len(server.requests) == asked


@on_both
async def test_a_journal_that_was_torn_loses_the_torn_call_alone(
    driver: Driver, server: WireServer, tmp_path: Path
) -> None:
    world = AnsweringWorld()
    server.respond_with(world)
    first = await driver(server, "Name one.", n=20, k=5, journal=tmp_path)
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-150])
    paid = world.answered
    again = await driver(server, "Name one.", n=20, k=5, journal=tmp_path)
    assert len(set(again.values)) == 20
    assert set(first.values[:10]) < set(again.values)
    assert world.answered - paid <= 2


@on_both
async def test_the_budget_of_calls_holds_over_runs(
    driver: Driver, server: WireServer, tmp_path: Path
) -> None:
    world = AnsweringWorld()
    server.respond_with(world)
    for allowed in (3, 3, 5):
        found = await driver(server, "Name one.", n=100, k=5, journal=tmp_path, max_calls=allowed)
        assert world.answered == found.report.figures.calls == allowed
        assert found.report.ended_by == {"max_calls": 1}


@on_both
async def test_the_budget_of_tokens_is_not_exceeded(driver: Driver, server: WireServer) -> None:
    server.respond_with(AnsweringWorld())
    found = await driver(server, ["Name one.", "Name another."], n=200, k=5, max_tokens=4000)
    assert found.report.figures.tokens is not None
    assert 2000 < found.report.figures.tokens <= 4400
    assert set(found.report.ended_by) == {"max_tokens"}


class Persona(BaseModel):
    name: str
    age: int


PERSONAS = "\n".join(
    f'{{"text": {{"name": "N{number}", "age": {number}}}, "probability": 0.1}}'
    for number in range(9)
)


@everywhere
async def test_answers_of_another_type_are_counted_with_what_they_cost(
    driver: Driver, server: WireServer
) -> None:
    server.add('{"responses": [{"text": {"name": "Ada"}, "probability": 0.5}]}')
    server.add("I'd rather not invent anybody.")
    server.respond_with(lambda _: PERSONAS)
    found = await driver(server, "Invent a user.", n=9, k=9, value_schema=Persona)
    assert sorted(found.values, key=lambda one: one.age) == [
        Persona(name=f"N{number}", age=number) for number in range(9)
    ]
    figures = found.report.figures
    assert (figures.calls, figures.failed, figures.unreadable, figures.unusable) == (3, 0, 2, 3)
    assert figures.tokens


@on_both
async def test_a_shape_that_the_provider_enforces_is_asked_for(
    driver: Driver, server: WireServer
) -> None:
    server.respond_with(
        lambda _: '{"responses": [{"text": {"name": "Ada", "age": 3}, "probability": 0.5}]}'
    )
    found = await driver(
        server,
        "Invent a user.",
        n=1,
        k=4,
        value_schema=Persona,
        structured_output="json_schema",
    )
    assert found.values == [Persona(name="Ada", age=3)]
    assert "json_schema" in str(server.requests[0].body)
