"""What makes calls in a process of its own: for engines that spread a generation over processes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from langchain_vs._model import as_model
from langchain_vs._uncached import uncached
from langchain_vs.runnable import VerbalizedSamplingRunnable
from vs_core import MissingExtraError, VerbalizedDistribution
from vs_core.generation import ImportedFactory, RayEngine

MakeCall = Callable[[str, Mapping[str, Any]], Awaitable[VerbalizedDistribution[Any]]]


def calls_of_named_model(model: str, **options: Any) -> MakeCall:
    """Make the calls of a model that has a name; its key comes from the environment.

    Args:
        model: `provider:model`, as `init_chat_model` takes it.
        **options: Its settings, such as `temperature`, `base_url` and `timeout`.

    Returns:
        An async function from a prompt and the settings of an exchange to a distribution.

    Raises:
        MissingExtraError: `langchain` is not installed.
        Exception: The provider's package is not installed, or finds no key.

    Example:
        >>> from vs_core.generation import ImportedFactory, RayEngine
        >>> worker = ImportedFactory(
        ...     function="langchain_vs.worker:calls_of_named_model",
        ...     options={"model": "openai:gpt-4o-mini", "temperature": 0.9},
        ... )
    """
    try:
        from langchain.chat_models import init_chat_model  # noqa: PLC0415  # only for names
    except ImportError as error:
        raise MissingExtraError.for_extra(f"model={model!r}", "agents", "langchain") from error
    return _calls_of(init_chat_model(model, **options))


def calls_of_made_model(factory: str, **options: Any) -> MakeCall:
    """Make the calls of a model that a function of yours makes.

    Args:
        factory: The function, as `package.module:function`. It gives what
            `VerbalizedSamplingRunnable` takes.
        **options: Its keyword arguments.

    Returns:
        An async function from a prompt and the settings of an exchange to a distribution.

    Raises:
        Exception: Whatever the function raises.

    Example:
        >>> import asyncio
        >>> from langchain_vs.worker import calls_of_made_model
        >>> call = calls_of_made_model("langchain_vs:SimulatedChatModel", seed=1)
        >>> len(asyncio.run(call("Tell me a joke about coffee", {"k": 3})))
        3
    """
    return _calls_of(ImportedFactory(function=factory, options=options).make())


def ray_engine_for(llm: Any, **settings: Any) -> RayEngine:
    """The engine that calls a model in the processes of a Ray cluster.

    Args:
        llm: The model by its name, as `init_chat_model` takes it, or an `ImportedFactory` that
            makes it. The model itself, with its key, does not travel.
        **settings: As for `vs_core.generation.RayEngine`, such as `address`.

    Raises:
        TypeError: It is a model.
        pydantic.ValidationError: A setting is out of range, or holds a key.

    Example:
        >>> from langchain_vs import ray_engine_for
        >>> engine = ray_engine_for("openai:gpt-4o-mini", num_actors=4)
    """
    if isinstance(llm, str):
        worker = ImportedFactory(
            function="langchain_vs.worker:calls_of_named_model", options={"model": llm}
        )
    elif isinstance(llm, ImportedFactory):
        worker = ImportedFactory(
            function="langchain_vs.worker:calls_of_made_model",
            options={"factory": llm.function, **llm.options},
        )
    else:
        raise TypeError(
            f"llm is a {type(llm).__name__}, and Ray's processes make the model themselves: give "
            "its name, such as 'openai:gpt-4o-mini', or an ImportedFactory"
        )
    return RayEngine(worker, **settings)


def _calls_of(llm: Any) -> MakeCall:
    # From a cache, calls that are meant to differ would all be answered alike.
    model = uncached(as_model(llm))

    async def call(prompt: str, settings: Mapping[str, Any]) -> VerbalizedDistribution[Any]:
        return await VerbalizedSamplingRunnable(llm=model, **settings).ainvoke(prompt)

    return call
