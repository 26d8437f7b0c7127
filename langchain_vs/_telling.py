"""How a chat model is told the shape of its reply: by the parameters its integration makes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from langchain_core.language_models import LanguageModelInput
from langchain_core.runnables import Runnable
from langchain_core.runnables.base import RunnableBindingBase, RunnableParallel, RunnableSequence

from vs_core import UnsuitableModelError
from vs_core.adapters import can_be_strict

Model = Runnable[LanguageModelInput, Any]
Method = Callable[..., Any]

_METHODS = {"function_calling": "bind_tools", "json_schema": "with_structured_output"}
RAW = "raw"


@dataclass(frozen=True)
class Shape:
    """What a provider is to enforce.

    Attributes:
        how: `function_calling` or `json_schema`.
        schema: The JSON schema of the reply.
    """

    how: str
    schema: dict[str, Any]


class Told(NamedTuple):
    """What to call for a reply in the shape.

    Attributes:
        model: What is called.
        parameters: What each call is given besides.
        structures: Whether it gives the reply in parts, of which the one named `raw` is meant.
        offers_unseen: Whether no parameter shows which tool it offers to the model.
    """

    model: Model
    parameters: Mapping[str, Any]
    structures: bool = False
    offers_unseen: bool = False


def told(model: Model, shape: Shape) -> Told:
    """What to call instead of a model for a reply in the shape.

    Args:
        model: A chat model, or what has the same methods.
        shape: The shape.

    Raises:
        UnsuitableModelError: The model has no way to give its reply a shape.
    """
    name = _METHODS[shape.how]
    needed = f"structured_output={shape.how!r} needs a model with {name}(), and "
    without = UnsuitableModelError(
        f"{needed}{type(model).__name__} has none: give the chat model itself, or leave it None"
    )
    method = getattr(model, name, None)
    if method is None:
        raise without
    try:
        return _BY[shape.how](method, shape.schema)
    except NotImplementedError as error:
        # What LangChain's own base class raises for a model that has not defined the method.
        raise without from error
    except (TypeError, AttributeError) as error:
        raise UnsuitableModelError(
            f"{needed}that of {type(model).__name__} cannot be called as LangChain's chat models "
            f"are ({error}): leave it None"
        ) from error


def _by_tool(bind_tools: Method, schema: dict[str, Any]) -> Told:
    return _parts(bind_tools([schema], tool_choice=schema["title"]))


def _by_schema(with_structured_output: Method, schema: dict[str, Any]) -> Told:
    options: dict[str, Any] = {"method": "json_schema", "include_raw": True}
    if "strict" in inspect.signature(with_structured_output).parameters and can_be_strict(schema):
        options["strict"] = True
    structured = with_structured_output(schema, **options)
    first = structured.first if isinstance(structured, RunnableSequence) else None
    if isinstance(first, RunnableParallel) and RAW in first.steps__:
        return _parts(first.steps__[RAW])
    return Told(structured, {}, structures=True, offers_unseen=True)


_BY: dict[str, Callable[[Method, dict[str, Any]], Told]] = {
    "function_calling": _by_tool,
    "json_schema": _by_schema,
}


def _parts(bound: Any) -> Told:
    if not isinstance(bound, Runnable):
        raise TypeError(f"it gave {type(bound).__name__}, which is no Runnable")
    if isinstance(bound, RunnableBindingBase) and not bound.config:
        return Told(bound.bound, bound.kwargs)
    return Told(bound, {}, offers_unseen=True)
