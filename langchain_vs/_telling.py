"""How a chat model is told the shape of its reply: by the parameters its integration makes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from langchain_core.language_models import LanguageModelInput
from langchain_core.runnables import Runnable
from langchain_core.runnables.base import RunnableBindingBase, RunnableParallel, RunnableSequence

from vs_core import UnsuitableModelError, can_be_strict

Model = Runnable[LanguageModelInput, Any]

_METHODS = {"function_calling": "bind_tools", "json_schema": "with_structured_output"}
_RAW = "raw"


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
    """

    model: Model
    parameters: Mapping[str, Any]
    structures: bool = False


def told(model: Model, shape: Shape) -> Told:
    """What to call instead of a model for a reply in the shape.

    Args:
        model: A chat model, or what has the same methods.
        shape: The shape.

    Raises:
        UnsuitableModelError: The model has no way to give its reply a shape.
    """
    try:
        return (
            _by_tool(model, shape) if shape.how == "function_calling" else _by_schema(model, shape)
        )
    except (AttributeError, NotImplementedError, TypeError) as error:
        raise UnsuitableModelError(
            f"structured_output={shape.how!r} needs a model with {_METHODS[shape.how]}(), and "
            f"{type(model).__name__} has none: give the chat model itself, or leave it None"
        ) from error


def _by_tool(model: Model, shape: Shape) -> Told:
    method = _method(model, shape)
    return _parts(method([shape.schema], tool_choice=shape.schema["title"]))


def _by_schema(model: Model, shape: Shape) -> Told:
    method = _method(model, shape)
    options: dict[str, Any] = {"method": "json_schema", "include_raw": True}
    if "strict" in inspect.signature(method).parameters and can_be_strict(shape.schema):
        options["strict"] = True
    structured = method(shape.schema, **options)
    first = structured.first if isinstance(structured, RunnableSequence) else None
    if isinstance(first, RunnableParallel) and _RAW in first.steps__:
        return _parts(first.steps__[_RAW])
    return Told(structured, {}, structures=True)


def _method(model: Model, shape: Shape) -> Callable[..., Any]:
    return cast("Callable[..., Any]", getattr(model, _METHODS[shape.how]))


def _parts(bound: Model) -> Told:
    if isinstance(bound, RunnableBindingBase) and not bound.config:
        return Told(bound.bound, bound.kwargs)
    return Told(bound, {})
