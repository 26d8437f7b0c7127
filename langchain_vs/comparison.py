"""`compare`: does verbalized sampling help, on these prompts with this model, and at what cost?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig
from typing_extensions import Unpack

from langchain_vs._model import Askable, as_model
from langchain_vs._uncached import uncached
from langchain_vs.errors import as_langchain_error
from langchain_vs.runnable import VerbalizedSamplingRunnable
from vs_core import Method
from vs_core.adapters.comparison import (
    DEFAULT_METHODS,
    ComparisonOptions,
    Exchanges,
    Experiment,
    OnProgress,
    aconduct,
    conduct,
    each_in_its_way,
)
from vs_core.comparison import Comparison, ComparisonSettings, ExchangeRecord

R = TypeVar("R")


def compare(
    llm: Askable,
    prompts: str | Iterable[str],
    methods: Sequence[Method] = DEFAULT_METHODS,
    n: int = 30,
    k: int = 5,
    *,
    embeddings: Any = None,
    max_concurrency: int = 8,
    on_progress: OnProgress | None = None,
    finished: Iterable[ExchangeRecord] = (),
    config: RunnableConfig | None = None,
    **options: Unpack[ComparisonOptions],
) -> Comparison:
    """Ask in several ways, at the same budget of responses, and measure what comes back.

    Each method gets n responses to each prompt: `direct` from n calls, the others from exchanges
    of k candidates, the last of which asks for what is left. Replies are never taken from
    LangChain's cache, where all would be the same. Works in notebooks, too.

    An exchange that fails is reported in the result and takes nothing from the others. To resume
    a run that was interrupted, keep the records that `on_progress` gets, and pass them as
    `finished`.

    Args:
        llm: The model: whatever `VerbalizedSamplingRunnable` takes.
        prompts: One prompt, or several, each once.
        methods: The ways to ask, each once.
        n: Responses to each prompt by each method.
        k: Candidates asked for in one exchange.
        embeddings: A LangChain `Embeddings`, or a function from a list of texts to vectors, for
            the metrics that need one; None leaves these out.
        max_concurrency: Most exchanges at a time.
        on_progress: Called in this thread after each exchange, with the number of those that
            have ended, the number of all, and the record of this one.
        finished: Records of an earlier run. What they answer is not asked again, if it was asked
            in just this way and did not fail.
        config: As for any Runnable; each exchange is a run of its own.
        **options: As in `vs_core.comparison.ComparisonSettings`: `reference`, `metrics`, `seed`,
            `model` and, of the settings of an exchange, `max_probability`, `definition`,
            `layout`, `words`, `wording`, `instructions`, `structured_output`, `placement`,
            `max_topups` and `max_reasks`.

    Raises:
        pydantic.ValidationError: A setting is out of range.
        ValueError: There is no metric of a name, or one needs what is not given.
        MissingExtraError: A metric needs a library of the `eval` extra.
        VerbalizedSamplingParserError: No reply at all could be read; it has the first.
        Exception: The first error of the model, if not a single exchange brought a response.

    Example:
        >>> from langchain_vs import SimulatedChatModel, compare
        >>> found = compare(
        ...     SimulatedChatModel(seed=1), "Tell me a joke about coffee", ["direct", "standard"]
        ... )
        >>> direct, standard = (summary.distinct for summary in found.summaries)
        >>> direct < standard
        True
    """
    settings = ComparisonSettings(prompts=prompts, methods=methods, n=n, k=k, **options)
    experiment = Experiment(settings, embeddings=embeddings, finished=finished)
    run_experiment(
        experiment, llm, max_concurrency=max_concurrency, on_progress=on_progress, config=config
    )
    with as_langchain_error():
        experiment.require_responses()
    return experiment.comparison()


async def acompare(
    llm: Askable,
    prompts: str | Iterable[str],
    methods: Sequence[Method] = DEFAULT_METHODS,
    n: int = 30,
    k: int = 5,
    *,
    embeddings: Any = None,
    max_concurrency: int = 8,
    on_progress: OnProgress | None = None,
    finished: Iterable[ExchangeRecord] = (),
    config: RunnableConfig | None = None,
    **options: Unpack[ComparisonOptions],
) -> Comparison:
    """As `compare`, without blocking: the model is awaited, and a thread does the measuring.

    Example:
        >>> import asyncio
        >>> from langchain_vs import SimulatedChatModel, acompare
        >>> found = asyncio.run(acompare(SimulatedChatModel(seed=1), "Roll a die.", n=6))
        >>> [summary.responses for summary in found.summaries]
        [6, 6, 6]
    """
    settings = ComparisonSettings(prompts=prompts, methods=methods, n=n, k=k, **options)
    experiment = Experiment(settings, embeddings=embeddings, finished=finished)
    await arun_experiment(
        experiment, llm, max_concurrency=max_concurrency, on_progress=on_progress, config=config
    )
    with as_langchain_error():
        experiment.require_responses()
    return await asyncio.to_thread(experiment.comparison)


def run_experiment(
    experiment: Exchanges[Any, R],
    llm: Askable,
    *,
    max_concurrency: int = 8,
    on_progress: Callable[[int, int, R], object] | None = None,
    config: RunnableConfig | None = None,
) -> None:
    """Make the exchanges that are pending; for callers that go on when this is interrupted.

    Args:
        experiment: What to ask, such as an `Experiment` or a stage of a `Tuner`. It takes the
            outcomes.
        llm: As for `compare`, and so are the others.
        max_concurrency: Most exchanges at a time.
        on_progress: Called after each exchange.
        config: As for any Runnable.

    Example:
        >>> from langchain_vs import SimulatedChatModel
        >>> from langchain_vs.comparison import run_experiment
        >>> from vs_core.adapters.comparison import Experiment
        >>> from vs_core.comparison import ComparisonSettings
        >>> experiment = Experiment(ComparisonSettings(prompts="Roll a die.", n=6))
        >>> run_experiment(experiment, SimulatedChatModel(seed=1))
        >>> experiment.comparison().complete
        True
    """
    asking = _asking(llm)
    exchanging = each_in_its_way(
        experiment, lambda settings: partial(asking(settings).invoke, config=config)
    )
    conduct(experiment, exchanging, max_concurrency=max_concurrency, on_progress=on_progress)


async def arun_experiment(
    experiment: Exchanges[Any, R],
    llm: Askable,
    *,
    max_concurrency: int = 8,
    on_progress: Callable[[int, int, R], object] | None = None,
    config: RunnableConfig | None = None,
) -> None:
    """As `run_experiment`, without blocking.

    Example:
        >>> import asyncio
        >>> from langchain_vs import SimulatedChatModel
        >>> from langchain_vs.comparison import arun_experiment
        >>> from vs_core.adapters.comparison import Experiment
        >>> from vs_core.comparison import ComparisonSettings
        >>> experiment = Experiment(ComparisonSettings(prompts="Roll a die.", n=6))
        >>> asyncio.run(arun_experiment(experiment, SimulatedChatModel(seed=1)))
        >>> experiment.comparison().complete
        True
    """
    asking = _asking(llm)
    exchanging = each_in_its_way(
        experiment, lambda settings: partial(asking(settings).ainvoke, config=config)
    )
    await aconduct(experiment, exchanging, max_concurrency=max_concurrency, on_progress=on_progress)


def _asking(llm: Askable) -> Callable[[dict[str, Any]], VerbalizedSamplingRunnable]:
    """Of the settings of exchanges, what makes them; never from LangChain's cache."""
    fresh = uncached(as_model(llm))
    return lambda settings: VerbalizedSamplingRunnable(llm=fresh, **settings)
