"""Calls through a Ray on this machine: answers, and what becomes of failures."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.every import for_every
from tests.ray.conftest import KEY
from tests.ray.workers import ONE_CALL, Call, all_up
from tests.wire.server import Drop, Fault, Reply, Step, WireServer, serve
from vs_core import CallFailedError, NoCandidatesError, RefusalError, WorkerSetupError
from vs_core.generation import ImportedFactory, RayEngine
from vs_core.generation.running.failures import meaning_of

ray = pytest.importorskip("ray", reason="Ray is not installed; `make ray` runs these tests")
pytestmark = pytest.mark.usefixtures("running_ray")

ECHO = "tests.ray.workers:echo"
TWO = (
    "<response><text>Decaf walks into a bar.</text><probability>0.2</probability></response>"
    "<response><text>Nobody noticed.</text><probability>0.1</probability></response>"
)


@pytest.fixture
def server() -> Iterator[WireServer]:
    with serve() as running:
        yield running


def _openai(server: WireServer) -> ImportedFactory:
    options: dict[str, Any] = {"model": "openai:test", "base_url": server.url, "max_retries": 0}
    return ImportedFactory(function="langchain_vs.worker:calls_of_named_model", options=options)


async def _failure(engine: RayEngine, call: Call) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011  # what it is, is asserted on
        await engine.call(call)
    return caught.value


async def test_two_hundred_calls_are_answered_by_several_processes() -> None:
    async with RayEngine(ECHO, num_actors=3, concurrency=20) as engine:
        await all_up(engine, 3)
        calls = [Call(f"prompt {number}") for number in range(200)]
        answers = await asyncio.gather(*map(engine.call, calls))
    assert [answer.values[0] for answer in answers] == [call.prompt for call in calls]
    assert len({answer.values[1] for answer in answers}) == 3


async def test_each_call_goes_to_the_process_that_makes_the_fewest() -> None:
    async with RayEngine(ECHO, num_actors=2, concurrency=3) as engine:
        await all_up(engine, 2)
        waiting = [asyncio.create_task(engine.call(Call("wait"))) for _ in range(4)]
        await asyncio.sleep(0)
        assert (engine.capacity, sorted(engine.processes.values())) == (6, [2, 2])
        for call in waiting:
            call.cancel()
        await asyncio.wait(waiting)


async def test_a_cancelled_call_gives_its_place_to_the_next() -> None:
    async with RayEngine(ECHO, num_actors=1, concurrency=1) as engine:
        waiting = asyncio.create_task(engine.call(Call("wait")))
        queued = [asyncio.create_task(engine.call(Call("next"))) for _ in range(3)]
        await asyncio.sleep(0)
        waiting.cancel()
        queued[0].cancel()
        answers = await asyncio.gather(*queued[1:])
    assert [answer.values[0] for answer in answers] == ["next", "next"]
    assert waiting.cancelled()


async def test_a_models_answer_is_what_it_would_be_without_ray(server: WireServer) -> None:
    server.add(TWO)
    async with RayEngine(_openai(server), num_actors=1) as engine:
        answer = await engine.call(Call(settings=ONE_CALL))
    assert answer.texts == ["Decaf walks into a bar.", "Nobody noticed."]
    assert [candidate.stated for candidate in answer] == [0.2, 0.1]
    assert (answer.trace.calls, answer.trace.k, answer.trace.input_tokens is None) == (1, 2, False)


async def test_a_model_of_llama_index_can_be_asked_too() -> None:
    options: dict[str, Any] = {"factory": "llamaindex_vs:SimulatedLLM", "seed": 1}
    function = "llamaindex_vs.worker:calls_of_made_model"
    async with RayEngine(ImportedFactory(function=function, options=options)) as engine:
        assert len(await engine.call(Call(settings=ONE_CALL))) == 2


FAILURES = [
    (Fault(429, headers={"Retry-After": "7"}), "limited", 429, 7.0),
    (Fault(503), "passing", 503, None),
    (Fault(401, message=f"wrong key {KEY}"), "hopeless", 401, None),
    (Fault(400), "final", 400, None),
    (Drop(TWO, after=9), "passing", None, None),
]


async def test_an_error_of_a_client_crosses_with_its_status_and_the_time_to_wait(
    server: WireServer,
) -> None:
    async with RayEngine(_openai(server), num_actors=1) as engine:

        @for_every(("step", "meaning", "status", "wait"), FAILURES)
        async def check(step: Step, meaning: str, status: int | None, wait: float | None) -> None:
            server.add(step)
            error = await _failure(engine, Call(settings=ONE_CALL))
            assert isinstance(error, CallFailedError)
            assert (error.status_code, error.retry_after) == (status, wait)
            assert error.meaning == meaning_of(error) == meaning
            assert KEY not in str(error)

        await check()


async def test_a_refusal_and_an_unreadable_reply_keep_their_words(server: WireServer) -> None:
    server.add(Reply(refusal="I can't help with that."), "Let me think about it first.")
    async with RayEngine(_openai(server), num_actors=1) as engine:
        refusal = await _failure(engine, Call(settings=ONE_CALL))
        unreadable = await _failure(engine, Call(settings={**ONE_CALL, "layout": "json"}))
    assert isinstance(refusal, RefusalError)
    assert refusal.refusal == "I can't help with that."
    assert isinstance(unreadable, NoCandidatesError)
    assert unreadable.reply == "Let me think about it first."


async def test_a_key_in_an_error_is_told_to_nobody() -> None:
    worker = ImportedFactory(
        function="tests.ray.workers:raising", options={"error": "TimeoutError"}
    )
    async with RayEngine(worker, num_actors=1) as engine:
        error = await _failure(engine, Call("no answer"))
    assert isinstance(error, CallFailedError)
    assert (error.kind, error.message, error.meaning) == (
        "TimeoutError",
        "no answer: ***",
        "passing",
    )


async def test_a_worker_that_cannot_be_made_is_refused_before_the_first_call() -> None:
    for worker, said in (
        ("tests.ray.workers:without_key", "KeyError: 'NO_SUCH_API_KEY'"),
        ("no_such_package.models:calls", "No module named 'no_such_package'"),
    ):
        with pytest.raises(WorkerSetupError, match=said):
            await RayEngine(worker).__aenter__()


async def test_settings_that_no_process_takes_are_an_error_of_that_call_alone() -> None:
    async with RayEngine("tests.ray.workers:typed", num_actors=1) as engine:
        error = await _failure(engine, Call(settings={"k": 0}))
        assert isinstance(error, CallFailedError)
        assert error.meaning == "final"


async def test_a_ray_that_was_there_before_is_left_running() -> None:
    async with RayEngine(ECHO, num_actors=1) as engine:
        await engine.call(Call())
    assert ray.is_initialized()
    with pytest.raises(RuntimeError, match="async with"):
        await engine.call(Call())


def test_no_key_is_in_anything_that_ray_has_written(running_ray: Path) -> None:
    files = [path for path in running_ray.rglob("*") if path.is_file()]
    assert files
    holding = [path for path in files if KEY in path.read_text(encoding="utf-8", errors="replace")]
    assert holding == []
