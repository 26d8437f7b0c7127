"""Fields of a pydantic model that are computed when first read."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


def read_through(model: type[BaseModel], **properties: str) -> None:
    """Make the named fields of a frozen model answer with a property in their place.

    pydantic keeps field values in the instance's dictionary and offers no hook for reading one;
    a data descriptor on the class stands in front of that dictionary.

    Args:
        model: The class; its subclasses inherit the behaviour.
        properties: For each field, the property to show.
    """
    for field, shown in properties.items():
        setattr(model, field, _ReadThrough(shown))


class _ReadThrough:
    def __init__(self, shown: str) -> None:
        self._shown = shown

    def __get__(self, instance: object | None, owner: type | None = None) -> Any:
        if instance is None:
            # pydantic asks the class for a default; there is none to find here.
            raise AttributeError
        return getattr(instance, self._shown)

    def __set__(self, instance: object, value: Any) -> None:
        # Only a descriptor that defines this comes before the instance's dictionary.
        raise AttributeError("the field of a frozen model cannot be set")
