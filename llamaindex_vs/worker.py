"""What makes calls in a process of its own: for engines that spread a generation over processes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from llamaindex_vs.asking.sampler import VerbalizedSampler
from vs_core import VerbalizedDistribution
from vs_core.generation import ImportedFactory, RayEngine

MakeCall = Callable[[str, Mapping[str, Any]], Awaitable[VerbalizedDistribution[Any]]]


def calls_of_made_model(factory: str, **options: Any) -> MakeCall:
    """Make the calls of a model that a class or a function makes.

    Args:
        factory: As `package.module:name`, such as `llama_index.llms.openai:OpenAI`; it gives a
            LlamaIndex model. Its key comes from the environment.
        **options: Its keyword arguments.

    Returns:
        An async function from a prompt and the settings of an exchange to a distribution.

    Raises:
        Exception: Whatever the factory raises.

    Example:
        >>> import asyncio
        >>> from llamaindex_vs.worker import calls_of_made_model
        >>> call = calls_of_made_model("llamaindex_vs:SimulatedLLM", seed=1)
        >>> len(asyncio.run(call("Tell me a joke about coffee", {"k": 3})))
        3
    """
    llm = ImportedFactory(function=factory, options=options).make()

    async def call(prompt: str, settings: Mapping[str, Any]) -> VerbalizedDistribution[Any]:
        return await VerbalizedSampler(llm=llm, **settings).arun(prompt)

    return call


def ray_engine_for(llm: Any, **settings: Any) -> RayEngine:
    """The engine that calls a model in the processes of a Ray cluster.

    Args:
        llm: An `ImportedFactory` that makes the model. The model itself, with its key, does not
            travel.
        **settings: As for `vs_core.generation.RayEngine`, such as `address`.

    Raises:
        TypeError: It is a model.
        pydantic.ValidationError: A setting is out of range, or holds a key.

    Example:
        >>> from llamaindex_vs import ray_engine_for
        >>> from vs_core.generation import ImportedFactory, RayEngine
        >>> openai = ImportedFactory(
        ...     function="llama_index.llms.openai:OpenAI", options={"model": "gpt-4o-mini"})
        >>> engine = ray_engine_for(openai, num_actors=4)
    """
    if not isinstance(llm, ImportedFactory):
        raise TypeError(
            f"llm is a {type(llm).__name__}, and Ray's processes make the model themselves: give "
            "an ImportedFactory, such as of llama_index.llms.openai:OpenAI"
        )
    options = {"factory": llm.function, **llm.options}
    worker = ImportedFactory(function="llamaindex_vs.worker:calls_of_made_model", options=options)
    return RayEngine(worker, **settings)
