"""`ImportedFactory`: something that is made where it is needed, and never travels itself."""

from __future__ import annotations

from importlib import import_module
from operator import attrgetter
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator

from vs_core.generation.ray.secrets import secrets_in


class ImportedFactory(BaseModel):
    """A function that can be imported, and its arguments: a model as a note instead of an object.

    Models hold their key, connections and locks, and many cannot be pickled. So processes are told
    how to make one, and take the key from their own environment.

    Attributes:
        function: Where it is: `package.module:function`.
        options: Its keyword arguments, as plain JSON data and without any key.

    Raises:
        pydantic.ValidationError: The function is written otherwise, or an option holds a key.

    Example:
        >>> from vs_core.generation import ImportedFactory
        >>> ImportedFactory(function="fractions:Fraction", options={"numerator": 3}).make()
        Fraction(3, 1)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    function: str = Field(pattern=r"^[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*$")
    options: dict[str, JsonValue] = Field(default_factory=dict)

    @field_validator("function")
    @classmethod
    def _other_processes_can_import_it(cls, function: str) -> str:
        if function.startswith("__main__:"):
            raise ValueError(
                f"{function!r} stands in the program itself, which other processes cannot import: "
                "put the function into a module beside it, and name that"
            )
        return function

    @field_validator("options")
    @classmethod
    def _no_key_travels(cls, options: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if secret := ", ".join(secrets_in(options)):
            raise ValueError(
                f"{secret} would be passed on to other processes and kept there: leave it out, and "
                "set the provider's variable (such as OPENAI_API_KEY) where they are started"
            )
        return options

    @property
    def name(self) -> str:
        """What the thing is called: its option `model`, else the function."""
        return str(self.options.get("model", self.function))

    def make(self) -> Any:
        """Import the function, and call it.

        Raises:
            ImportError: There is no such module.
            AttributeError: The module has no such function.
            Exception: Whatever the function raises.
        """
        module, _, name = self.function.partition(":")
        return attrgetter(name)(import_module(module))(**self.options)
