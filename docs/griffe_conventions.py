"""What Griffe has to be told to read this project's docstrings and classes."""

from __future__ import annotations

import re
from typing import Any

import griffe

_VARIADIC = {griffe.ParameterKind.var_positional, griffe.ParameterKind.var_keyword}


class ProjectConventions(griffe.Extension):
    """Reads `Example:` as what it is here, a doctest, and leaves out what says nothing."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Rename the section, which Griffe knows by its plural only."""
        if obj.docstring:
            obj.docstring.value = re.sub(
                r"^Example:$", "Examples:", obj.docstring.value, flags=re.MULTILINE
            )

    def on_class(self, *, cls: griffe.Class, **kwargs: Any) -> None:
        """Drop constructors that pass everything on: the attributes say what can be given."""
        constructor = cls.members.get("__init__")
        if isinstance(constructor, griffe.Function) and _passes_everything_on(constructor):
            cls.del_member("__init__")


def _passes_everything_on(constructor: griffe.Function) -> bool:
    return all(
        parameter.kind in _VARIADIC
        for parameter in constructor.parameters
        if parameter.name != "self"
    )
