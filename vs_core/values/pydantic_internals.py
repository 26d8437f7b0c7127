"""What is done with pydantic models behind pydantic's back; nothing else touches its internals.

Each chunk of a stream is a distribution, and each step on one makes another: validating again what
has been validated took most of the time. And the candidates of a distribution are normalised when
they are first read, for which pydantic has no hook. What another library finds wrong with a value
is said by an error of pydantic's.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Model = TypeVar("Model", bound=BaseModel)
_set = object.__setattr__


@cache
def _all_fields(model: type[BaseModel]) -> set[str]:
    # One for all instances: these models are frozen, and pydantic copies it with them.
    return set(model.model_fields)


def unvalidated(
    model: type[Model], fields: dict[str, Any], private: dict[str, Any] | None = None
) -> Model:
    """What `model_construct` makes of a full set of fields, in a quarter of the time.

    Args:
        model: The class, which is frozen.
        fields: A valid value for every field; the dictionary becomes the model's own.
        private: The private attributes, if the class has any.

    Example:
        >>> from vs_core import Dropped
        >>> unvalidated(Dropped, {"fragment": "0.1", "reason": "no text"}).reason
        'no text'
    """
    built = model.__new__(model)
    _set(built, "__dict__", fields)
    _set(built, "__pydantic_fields_set__", _all_fields(model))
    _set(built, "__pydantic_extra__", None)
    _set(built, "__pydantic_private__", private)
    return built


def refusal(name: str, where: tuple[str | int, ...], said: str, value: object) -> ValidationError:
    """The error that pydantic would raise for a value that does not fit.

    Args:
        name: What the type is called.
        where: The way to what is wrong, from the outermost value.
        said: What should stand there.
        value: The whole value.

    Example:
        >>> refusal("Persona", ("age",), "should be at least 18", {"age": 3}).errors()[0]["loc"]
        ('age',)
    """
    # A custom error's message is a template; what a schema says is not.
    kind = PydanticCustomError("json_schema", "{said}", {"said": said})
    line = InitErrorDetails(type=kind, loc=where, input=value)
    return ValidationError.from_exception_data(name, [line])


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
