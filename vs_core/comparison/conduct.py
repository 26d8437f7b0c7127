"""Making exchanges that are planned: several at a time, in threads or in the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextvars import copy_context
from datetime import date, datetime, timezone
from typing import Any, Protocol, TypeVar

from vs_core.comparison.experiment import Outcome
from vs_core.comparison.journal import ExchangeRecord
from vs_core.comparison.plan import PlannedExchange
from vs_core.exchange.settings import ExchangeSettings
from vs_core.values.distribution import VerbalizedDistribution


class Asked(Protocol):
    """One exchange to make, by whatever plans it."""

    @property
    def prompt(self) -> str:
        """What the user asks."""

    @property
    def way(self) -> Any:
        """Exchanges that share it have equal settings."""


E = TypeVar("E", bound=Asked)
R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")
Result = TypeVar("Result")
Distribution = VerbalizedDistribution[Any]
RunExchange = Callable[[PlannedExchange], Distribution]
ARunExchange = Callable[[PlannedExchange], Awaitable[Distribution]]
Exchanging = Callable[[str], Result]
"""Makes one exchange about a prompt."""
OnProgress = Callable[[int, int, ExchangeRecord], object]


class Exchanges(Protocol[E, R_co]):
    """What lists the exchanges to make now and takes their outcomes, such as an `Experiment`.

    Example:
        >>> from vs_core.adapters.comparison import Exchanges, Experiment
        >>> from vs_core.comparison import ComparisonSettings
        >>> def left(exchanges: Exchanges) -> int:
        ...     return len(exchanges.pending)
        >>> left(Experiment(ComparisonSettings(prompts="Flip a coin.", methods=["direct"], n=3)))
        3
    """

    @property
    def pending(self) -> tuple[E, ...]:
        """What is to be asked now, in the best order."""

    @property
    def ways(self) -> Mapping[Any, ExchangeSettings]:
        """The settings of each way in which is asked, now or later."""

    @property
    def finished(self) -> int:
        """Number of exchanges that have ended, well or in an error."""

    @property
    def planned(self) -> int:
        """Number of exchanges that there will be, as far as that is known."""

    def take(self, exchange: E, outcome: Outcome, *, day: date | None = None) -> R_co:
        """Take the outcome of an exchange that ended on a day, and give its record."""


def each_in_its_way(
    exchanges: Exchanges[E, Any], asking: Callable[[dict[str, Any]], Exchanging[Result]]
) -> Callable[[E], Result]:
    """What makes any exchange that is pending, of what makes the exchanges with some settings.

    Args:
        exchanges: What to ask, such as an `Experiment`.
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
    ways = {way: asking(dict(asked)) for way, asked in exchanges.ways.items()}
    return lambda exchange: ways[exchange.way](exchange.prompt)


def conduct(
    exchanges: Exchanges[E, R],
    ask: Callable[[E], Distribution],
    *,
    max_concurrency: int = 8,
    on_progress: Callable[[int, int, R], object] | None = None,
) -> None:
    r"""Make the exchanges that are pending, in threads; works inside a running event loop too.

    An exchange that fails is recorded, and the others go on. When the caller is interrupted
    (Ctrl-C, or an error of `on_progress`), no exchange is begun any more; those under way are
    waited for and recorded, since they have been paid for, and then the interruption goes on. A
    second one does not wait.

    Args:
        exchanges: What to ask, such as an `Experiment`; it takes the outcomes.
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

    def outcome(exchange: E) -> Outcome:
        try:
            return ask(exchange)
        except Exception as error:  # noqa: BLE001  # the experiment records it
            return error

    under_way: dict[Future[Outcome], E] = {}

    def take(future: Future[Outcome]) -> None:
        _take(exchanges, under_way.pop(future), future.result(), on_progress)

    pool = ThreadPoolExecutor(max_concurrency, thread_name_prefix="compare")
    try:
        for exchange in exchanges.pending:
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
    exchanges: Exchanges[E, R],
    ask: Callable[[E], Awaitable[Distribution]],
    *,
    max_concurrency: int = 8,
    on_progress: Callable[[int, int, R], object] | None = None,
) -> None:
    r"""As `conduct`, without blocking; when it is cancelled, so are the exchanges under way.

    Args:
        exchanges: What to ask, such as an `Experiment`; it takes the outcomes.
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

    async def outcome(exchange: E) -> Outcome:
        async with free:
            try:
                return await ask(exchange)
            except Exception as error:  # noqa: BLE001  # as above
                return error

    under_way = {asyncio.create_task(outcome(e)): e for e in exchanges.pending}
    ended: asyncio.Queue[asyncio.Task[Outcome]] = asyncio.Queue()
    for task in under_way:
        task.add_done_callback(ended.put_nowait)
    try:
        while under_way:
            task = await ended.get()
            _take(exchanges, under_way.pop(task), task.result(), on_progress)
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


def _take(
    exchanges: Exchanges[E, R],
    exchange: E,
    outcome: Outcome,
    on_progress: Callable[[int, int, R], object] | None,
) -> None:
    record = exchanges.take(exchange, outcome, day=datetime.now(timezone.utc).date())
    if on_progress:
        on_progress(exchanges.finished, exchanges.planned, record)


def _require_concurrency(max_concurrency: int) -> None:
    if max_concurrency < 1:
        raise ValueError(f"max_concurrency={max_concurrency!r}: must be 1 or more")
