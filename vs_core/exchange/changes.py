"""`SettingChanges`: what differs from the default settings of an exchange, as plain JSON."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, ValidationError

from vs_core.exchange.settings import ExchangeSettings
from vs_core.values.whole import whole

_OF_THE_TASK = "value_schema"
"""It says what an answer is, and may be a type, which no file can hold."""

_NAMES = tuple(name for name in ExchangeSettings.model_fields if name != _OF_THE_TASK)


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """The changes in the order in which the settings are declared."""
    if _OF_THE_TASK in given:
        raise ValueError(
            "value_schema says what is asked for, not how: leave it out, and pass it to what asks"
        )
    unknown = [name for name in given if name not in _NAMES]
    if unknown:
        raise ValueError(
            f"there is no setting {', '.join(map(repr, unknown))}: there are {', '.join(_NAMES)}"
        )
    for value in given.values():
        if isinstance(value, str):
            whole(value)
    try:
        settings = ExchangeSettings.model_validate(given, strict=True)
    except ValidationError as error:
        raise ValueError(faults(error)) from error
    return {name: getattr(settings, name) for name in _NAMES if name in given}


SettingChanges = Annotated[dict[str, Any], AfterValidator(_checked)]
"""Changes by which an exchange can be made: by their names, each of its very type."""


def faults(error: ValidationError) -> str:
    """What pydantic found wrong, and where, in one line; what was given is not repeated.

    Args:
        error: Of any model.

    Example:
        >>> from pydantic import ValidationError
        >>> from vs_core import PromptSettings
        >>> from vs_core.exchange.changes import faults
        >>> try:
        ...     PromptSettings(k=0, words=0)
        ... except ValidationError as error:
        ...     print(faults(error))
        words: Input should be greater than or equal to 1; k: Input should be greater than or \
equal to 1
    """
    return "; ".join(
        ": ".join(filter(None, [".".join(map(str, problem["loc"])), _said(problem["msg"])]))
        for problem in error.errors(include_url=False, include_input=False)
    )


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")
