"""What is done about errors of calls, and about an end from outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from tests.every import for_every
from tests.generating import Lister, Scripted, agenerate, answered
from vs_core import EmbeddingsError
from vs_core.adapters.generation import Generation, conduct_generation
from vs_core.generation import CallRecord, GenerationSettings
from vs_core.generation.running.cool_down import CoolDown
from vs_core.generation.running.failures import meaning_of, retry_after

GOOD = answered("a", "b")


class HttpError(Exception):
    """As clients raise them.

    Attributes:
        status_code: Of the response.
        response: The response.
    """

    def __init__(self, status: int, headers: dict[str, str] | None = None, text: str = "") -> None:
        super().__init__(text or f"status {status}")
        self.status_code = status
        self.response = type("Response", (), {"status_code": status, "headers": headers or {}})()


class Clock:
    """Time that passes only while it is slept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._yield = asyncio.sleep
        monkeypatch.setattr(asyncio, "sleep", self._sleep)

    def __call__(self) -> float:
        return self.now

    async def _sleep(self, seconds: float, result: Any = None) -> Any:
        if seconds > 0:
            self.slept.append(seconds)
            self.now += seconds
        return await self._yield(0, result)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@for_every(
    "error, meaning",
    [
        (HttpError(429), "limited"),
        (HttpError(429, text="You exceeded your quota: insufficient_quota"), "hopeless"),
        (type("RateLimitError", (Exception,), {})("slow down"), "limited"),
        (HttpError(401), "hopeless"),
        (HttpError(403), "hopeless"),
        (HttpError(404), "hopeless"),
        (HttpError(400), "final"),
        (HttpError(500), "passing"),
        (HttpError(503), "passing"),
        (HttpError(529), "passing"),
        (ConnectionResetError("reset"), "passing"),
        (TimeoutError("60 s"), "passing"),
        (type("APIConnectionError", (Exception,), {})("no route"), "passing"),
        (type("APITimeoutError", (Exception,), {})("slow"), "passing"),
        (ValueError("content policy"), "final"),
    ],
)
def test_an_error_means_the_same_whatever_client_it_comes_from(
    error: Exception, meaning: str
) -> None:
    assert meaning_of(error) == meaning
    wrapped = RuntimeError("the call failed")
    wrapped.__cause__ = error
    assert meaning_of(wrapped) == meaning


