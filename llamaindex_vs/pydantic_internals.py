"""What this package takes from inside pydantic, and why. Nothing else in it does.

- Fields and private attributes are read where pydantic keeps them: `getattr` may be passed on to
  another model by a wrapper, and a dump leaves out what the user excluded.
- State is pickled as pydantic has it, past LlamaIndex's components, which leave parts out.
- An error is made anew from its lines, as pydantic fixes the name of the class in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError


def fields_of(model: BaseModel) -> dict[str, Any]:
    """The fields of a pydantic model, those that its dump leaves out too, and extra ones.

    Args:
        model: The model.
    """
    own = {name: model.__dict__.get(name) for name in type(model).model_fields}
    return {**own, **(model.__pydantic_extra__ or {})}


def private_attributes_of(model: BaseModel) -> dict[str, Any]:
    """The private attributes of a pydantic model.

    Args:
        model: The model.
    """
    return model.__pydantic_private__ or {}


class PickledWhole(BaseModel):
    """A component that is pickled with all that it has, or not at all.

    LlamaIndex would leave out whatever cannot be pickled: a model that is wrapped, or the one that
    a sampler asks, which would then ask another one.
    """

    def __getstate__(self) -> dict[Any, Any]:
        return BaseModel.__getstate__(self)

    def __setstate__(self, state: dict[Any, Any]) -> None:
        BaseModel.__setstate__(self, state)


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
