"""What was asked for, as far as it helps to read the reply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from vs_core.values.schema import is_valid, json_schema_of
from vs_core.values.terms import Definition, Layout, StructuredOutput

_SCALARS = frozenset(("string", "integer", "number", "boolean", "null"))


class Asked(Protocol):
    """The settings of a prompt that a reader makes use of; `PromptSettings` has them."""

    @property
    def layout(self) -> Layout:
        """The notation asked for."""
        ...

    @property
    def k(self) -> int:
        """The number of candidates asked for."""
        ...

    @property
    def asked_definition(self) -> Definition:
        """Which number was asked for."""
        ...

    @property
    def asks_for_probability(self) -> bool:
        """Whether a number was asked for at all."""
        ...

    @property
    def value_schema(self) -> Any:
        """The type each response must have, None for text."""
        ...

    @property
    def structured_output(self) -> StructuredOutput | None:
        """How the provider shapes the reply, None if it does not."""
        ...


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a reader expects of a reply.

    Attributes:
        layout: The notation asked for, None if nothing is known.
        definition: Which number was asked for.
        fields: The names in the schema of typed values; empty if they have none.
        numbered: Whether a number was asked for.
        typed: Whether each response is a value of a type, and opaque.
        scalar: Whether such a value is a text, a number or a constant, and never an object.
        textual: Whether such a value may be any text, so that a text is never looked into.
        labelled: Whether it may be a text as well as an object of a text and what labels it.
        fits: Whether a text is a value of the type.
    """

    layout: Layout | None = None
    definition: Definition = "explicit"
    fields: frozenset[str] = frozenset()
    numbered: bool = True
    typed: bool = False
    scalar: bool = False
    textual: bool = False
    labelled: bool = False
    fits: Callable[[str], bool] = bool


def expectation_of(asked: Asked | None) -> Expectation:
    """What the settings of a prompt let a reader expect.

    Args:
        asked: The settings, None if they are not known.
    """
    if asked is None:
        return Expectation()
    shaped = asked.structured_output not in (None, "auto")
    layout: Layout = "json" if shaped else asked.layout
    schema = asked.value_schema
    if schema is None:
        numbered = asked.asks_for_probability
        return Expectation(layout=layout, definition=asked.asked_definition, numbered=numbered)
    shapes = [*_alternatives(json_schema_of(schema))]
    fields = frozenset(name for shape in shapes for name in shape.get("properties", ()))
    textual = any(map(_is_textual, shapes))
    return Expectation(
        layout=layout,
        definition=asked.asked_definition,
        fields=fields,
        numbered=asked.asks_for_probability,
        typed=True,
        scalar=all(map(_is_scalar, shapes)),
        textual=textual,
        labelled=textual and "text" in fields,
        fits=partial(is_valid, value_schema=schema),
    )


def _alternatives(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The shapes that a value may have, each without the references around it."""
    definitions = schema.get("$defs", {})
    waiting, seen = [schema], set()
    while waiting:
        shape = waiting.pop()
        inner = [part for kind in ("anyOf", "oneOf", "allOf") for part in shape.get(kind, ())]
        name = str(shape.get("$ref", "")).removeprefix("#/$defs/")
        if name in definitions and name not in seen:
            seen.add(name)
            inner.append(definitions[name])
        if not inner and "$ref" not in shape:
            yield shape
        waiting += inner


def _is_textual(shape: dict[str, Any]) -> bool:
    constrained = shape.keys() & {"enum", "const", "format", "pattern"}
    return shape.get("type", "string") == "string" and not constrained


def _is_scalar(shape: dict[str, Any]) -> bool:
    return shape.get("type") in _SCALARS or "enum" in shape or "const" in shape
