"""Errors about settings, in the name of the class that the user gave them to. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError


@contextmanager
def settings_of(owner: object) -> Iterator[None]:
    """Have pydantic's errors name the class of a component, not that of a part which checks them.

    Args:
        owner: The component.
    """
    try:
        yield
    except ValidationError as error:
        lines = [_line(detail) for detail in error.errors()]
        raise ValidationError.from_exception_data(type(owner).__name__, lines) from error.__cause__


def _line(detail: ErrorDetails) -> InitErrorDetails:
    # Only pydantic's own kinds of error have an address, and can be named by their type.
    kind: str | PydanticCustomError = detail["type"]
    if "url" not in detail:
        kind = PydanticCustomError("custom", "{message}", {"message": detail["msg"]})
    line = InitErrorDetails(type=kind, loc=detail["loc"], input=detail["input"])
    if "ctx" in detail and "url" in detail:
        line["ctx"] = detail["ctx"]
    return line
