"""Settings as arguments: choices and defaults are those of the fields."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel


@dataclass(frozen=True)
class _Argument:
    """How a setting is said on the command line; the settings' own page says more."""

    flag: str
    help: str
    metavar: str | None = None


_ARGUMENTS = {
    "n": _Argument("-n", "responses for each prompt and method", "N"),
    "k": _Argument("-k", "candidates to ask for in one exchange", "N"),
    "method": _Argument("--method", "how to ask"),
    "max_probability": _Argument(
        "--tail", "ask for answers each less probable than P, such as 0.1", "P"
    ),
    "definition": _Argument(
        "--definition", "which number to ask for (the better one for the method)"
    ),
    "layout": _Argument("--layout", "notation to ask for"),
    "wording": _Argument("--wording", "the package's words, or the paper's own prompt: simple"),
}


def add_settings(command: argparse.ArgumentParser, kind: type[BaseModel], *names: str) -> None:
    """Add an argument for each of some settings.

    Args:
        command: The parser of a command.
        kind: The settings.
        *names: Which of them.
    """
    types_of = get_type_hints(kind)
    for name in names:
        argument, default = _ARGUMENTS[name], kind.model_fields[name].default
        command.add_argument(
            argument.flag,
            dest=name,
            default=default,
            metavar=argument.metavar,
            help=argument.help if default is None else f"{argument.help} ({default})",
            **_values_of(types_of[name]),
        )


def settings_in(asked: argparse.Namespace) -> dict[str, Any]:
    """The settings that a command line has, by name.

    Args:
        asked: The command line, of a command with `add_settings`.
    """
    return {name: value for name, value in vars(asked).items() if name in _ARGUMENTS}


def _values_of(annotation: Any) -> dict[str, Any]:
    """What argparse is to take for a type; None is said by leaving the argument out."""
    if get_origin(annotation) is Literal:
        return {"choices": get_args(annotation)}
    [type_of] = [kind for kind in get_args(annotation) or [annotation] if kind is not NoneType]
    return {"type": type_of} if get_origin(type_of) is None else _values_of(type_of)
