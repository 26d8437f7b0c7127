"""What was asked for, as far as it helps to read the reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from vs_core.values.schema import json_schema_of
from vs_core.values.terms import Definition, Layout, StructuredOutput

_SCALARS = ("string", "integer", "number", "boolean")


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
        typed: Whether each response is a value of a type, and opaque.
        scalar: Whether such a value is a text, a number or a constant, and never an object.
    """

    layout: Layout | None = None
    definition: Definition = "explicit"
    fields: frozenset[str] = frozenset()
    typed: bool = False
    scalar: bool = False


def expectation_of(asked: Asked | None) -> Expectation:
    """What the settings of a prompt let a reader expect.

    Args:
        asked: The settings, None if they are not known.
    """
    if asked is None:
        return Expectation()
    schema = asked.value_schema
    shape = json_schema_of(schema) if schema is not None else {}
    return Expectation(
        layout="json" if asked.structured_output else asked.layout,
        definition=asked.asked_definition,
        fields=frozenset(shape.get("properties", {})),
        typed=schema is not None,
        scalar=shape.get("type") in _SCALARS or "enum" in shape or "const" in shape,
    )
