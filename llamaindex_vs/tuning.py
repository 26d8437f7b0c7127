"""`tune`: which settings give the most different answers, on these prompts with this model?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from llama_index.core.llms.llm import LLM
from llama_index_instrumentation import get_dispatcher
from typing_extensions import Unpack

from llamaindex_vs.asking.asked_model import resolve_llm
from llamaindex_vs.asking.shaping import settled
from llamaindex_vs.comparison import arun_experiment, run_experiment
from llamaindex_vs.errors import as_llama_index_error
from vs_core.adapters import ExchangeSettings
from vs_core.adapters.tuning import Tuner, TuningOptions
from vs_core.tuning import TrialRecord, Tuning, TuningSettings, Variant

_dispatcher = get_dispatcher(__name__)


@_dispatcher.span
def tune(
    llm: LLM | None,
    prompts: Iterable[str],
    variants: Sequence[Variant | Mapping[str, Any]] | None = None,
    n: int | None = None,
    k: int = 5,
    *,
    embeddings: Any = None,
    max_concurrency: int = 8,
    on_progress: Callable[[int, int, TrialRecord], object] | None = None,
    finished: Iterable[TrialRecord] = (),
    **options: Unpack[TuningOptions],
) -> Tuning:
    """Try a few settings, and take one of them only if it is shown to beat the default.

    Several variants of the default are halved until one is left: in each stage all of them are
    asked for the same number of responses to the same prompts, and the better half stays. The
    halving only eliminates. The one that is left meets the default on fresh calls, on all prompts;
    if the interval of their difference, paired by prompt, includes 0, the default is kept. It is
    kept, too, if the other one is more diverse, but shown to be less readable.

    To resume a run that was interrupted, keep the records that `on_progress` gets, and pass them as
    `finished`. How many calls it takes, `vs_core.tuning.forecast` says before any is made.

    Args:
        llm: The model; None asks `Settings.llm`. A `VerbalizedSamplingLLM` is unwrapped.
        prompts: At least 10, each once, of the kind that you will ask.
        variants: What is tried, each as a mapping of changes such as `{"k": 10}`. None tries the
            usual ones, as `vs_core.tuning.TuningSettings` has them.
        n: Responses to each prompt by each of the two in the final; None takes as many as 100
            calls need.
        k: Candidates that the default asks for in one exchange.
        embeddings: A LlamaIndex `BaseEmbedding`, or a function from a list of texts to vectors, for
            a metric that needs one.
        max_concurrency: Most exchanges at a time.
        on_progress: Called in this thread after each exchange, with the number of those that
            have ended, the number that there will be at most, and the record of this one.
        finished: Records of an earlier run. What they answer is not asked again, if it was asked
            in just this way.
        **options: As in `vs_core.tuning.TuningSettings`: `metric`, `n_halving`, `seed`, `model`,
            `model_options` and, of the settings of an exchange, those of the default: `method`,
            `max_probability`, `definition`, `layout`, `words`, `wording`, `instructions`,
            `structured_output`, `placement`, `max_topups` and `max_reasks`.

    Raises:
        pydantic.ValidationError: A setting is out of range, a variant cannot be asked, or there
            are too few prompts or responses for anything to be shown.
        ValueError: The metric needs embeddings, and there are none.
        UnsuitableModelError: The model cannot be asked as a variant wants it.
        MissingExtraError: numpy, or what the metric needs, is not installed.
        EmbeddingsError: What came cannot be embedded.
        VerbalizedSamplingParserError: No reply at all of a stage could be read; it has the first.
        Exception: The first error of the model, if not a single exchange of a stage brought a
            response.

    Example:
        >>> from llamaindex_vs import SimulatedLLM, tune
        >>> prompts = [f"Tell me a joke about number {number}" for number in range(10)]
        >>> found = tune(SimulatedLLM(seed=1), prompts, [{"k": 10}], n=40)
        >>> found.decision, found.chosen.name
        ('no_difference', 'default')
    """
    # All stages are to ask the same model, whatever happens to Settings meanwhile.
    model = resolve_llm(llm)
    settings = TuningSettings(
        prompts=prompts,
        variants=variants,
        n=n,
        k=k,
        enforces_schemas=enforces_schemas(model),
        **options,
    )
    tuner = Tuner(settings, embeddings=embeddings, finished=finished)
    while not tuner.complete:
        run_experiment(tuner, model, max_concurrency=max_concurrency, on_progress=on_progress)
        with as_llama_index_error():
            tuner.advance()
    return tuner.tuning()


@_dispatcher.span
async def atune(
    llm: LLM | None,
    prompts: Iterable[str],
    variants: Sequence[Variant | Mapping[str, Any]] | None = None,
    n: int | None = None,
    k: int = 5,
    *,
    embeddings: Any = None,
    max_concurrency: int = 8,
    on_progress: Callable[[int, int, TrialRecord], object] | None = None,
    finished: Iterable[TrialRecord] = (),
    **options: Unpack[TuningOptions],
) -> Tuning:
    """As `tune`, without blocking: the model is awaited, and a thread does the measuring.

    Example:
        >>> import asyncio
        >>> from llamaindex_vs import SimulatedLLM, atune
        >>> prompts = [f"Name a word of {number} letters" for number in range(2, 12)]
        >>> found = asyncio.run(atune(SimulatedLLM(seed=1), prompts, [{"k": 4}], n=30))
        >>> found.final.default.asked
        300
    """
    # All stages are to ask the same model, whatever happens to Settings meanwhile.
    model = resolve_llm(llm)
    settings = TuningSettings(
        prompts=prompts,
        variants=variants,
        n=n,
        k=k,
        enforces_schemas=enforces_schemas(model),
        **options,
    )
    tuner = Tuner(settings, embeddings=embeddings, finished=finished)
    while not tuner.complete:
        await arun_experiment(
            tuner, model, max_concurrency=max_concurrency, on_progress=on_progress
        )
        with as_llama_index_error():
            await asyncio.to_thread(tuner.advance)
    return tuner.tuning()


def enforces_schemas(llm: LLM) -> bool:
    """Whether a model is known to enforce a JSON schema, so that this is worth a try.

    Args:
        llm: The model.
    """
    return settled(ExchangeSettings(structured_output="auto"), llm).structured_output is not None
