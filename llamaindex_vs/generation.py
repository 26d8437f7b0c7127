"""`generate`: many different answers to a prompt, or to many, for data sets."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from llama_index.core.llms.llm import LLM
from typing_extensions import Unpack

from llamaindex_vs.asking.asked_model import resolve_llm
from llamaindex_vs.asking.sampler import VerbalizedSampler, sampler_for
from llamaindex_vs.simulated import SimulatedLLM
from llamaindex_vs.worker import ray_engine_for
from vs_core.adapters.generation import (
    Engine,
    EngineName,
    GenerationOptions,
    InEventLoop,
    InThreads,
    Prompts,
    aembed_by,
    begin_generation,
    chosen_engine,
    place_of,
)
from vs_core.generation import (
    AsyncGenerationRun,
    GenerationRun,
    GenerationSettings,
    ImportedFactory,
)

Asking = Callable[[dict[str, Any]], VerbalizedSampler]


def generate(
    llm: LLM | ImportedFactory | None,
    prompts: Prompts,
    n: int = 100,
    k: int = 20,
    *,
    embeddings: Any = None,
    max_concurrency: int = 8,
    journal: str | os.PathLike[str] | None = None,
    engine: EngineName | Engine = "asyncio",
    model: str | None = None,
    **options: Unpack[GenerationOptions],
) -> GenerationRun:
    """Get n different answers to each prompt.

    Each prompt is explored in rounds of calls of k candidates each; later calls are told some of
    what there is already, and what is not new is refused. See
    `vs_core.generation.GenerationSettings` for when it ends, and
    `vs_core.adapters.generation.conduct_generation` for what is done about errors.

    Nothing is asked before the first record is taken. Works in notebooks, too.

    Args:
        llm: The model; None asks `Settings.llm`. A `VerbalizedSamplingLLM` is unwrapped. Its
            synchronous methods are called, in threads. Or a
            `vs_core.generation.ImportedFactory` that makes one.
        prompts: One prompt or several, each a text, a `vs_core.generation.GenerationPrompt`, or a
            mapping with the text under `prompt` and settings of its own beside it. They are taken
            as they are needed; one that comes again is left out.
        n: Different answers to each prompt.
        k: Candidates asked for in one call, at most 20; ask for fewer where they are long.
        embeddings: A LlamaIndex `BaseEmbedding`, or a function from a list of texts to vectors:
            what means nearly the same is refused as well. None compares texts only.
        max_concurrency: Most calls at a time.
        journal: A folder, in which the outcome of every call is kept: run the same again, and
            only what is missing is asked for. None keeps nothing.
        engine: Where calls are made: in this process, or by Ray, for which `llm` is an
            `ImportedFactory`; or an engine, such as `llamaindex_vs.ray_engine_for` makes.
        model: Name of the model, for records and journal; None takes the one it tells.
        **options: As in `vs_core.generation.GenerationSettings`.

    Raises:
        pydantic.ValidationError: A setting is out of range.
        ValueError: `max_concurrency` is less than 1; or, when it begins, there is no prompt.
        TypeError: `embeddings` embeds nothing, or `llm` is a model and `engine` is "ray".
        JournalError: The journal is of another model or other settings.
        MissingExtraError: A library of the `generate` extra, or Ray, is not installed.

    Example:
        >>> from llamaindex_vs import SimulatedLLM, generate
        >>> run = generate(SimulatedLLM(seed=1), "Name a US state", n=20)
        >>> len({record.value for record in run})
        20
        >>> run.report.figures.accepted
        20
    """
    settings = GenerationSettings(n=n, k=k, **options)

    def in_threads() -> Engine:
        asking = _asking(llm)
        return InThreads(lambda call: asking(call.settings).run(call.prompt))

    return GenerationRun(
        *begin_generation(
            prompts,
            settings,
            chosen_engine(engine, here=in_threads, by_ray=lambda: ray_engine_for(llm)),
            identity=_identity(llm, model),
            simulated=_is_simulated(llm),
            max_concurrency=max_concurrency,
            aembed=aembed_by(embeddings),
            journal=journal,
        )
    )


def agenerate(
    llm: LLM | ImportedFactory | None,
    prompts: Prompts,
    n: int = 100,
    k: int = 20,
    *,
    embeddings: Any = None,
    max_concurrency: int = 8,
    journal: str | os.PathLike[str] | None = None,
    engine: EngineName | Engine = "asyncio",
    model: str | None = None,
    **options: Unpack[GenerationOptions],
) -> AsyncGenerationRun:
    """As `generate`, without blocking: iterate with `async for`, or await it for the result.

    Example:
        >>> import asyncio
        >>> from llamaindex_vs import SimulatedLLM, agenerate
        >>> async def states():
        ...     run = agenerate(SimulatedLLM(seed=1), "Name a US state", n=20)
        ...     return [record.value async for record in run]
        >>> len(set(asyncio.run(states())))
        20
    """
    settings = GenerationSettings(n=n, k=k, **options)

    def in_event_loop() -> Engine:
        asking = _asking(llm)
        return InEventLoop(lambda call: asking(call.settings).arun(call.prompt))

    return AsyncGenerationRun(
        *begin_generation(
            prompts,
            settings,
            chosen_engine(engine, here=in_event_loop, by_ray=lambda: ray_engine_for(llm)),
            identity=_identity(llm, model),
            simulated=_is_simulated(llm),
            max_concurrency=max_concurrency,
            aembed=aembed_by(embeddings),
            journal=journal,
        )
    )


def _asking(llm: LLM | ImportedFactory | None) -> Asking:
    # All calls are to ask the same model, whatever happens to Settings meanwhile.
    model = resolve_llm(llm.make() if isinstance(llm, ImportedFactory) else llm)
    return lambda settings: sampler_for("generate", model, **settings)


def _identity(llm: LLM | ImportedFactory | None, name: str | None) -> dict[str, Any]:
    """What tells a model from others, as far as it tells; nothing that is secret."""
    if isinstance(llm, ImportedFactory):
        return {"model": name or llm.name, "factory": llm.model_dump()}
    model = resolve_llm(llm)
    return {
        "model": name or model.metadata.model_name,
        "temperature": getattr(model, "temperature", None),
        "base_url": place_of(model),
    }


def _is_simulated(llm: LLM | ImportedFactory | None) -> bool:
    return not isinstance(llm, ImportedFactory) and isinstance(resolve_llm(llm), SimulatedLLM)