@for_every(
    "headers, seconds",
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_the_time_that_a_provider_asks_for_is_read(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after(HttpError(429, headers)) == seconds


async def test_all_calls_wait_as_long_as_the_provider_asks_of_one(clock: Clock) -> None:
    class Engine(Lister):
        async def call(self, call: Any) -> Any:
            self.calls.append(call)
            if len(self.calls) == 2:
                raise HttpError(429, {"Retry-After": "30"})
            if len(self.calls) > 3:  # the third was under way already
                assert clock.now >= 30.0
            await asyncio.sleep(0)
            return answered(f"a{len(self.calls)}", f"b{len(self.calls)}")

    pause = CoolDown(clock=clock)
    found = await agenerate(Engine(()), n=20, k=2, width=2, cool_down=pause)
    assert len(found.values) == 20
    assert found.report.figures.failed == 0


async def test_pauses_double_until_a_call_succeeds(clock: Clock) -> None:
    busy = HttpError(429)
    script: list[Any] = [busy, busy, busy, busy, GOOD, busy, answered("c", "d")]
    await agenerate(Scripted(script), n=4, k=2, cool_down=CoolDown(clock=clock))
    waits = [1, 2, 4, 8, 1]
    assert len(clock.slept) == len(waits)
    for slept, least in zip(clock.slept, waits, strict=True):
        assert least <= slept <= least * 1.25


def test_rejections_of_calls_that_were_under_way_together_are_one_pause() -> None:
    now = [0.0]
    pause = CoolDown(clock=lambda: now[0])
    for _ in range(8):
        pause.begin(began=0.0, asked_for=None)
    assert 1.0 <= pause.seconds_left() <= 1.25


async def test_after_ten_minutes_of_rejections_the_generation_ends_with_the_error(
    clock: Clock,
) -> None:
    with pytest.raises(HttpError, match="429"):
        await agenerate(Scripted([HttpError(429)]), n=4, cool_down=CoolDown(clock=clock))
    assert 600 < clock.now < 700


async def test_a_provider_that_asks_to_wait_for_longer_ends_it_at_once(clock: Clock) -> None:
    error = HttpError(429, {"Retry-After": "86400"})
    with pytest.raises(HttpError, match="429"):
        await agenerate(Scripted([GOOD, error]), n=4, k=2, cool_down=CoolDown(clock=clock))
    assert clock.now == 0.0


async def test_a_connection_that_fails_is_tried_again_after_pauses(clock: Clock) -> None:
    engine = Scripted([ConnectionError("reset"), HttpError(503), GOOD])
    found = await agenerate(engine, n=2, k=2)
    assert found.values == ["a", "b"]
    assert (len(engine.calls), found.report.figures.calls, found.report.figures.failed) == (3, 1, 0)
    assert len(clock.slept) == 2


@pytest.mark.usefixtures("clock")
async def test_a_call_fails_for_good_after_five_attempts() -> None:
    engine = Scripted([*[ConnectionError("reset")] * 5, GOOD])
    found = await agenerate(engine, n=2, k=2)
    assert found.values == ["a", "b"]
    assert found.report.figures.failed == 1
    assert found.records[0].error == "ConnectionError: reset"


async def test_an_error_that_every_call_would_meet_ends_the_generation_at_once() -> None:
    engine = Scripted([HttpError(401)])
    records: list[CallRecord] = []
    generation = Generation([f"Question {n}?" for n in range(99)], GenerationSettings(n=1), width=8)
    with pytest.raises(HttpError, match="401"):
        async for _ in conduct_generation(generation, engine, on_call=records.append):
            pass
    assert len(engine.calls) <= 8
    assert records[0].error == "HttpError: status 401"


async def test_ten_failures_before_any_success_end_the_generation() -> None:
    engine = Scripted([ValueError("no such parameter")])
    with pytest.raises(ValueError, match="no such parameter"):
        await agenerate(engine, [f"Question {n}?" for n in range(99)], n=1)
    assert len(engine.calls) == 10


async def test_failures_after_a_success_do_not_end_it() -> None:
    class Engine(Lister):
        async def call(self, call: Any) -> Any:
            self.calls.append(call)
            if len(self.calls) > 1:
                raise HttpError(400)
            return GOOD

    found = await agenerate(Engine(()), [f"Question {n}?" for n in range(9)], n=2, k=2)
    assert found.report.ended_by == {"n": 1, "failures": 8}


async def test_calls_under_way_are_cancelled_when_it_is_closed_and_none_is_begun() -> None:
    begun, cancelled = 0, 0

    class Engine:
        async def call(self, call: Any) -> Any:
            nonlocal begun, cancelled
            begun += 1
            if call.about == "Name one.":
                return GOOD
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled += 1
                raise

    generation = Generation(["Name one.", "Wait.", "Wait more."], GenerationSettings(n=2), width=3)
    answers: AsyncGenerator[Any, None] = conduct_generation(generation, Engine(), max_concurrency=3)
    async with aclosing(answers):
        async for _ in answers:
            break
    assert (begun, cancelled) == (3, 2)


async def test_no_call_is_begun_while_an_answer_is_looked_at() -> None:
    engine = Lister([f"answer {number}" for number in range(100)])
    generation = Generation("Name one.", GenerationSettings(n=90, k=10))
    answers = conduct_generation(generation, engine, max_concurrency=1)
    async with aclosing(answers):
        await anext(answers)
        await asyncio.sleep(0.01)
        assert len(engine.calls) == 1


async def test_outcomes_are_told_of_before_they_are_judged() -> None:
    told: list[CallRecord] = []
    generation = Generation("Name one.", GenerationSettings(n=2))
    async for one in conduct_generation(generation, Scripted([GOOD]), on_call=told.append):
        assert told[0].key == one.call


async def test_answers_that_mean_the_same_are_refused_with_embeddings() -> None:
    async def aembed(texts: Any) -> list[list[float]]:
        near = {"a cheap cab": [1.0, 0.0], "an affordable taxi": [0.99, 0.05], "tea": [0.0, 1.0]}
        return [near[text] for text in texts]

    script = [answered("a cheap cab", "an affordable taxi", "tea")]
    found = await agenerate(Scripted(script), n=2, k=3, aembed=aembed)
    assert found.values == ["a cheap cab", "tea"]
    assert found.refused[0].resemblance.how == "meaning"
    assert found.report.figures.meaning == 1


async def test_less_than_one_call_at_a_time_is_refused() -> None:
    generation = Generation("Name one.", GenerationSettings(n=2))
    with pytest.raises(ValueError, match="max_concurrency=0"):
        await anext(conduct_generation(generation, Scripted([GOOD]), max_concurrency=0))


class Dying(Lister):
    """Answers the first three calls, and fails from then on.

    Attributes:
        error: With what.
    """

    error: Exception = HttpError(500)

    async def call(self, call: Any) -> Any:
        if len(self.calls) >= 3:
            self.calls.append(call)
            raise self.error
        return await super().call(call)


@for_every(
    "error, most",
    [
        (HttpError(401), 3 + 10),
        (HttpError(429, text="insufficient_quota"), 3 + 10),
    ],
)
async def test_a_key_or_an_account_that_fails_in_mid_run_ends_it(
    error: Exception, most: int
) -> None:
    engine = Dying([f"answer {number}" for number in range(50)])
    engine.error = error
    with pytest.raises(HttpError):
        await agenerate(engine, [f"Question {number}?" for number in range(200)], n=2)
    assert len(engine.calls) == most


async def test_a_server_that_is_gone_ends_it_before_all_prompts_have_failed(clock: Clock) -> None:
    engine = Dying([f"answer {number}" for number in range(50)])
    with pytest.raises(HttpError, match="500"):
        await agenerate(engine, [f"Question {number}?" for number in range(200)], n=2)
    assert len(engine.calls) == 3 + 25 * 5
    assert clock.slept


@pytest.mark.usefixtures("clock")
async def test_embeddings_that_fail_are_tried_again_and_then_named() -> None:
    tried = 0

    async def aembed(texts: Any) -> list[list[float]]:
        nonlocal tried
        tried += 1
        if tried == 2:
            raise HttpError(429, {"Retry-After": "0.01"})
        if tried > 5:
            raise ZeroDivisionError("division by zero")
        return [[float(tried + place), 1.0] for place, _ in enumerate(texts)]

    script = [answered("a", "b"), answered("c", "d"), answered("e", "f")]
    found = await agenerate(Scripted(script), n=6, k=2, aembed=aembed, min_distance=1e-9)
    assert tried == 4
    assert len(found.values) == 6
    tried = 9
    with pytest.raises(EmbeddingsError, match="2 answers could not be embedded: ZeroDivision"):
        await agenerate(Scripted(script), n=6, k=2, aembed=aembed)


async def test_failures_between_successes_are_not_counted_together() -> None:
    bad: list[Any] = [HttpError(401)] * 9
    script = [GOOD, *bad, GOOD, *bad, GOOD]
    prompts = [f"Question {number}?" for number in range(9)]
    found = await agenerate(Scripted(script), prompts, n=2, k=2)
    assert found.report.ended_by == {"n": 3, "failures": 6}
