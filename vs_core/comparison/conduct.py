"""Making the exchanges of an experiment: several at a time, in threads or in the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextvars import copy_context
from typing import Any, TypeVar

from vs_core.comparison.experiment import Experiment, Outcome
from vs_core.comparison.journal import ExchangeRecord
from vs_core.comparison.plan import PlannedExchange
from vs_core.values.distribution import VerbalizedDistribution

Result = TypeVar("Result")
Distribution = VerbalizedDistribution[Any]
RunExchange = Callable[[PlannedExchange], Distribution]
ARunExchange = Callable[[PlannedExchange], Awaitable[Distribution]]
Exchanging = Callable[[str], Result]
"""Makes one exchange about a prompt."""
OnProgress = Callable[[int, int, ExchangeRecord], object]


def each_in_its_way(
    experiment: Experiment, asking: Callable[[dict[str, Any]], Exchanging[Result]]
) -> Callable[[PlannedExchange], Result]:
    """What makes any exchange that is pending, of what makes the exchanges with some settings.

    Args:
        experiment: What to ask.
        asking: Given the settings of an exchange, what makes such exchanges. Called once for each
            way of asking, before the first exchange, so that settings that are refused come first.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.comparison import Experiment, each_in_its_way
        >>> from vs_core.comparison import ComparisonSettings
        >>> settings = ComparisonSettings(prompts="Flip a coin.", methods=["standard"], n=2, k=2)
        >>> experiment = Experiment(settings)
        >>> exchanging = each_in_its_way(
        ...     experiment, lambda settings: lambda prompt: f"{prompt} k={settings['k']}")
        >>> exchanging(experiment.pending[0])
        'Flip a coin. k=2'
    """
    settings = {exchange.way: exchange.settings for exchange in experiment.pending}
    ways = {way: asking(dict(asked)) for way, asked in settings.items()}
    return lambda exchange: ways[exchange.way](exchange.prompt)


def conduct(
    experiment: Experiment,
    ask: RunExchange,
    *,
    max_concurrency: int = 8,
    on_progress: OnProgress | None = None,
) -> None:
    r"""Make the exchanges that are pending, in threads; works inside a running event loop too.

    An exchange that fails is recorded, and the others go on. When the caller is interrupted
    (Ctrl-C, or an error of `on_progress`), no exchange is begun any more; those under way are
    waited for and recorded, since they have been paid for, and then the interruption goes on. A
    second one does not wait.

    Args:
        experiment: What to ask; it takes the outcomes.
        ask: Makes one exchange. Called in worker threads, each in a copy of the caller's context.
        max_concurrency: Most exchanges at a time.
        on_progress: Called in the caller's thread with the number of exchanges that have ended,
            the number of all, and the record of the one that just did.

    Raises:
        ValueError: `max_concurrency` is less than 1.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.comparison import Experiment, conduct
        >>> from vs_core.comparison import ComparisonSettings
        >>> settings = ComparisonSettings(prompts="Flip a coin.", methods=["standard"], n=4, k=2)
        >>> experiment = Experiment(settings)
        >>> conduct(experiment, lambda exchange: parse_reply("1. (0.6) Heads\n2. (0.4) Tails"))
        >>> experiment.comparison().complete
        True
    """
    _require_concurrency(max_concurrency)

    def outcome(exchange: PlannedExchange) -> Outcome:
        try:
            return ask(exchange)
        except Exception as error:  # noqa: BLE001  # the experiment records it
            return error

    under_way: dict[Future[Outcome], PlannedExchange] = {}

    def take(future: Future[Outcome]) -> None:
        _take(experiment, under_way.pop(future), future.result(), on_progress)

    pool = ThreadPoolExecutor(max_concurrency, thread_name_prefix="compare")
    try:
        for exchange in experiment.pending:
            under_way[pool.submit(copy_context().run, outcome, exchange)] = exchange
        for future in as_completed(list(under_way)):
            take(future)
    except BaseException:
        for future in as_completed([f for f in under_way if not f.cancel()]):
            take(future)
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def aconduct(
    experiment: Experiment,
    ask: ARunExchange,
    *,
    max_concurrency: int = 8,
    on_progress: OnProgress | None = None,
) -> None:
    r"""As `conduct`, without blocking; when it is cancelled, so are the exchanges under way.

    Args:
        experiment: What to ask; it takes the outcomes.
        ask: Makes one exchange.
        max_concurrency: Most exchanges at a time.
        on_progress: As for `conduct`; called in the event loop.

    Raises:
        ValueError: `max_concurrency` is less than 1.

    Example:
        >>> import asyncio
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters.comparison import Experiment, aconduct
        >>> from vs_core.comparison import ComparisonSettings
        >>> async def ask(exchange):
        ...     return parse_reply("1. (0.6) Heads\n2. (0.4) Tails")
        >>> settings = ComparisonSettings(prompts="Flip a coin.", methods=["standard"], n=4, k=2)
        >>> experiment = Experiment(settings)
        >>> asyncio.run(aconduct(experiment, ask))
        >>> experiment.comparison().complete
        True
    """
    _require_concurrency(max_concurrency)
    free = asyncio.Semaphore(max_concurrency)

    async def outcome(exchange: PlannedExchange) -> Outcome:
        async with free:
            try:
                return await ask(exchange)
            except Exception as error:  # noqa: BLE001  # as above
                return error

    under_way = {asyncio.create_task(outcome(e)): e for e in experiment.pending}
    ended: asyncio.Queue[asyncio.Task[Outcome]] = asyncio.Queue()
    for task in under_way:
        task.add_done_callback(ended.put_nowait)
    try:
        while under_way:
            task = await ended.get()
            _take(experiment, under_way.pop(task), task.result(), on_progress)
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


def _take(
    experiment: Experiment,
    exchange: PlannedExchange,
    outcome: Outcome,
    on_progress: OnProgress | None,
) -> None:
    record = experiment.take(exchange, outcome)
    if on_progress:
        on_progress(experiment.finished, experiment.planned, record)


def _require_concurrency(max_concurrency: int) -> None:
    if max_concurrency < 1:
        raise ValueError(f"max_concurrency={max_concurrency!r}: must be 1 or more")
