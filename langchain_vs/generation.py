"""`generate`: many different answers to a prompt, or to many, for data sets."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig
from typing_extensions import Unpack

from langchain_vs._model import Askable, as_model
from langchain_vs._uncached import uncached
from langchain_vs.runnable import VerbalizedSamplingRunnable
from langchain_vs.worker import ray_engine_for
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
    named,
    place_of,
)
from vs_core.generation import (
    AsyncGenerationRun,
    GenerationRun,
    GenerationSettings,
    ImportedFactory,
)

Asking = Callable[[dict[str, Any]], VerbalizedSamplingRunnable]


def generate(
    llm: Askable | ImportedFactory,
    prompts: Prompts,
    n: int = 100,
    k: int = 20,
    *,
    embeddings: Any = None,
    max_concurrency: int = 8,
    journal: str | os.PathLike[str] | None = None,
    engine: EngineName | Engine = "asyncio",
    model: str | None = None,
    config: RunnableConfig | None = None,
    **options: Unpack[GenerationOptions],
) -> GenerationRun:
    """Get n different answers to each prompt.

    Each prompt is explored in rounds of calls of k candidates each; later calls are told some of
    what there is already, and what is not new is refused. See
    `vs_core.generation.GenerationSettings` for when it ends, and
    `vs_core.adapters.generation.conduct_generation` for what is done about errors.

    Nothing is asked before the first record is taken. Works in notebooks, too.

    Args:
        llm: The model: whatever `VerbalizedSamplingRunnable` takes. Its synchronous methods are
            called, in threads. Replies are never taken from LangChain's cache. Or a
            `vs_core.generation.ImportedFactory` that makes one.
        prompts: One prompt or several, each a text, a `vs_core.generation.GenerationPrompt`, or a
            mapping with the text under `prompt` and settings of its own beside it. They are taken
            as they are needed; one that comes again is left out.
        n: Different answers to each prompt.
        k: Candidates asked for in one call, at most 20; ask for fewer where they are long.
        embeddings: A LangChain `Embeddings`, or a function from a list of texts to vectors: what
            means nearly the same is refused as well. None compares texts only.
        max_concurrency: Most calls at a time.
        journal: A folder, in which the outcome of every call is kept: run the same again, and
            only what is missing is asked for. None keeps nothing.
        engine: Where calls are made: in this process, or by Ray, for which `llm` is a name or an
            `ImportedFactory`; or an engine, such as `langchain_vs.ray_engine_for` makes.
        model: Name of the model, for records and journal; None takes the one it tells.
        config: As for any Runnable; each call is a run of its own.
        **options: As in `vs_core.generation.GenerationSettings`.

    Raises:
        pydantic.ValidationError: A setting is out of range.
        ValueError: `max_concurrency` is less than 1; or, when it begins, there is no prompt.
        TypeError: `embeddings` embeds nothing, or `llm` is a model and `engine` is "ray".
        JournalError: The journal is of another model or other settings.
        MissingExtraError: A library of the `generate` extra, or Ray, is not installed.

    Example:
        >>> from langchain_vs import SimulatedChatModel, generate
        >>> run = generate(SimulatedChatModel(seed=1), "Name a US state", n=20)
        >>> len({record.value for record in run})
        20
        >>> run.report.figures.accepted
        20
    """
    settings = GenerationSettings(n=n, k=k, **options)

    def in_threads() -> Engine:
        asking = _asking(llm)
        return InThreads(lambda call: asking(call.settings).invoke(call.prompt, config))

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
    llm: Askable | ImportedFactory,
    prompts: Prompts,
    n: int = 100,
    k: int = 20,
    *,
    embeddings: Any = None,
    max_concurrency: int = 8,
    journal: str | os.PathLike[str] | None = None,
    engine: EngineName | Engine = "asyncio",
    model: str | None = None,
    config: RunnableConfig | None = None,
    **options: Unpack[GenerationOptions],
) -> AsyncGenerationRun:
    """As `generate`, without blocking: iterate with `async for`, or await it for the result.

    Example:
        >>> import asyncio
        >>> from langchain_vs import SimulatedChatModel, agenerate
        >>> async def states():
        ...     run = agenerate(SimulatedChatModel(seed=1), "Name a US state", n=20)
        ...     return [record.value async for record in run]
        >>> len(set(asyncio.run(states())))
        20
    """
    settings = GenerationSettings(n=n, k=k, **options)
    return AsyncGenerationRun(
        *begin_generation(
            prompts,
            settings,
            chosen_engine(
                engine,
                here=lambda: engine_for(llm, config),
                by_ray=lambda: ray_engine_for(llm),
            ),
            identity=_identity(llm, model),
            simulated=_is_simulated(llm),
            max_concurrency=max_concurrency,
            aembed=aembed_by(embeddings),
            journal=journal,
        )
    )


def engine_for(llm: Askable | ImportedFactory, config: RunnableConfig | None = None) -> InEventLoop:
    """The engine that makes calls to a model in the event loop, for callers of their own.

    Args:
        llm: As for `generate`.
        config: As for any Runnable.

    Example:
        >>> import asyncio
        >>> from langchain_vs import SimulatedChatModel
        >>> from langchain_vs.generation import engine_for
        >>> from vs_core.adapters.generation import Generation
        >>> from vs_core.generation import GenerationSettings
        >>> call = Generation("Name a US state", GenerationSettings(n=3)).next_step()
        >>> len(asyncio.run(engine_for(SimulatedChatModel(seed=1)).call(call)))
        3
    """
    asking = _asking(llm)
    return InEventLoop(lambda call: asking(call.settings).ainvoke(call.prompt, config))


def _asking(llm: Askable | ImportedFactory) -> Asking:
    """Makes what asks the model, never from LangChain's cache."""
    fresh = uncached(as_model(llm.make() if isinstance(llm, ImportedFactory) else llm))
    return lambda settings: VerbalizedSamplingRunnable(llm=fresh, **settings)


def _identity(llm: Askable | ImportedFactory, name: str | None) -> dict[str, Any]:
    """What tells a model from others, as far as it tells; nothing that is secret."""
    if isinstance(llm, ImportedFactory):
        return {"model": name or llm.name, "factory": llm.model_dump()}
    model = _chat_model_in(llm)
    if model is None:
        return {"model": name or (llm if isinstance(llm, str) else named(llm))}
    told = model._get_ls_params()  # noqa: SLF001  # as LangChain's tracers name models
    return {
        "model": name or told.get("ls_model_name") or named(model),
        "temperature": told.get("ls_temperature"),
        "base_url": place_of(model),
    }


def _is_simulated(llm: Askable | ImportedFactory) -> bool:
    model = _chat_model_in(llm)
    return model is not None and model._llm_type == "simulated"  # noqa: SLF001  # its public name


def _chat_model_in(llm: Any) -> BaseChatModel | None:
    """The chat model behind bindings and retries."""
    while llm is not None and not isinstance(llm, BaseChatModel):
        llm = getattr(llm, "bound", None)
    return llm
