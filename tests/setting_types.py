"""What a static type checker is told of settings, to be compared with the settings themselves."""

from __future__ import annotations

from typing import Any, get_type_hints

from pydantic import BaseModel


def types_of(settings: type[BaseModel]) -> dict[str, Any]:
    """The types of the fields, without their limits."""
    return {name: get_type_hints(settings)[name] for name in settings.model_fields}


def options_for(settings: type[BaseModel], *, without: set[str]) -> dict[str, Any]:
    """The keyword arguments for all fields but those that the caller is not asked for."""
    assert without <= settings.model_fields.keys()
    return {name: kind for name, kind in types_of(settings).items() if name not in without}
