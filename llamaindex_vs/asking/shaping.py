"""How a model is told the shape of its reply: as a tool, or as a JSON schema."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import LLM
from llama_index.core.llms.structured_llm import StructuredLLM
from llama_index.core.tools import BaseTool, FunctionTool, ToolMetadata
from pydantic import BaseModel

from vs_core import PromptSettings, UnsuitableModelError
from vs_core.adapters import TOOL_NAME, Ask, can_be_strict

S = TypeVar("S", bound=PromptSettings)


@dataclass(frozen=True)
class Request:
    """What one call is given besides its messages.

    Attributes:
        tools: The tools to offer.
        parameters: Keyword arguments.
    """

    tools: list[BaseTool] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)


class _Interface(NamedTuple):
    """What a provider's interface calls things.

    Attributes:
        schema_parameter: Keyword arguments that have it enforce a JSON schema.
        tool_choice: What makes the model call our tool.
        enforces: Whether a model is known to enforce schemas.
    """

    schema_parameter: Callable[[LLM, dict[str, Any]], dict[str, Any]]
    tool_choice: str | dict[str, Any]
    enforces: Callable[[Any], bool]


def _response_format(_: LLM, schema: dict[str, Any]) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _text_format(llm: LLM, schema: dict[str, Any]) -> dict[str, Any]:
    # An argument of a call replaces the model's own, which may say how verbose it is to be.
    own = getattr(llm, "additional_kwargs", {}).get("text") or {}
    return {"text": {**own, "format": {"type": "json_schema", **schema}}}


def _says_so_itself(llm: Any) -> bool:
    """What LlamaIndex's own structured predictions go by."""
    return bool(llm._should_use_structure_outputs())  # noqa: SLF001  # it has no public name


# LlamaIndex has no common interface for schemas, and these packages need not be installed.
_INTERFACES = {
    "llama_index.llms.openai.responses.OpenAIResponses": _Interface(
        _text_format, {"type": "function", "name": TOOL_NAME}, lambda _: True
    ),
    "llama_index.llms.openai.base.OpenAI": _Interface(_response_format, TOOL_NAME, _says_so_itself),
}


def settled(settings: S, llm: LLM) -> S:
    """The settings with `structured_output="auto"` decided for a model.

    Args:
        settings: What is asked.
        llm: The model.
    """
    if settings.structured_output != "auto":
        return settings
    interface = _interface_of(llm)
    able = settings.method != "direct" and interface is not None and interface.enforces(llm)
    return settings.model_copy(update={"structured_output": "json_schema" if able else None})


def require_shapeable(llm: LLM | None, settings: PromptSettings) -> None:
    """Refuse settings that the model cannot follow.

    Args:
        llm: The model, if it is known yet.
        settings: What is asked.

    Raises:
        UnsuitableModelError: The message says what is missing.
    """
    if llm is None:
        return
    if isinstance(llm, StructuredLLM):
        raise UnsuitableModelError(
            f"the model writes one {llm.output_cls.__name__} and nothing else: give the model that "
            f"it wraps, and value_schema={llm.output_cls.__name__}"
        )
    name = type(llm).__name__
    if settings.shaping == "function_calling" and not _calls_functions(llm):
        raise UnsuitableModelError(
            "structured_output='function_calling' needs a model that calls functions, and "
            f"{name} does not: give one that does, or leave it None"
        )
    if settings.shaping == "json_schema" and _interface_of(llm) is None:
        has = "has another" if llm.metadata.is_chat_model else "has is_chat_model=False"
        instead = "take 'function_calling', or " if _calls_functions(llm) else ""
        raise UnsuitableModelError(
            "structured_output='json_schema' needs a chat model with OpenAI's interface (OpenAI, "
            f"OpenAILike, OpenAIResponses), as LlamaIndex has no common one, and {name} {has}: "
            f"{instead}leave it None and set layout='json'"
        )


def request_of(llm: LLM, settings: PromptSettings, ask: Ask[ChatMessage]) -> Request:
    """What a call is given so that the reply has the shape that the settings say.

    Args:
        llm: The model.
        settings: What is asked.
        ask: The call, which knows the shape.
    """
    if settings.shaping is None:
        return Request()
    schema, interface = dict(ask.schema), _interface_of(llm)
    if settings.shaping == "function_calling":
        choice: dict[str, Any] = {"tool_required": True}
        if interface is not None:
            strict = getattr(llm, "strict", False) and can_be_strict(schema)
            choice = {"tool_choice": interface.tool_choice, "strict": strict}
        # LlamaIndex would else drop all calls but the first, which may be another tool's.
        return Request([_reply_tool(schema)], {**choice, "allow_parallel_tool_calls": True})
    if interface is None:
        require_shapeable(llm, settings)
        return Request()
    named = {"name": schema.pop("title"), "description": schema.pop("description")}
    enforced = {**named, "schema": schema, "strict": can_be_strict(schema)}
    return Request(parameters=interface.schema_parameter(llm, enforced))


def _interface_of(llm: LLM) -> _Interface | None:
    if not llm.metadata.is_chat_model:
        return None
    names = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(llm).__mro__]
    return next((_INTERFACES[name] for name in names if name in _INTERFACES), None)


def _calls_functions(llm: LLM) -> bool:
    return isinstance(llm, FunctionCallingLLM) and llm.metadata.is_function_calling_model


def _reply_tool(schema: dict[str, Any]) -> BaseTool:
    class Arguments(BaseModel):
        """Stands for the schema wherever LlamaIndex wants a model of it."""

        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return deepcopy(schema)

    metadata = ToolMetadata(
        name=schema["title"], description=schema["description"], fn_schema=Arguments
    )
    return FunctionTool(fn=_never_called, metadata=metadata)


def _never_called(**arguments: Any) -> None:
    """The model's arguments are the reply; nothing is to be run."""
