"""Making exchanges: so many at a time, whatever fails, and what an interruption leaves."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import date, datetime, timezone
from typing import Any

import pytest

from tests.core.comparison.exchanges import numbered, settings_of
from vs_core import VerbalizedDistribution
from vs_core.adapters.comparison import Experiment, OnProgress, PlannedExchange, aconduct, conduct
from vs_core.comparison import ExchangeRecord

Distribution = VerbalizedDistribution[Any]
Conduct = Callable[..., Awaitable[None]]

PATIENCE = 5.0


def _today() -> date:
    return datetime.now(timezone.utc).date()


async def _in_threads(
    experiment: Experiment, ask: Callable[[PlannedExchange], Distribution], **options: Any
) -> None:
    conduct(experiment, ask, **options)


async def _in_the_loop(
    experiment: Experiment, ask: Callable[[PlannedExchange], Distribution], **options: Any
) -> None:
    async def awaited(exchange: PlannedExchange) -> Distribution:
        await asyncio.sleep(0)
        return ask(exchange)

    await aconduct(experiment, awaited, **options)


BOTH = pytest.mark.parametrize("run", [_in_threads, _in_the_loop], ids=["sync", "async"])


def _experiment(n: int = 12) -> Experiment:
    return Experiment(settings_of(methods=["direct"], n=n))


@BOTH
async def test_every_exchange_is_made_once(run: Conduct) -> None:
    asked: list[int] = []

    def ask(exchange: PlannedExchange) -> Distribution:
        asked.append(exchange.number)
        return numbered(exchange)

    experiment = _experiment()
    await run(experiment, ask)
    assert sorted(asked) == list(range(12))
    assert experiment.comparison().complete


@BOTH
async def test_every_record_has_its_day(run: Conduct) -> None:
    experiment, first = _experiment(3), _today()
    await run(experiment, numbered)
    assert {record.day for record in experiment.records} <= {first, _today()}


@BOTH
async def test_what_is_finished_is_not_made_again(run: Conduct) -> None:
    earlier = _experiment(8)
    await run(earlier, numbered)
    asked: list[int] = []

    def ask(exchange: PlannedExchange) -> Distribution:
        asked.append(exchange.number)
        return numbered(exchange)

    await run(Experiment(settings_of(methods=["direct"], n=12), finished=earlier.records), ask)
    assert sorted(asked) == [8, 9, 10, 11]


@BOTH
async def test_a_failure_is_recorded_and_the_others_go_on(run: Conduct) -> None:
    def ask(exchange: PlannedExchange) -> Distribution:
        if exchange.number == 3:
            raise RuntimeError("quota")
        return numbered(exchange)

    experiment = _experiment()
    await run(experiment, ask)
    [result] = experiment.comparison().results
    assert (len(result.texts), result.failures) == (11, ("RuntimeError: quota",))


@BOTH
async def test_progress_counts_up_to_the_number_of_all(run: Conduct) -> None:
    told: list[tuple[int, int, list[str]]] = []

    def on_progress(done: int, total: int, record: ExchangeRecord) -> None:
        told.append((done, total, record.texts))

    await run(_experiment(), numbered, on_progress=on_progress)
    assert [(done, total) for done, total, _ in told] == [(i, 12) for i in range(1, 13)]
    assert len({text for *_, [text] in told}) == 12


@BOTH
async def test_progress_counts_what_an_earlier_run_finished(run: Conduct) -> None:
    earlier = _experiment(8)
    await run(earlier, numbered)
    resumed = Experiment(settings_of(methods=["direct"], n=10), finished=earlier.records)
    told: list[tuple[int, int]] = []
    await run(resumed, numbered, on_progress=lambda done, total, _: told.append((done, total)))
    assert told == [(9, 10), (10, 10)]


@BOTH
async def test_progress_is_told_in_the_caller_s_thread(run: Conduct) -> None:
    threads: set[int] = set()
    note: OnProgress = lambda *_: threads.add(threading.get_ident())  # noqa: E731  # typed so
    await run(_experiment(), numbered, on_progress=note)
    assert threads == {threading.get_ident()}


@BOTH
@pytest.mark.parametrize("bound", [0, -1])
async def test_a_bound_below_one_is_refused(run: Conduct, bound: int) -> None:
    with pytest.raises(ValueError, match="must be 1 or more"):
        await run(_experiment(), numbered, max_concurrency=bound)


def test_threads_make_as_many_exchanges_at_a_time_as_allowed_and_no_more() -> None:
    # Each round ends when three are there together, and leaves a fourth some time to come too.
    together = threading.Barrier(3)
    lock, active, most = threading.Lock(), 0, 0

    def ask(exchange: PlannedExchange) -> Distribution:
        nonlocal active, most
        with lock:
            active += 1
            most = max(most, active)
        together.wait(PATIENCE)
        time.sleep(0.01)
        with lock:
            active -= 1
        return numbered(exchange)

    experiment = _experiment()
    conduct(experiment, ask, max_concurrency=3)
    assert most == 3
    assert not experiment.comparison().of_method("direct")[0].failures


async def test_the_loop_makes_as_many_exchanges_at_a_time_as_allowed_and_no_more() -> None:
    active = most = 0

    async def ask(exchange: PlannedExchange) -> Distribution:
        nonlocal active, most
        active += 1
        most = max(most, active)
        for _ in range(5):
            await asyncio.sleep(0)
        active -= 1
        return numbered(exchange)

    await aconduct(_experiment(), ask, max_concurrency=3)
    assert most == 3


SPAN: ContextVar[str] = ContextVar("span", default="none")


@BOTH
async def test_exchanges_run_in_the_caller_s_context(run: Conduct) -> None:
    seen: set[str] = set()

    def ask(exchange: PlannedExchange) -> Distribution:
        seen.add(SPAN.get())
        return numbered(exchange)

    token = SPAN.set("mine")
    await run(_experiment(), ask)
    SPAN.reset(token)
    assert seen == {"mine"}


def test_an_interruption_begins_nothing_new_and_keeps_what_is_under_way() -> None:
    begun: list[int] = []
    interrupted = threading.Event()
    records: list[ExchangeRecord] = []

    def ask(exchange: PlannedExchange) -> Distribution:
        begun.append(exchange.number)
        # The first ends at once; the second is under way until the caller has been interrupted.
        assert exchange.number == 0 or interrupted.wait(PATIENCE)
        return numbered(exchange)

    def on_progress(done: int, _: int, record: ExchangeRecord) -> None:
        records.append(record)
        if done == 1:
            interrupted.set()
            raise KeyboardInterrupt

    experiment = _experiment()
    with pytest.raises(KeyboardInterrupt):
        conduct(experiment, ask, max_concurrency=2, on_progress=on_progress)
    assert len(begun) < 12
    assert sorted(record.number for record in records) == sorted(begun)
    assert experiment.records == tuple(records)
    assert not any(record.error for record in records)


async def test_a_cancelled_run_cancels_what_is_under_way_and_keeps_the_rest() -> None:
    cancelled: list[int] = []

    async def ask(exchange: PlannedExchange) -> Distribution:
        if exchange.number:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(exchange.number)
                raise
        return numbered(exchange)

    experiment = _experiment()
    first = asyncio.Event()
    run = asyncio.create_task(
        aconduct(experiment, ask, max_concurrency=3, on_progress=lambda *_: first.set())
    )
    await asyncio.wait_for(first.wait(), PATIENCE)
    await asyncio.sleep(0)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert experiment.finished == 1
    assert len(cancelled) == 3


async def test_an_error_of_the_progress_function_ends_the_run() -> None:
    begun: list[int] = []

    async def ask(exchange: PlannedExchange) -> Distribution:
        begun.append(exchange.number)
        for _ in range(5):
            await asyncio.sleep(0)
        return numbered(exchange)

    def on_progress(*_: object) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await aconduct(_experiment(100), ask, max_concurrency=1, on_progress=on_progress)
    assert len(begun) < 100
