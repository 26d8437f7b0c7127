"""Settings as arguments: choices and defaults are those of the fields."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
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
    "digest": _Argument(
        "--digest", "earlier answers that a later call is told to differ from; 0 tells none", "N"
    ),
    "near_duplicate": _Argument(
        "--near-duplicate", "texts this similar count as the same; none compares whole texts", "S"
    ),
    "min_distance": _Argument(
        "--min-distance", "with --embeddings: texts nearer than this count as the same", "D"
    ),
    "until_unseen": _Argument(
        "--until-unseen", "stop when another call would bring less than this share of new ones", "U"
    ),
    "structured_output": _Argument(
        "--structured-output",
        "have the provider shape the reply: json_schema, function_calling, none, or auto, which is "
        "json_schema where the model is known to enforce one",
        "HOW",
    ),
    "instructions": _Argument(
        "--instructions", "your own wording, in front of what is asked", "TEXT"
    ),
    "max_calls": _Argument("--max-calls", "most model calls, over all prompts and runs", "N"),
    "max_tokens": _Argument(
        "--max-tokens", "most tokens, sent and received, over all prompts and runs", "N"
    ),
}


def add_settings(
    command: argparse.ArgumentParser, kind: type[BaseModel], *names: str, **meanings: str
) -> None:
    """Add an argument for each of some settings.

    Args:
        command: The parser of a command.
        kind: The settings.
        *names: Which of them.
        **meanings: What some of them mean to this command, by name.
    """
    types_of = get_type_hints(kind)
    for name in names:
        argument, default = _ARGUMENTS[name], kind.model_fields[name].default
        meaning = meanings.get(name, argument.help)
        values = _values_of(types_of[name])
        if argument.metavar is not None:
            values["metavar"] = argument.metavar
        command.add_argument(
            argument.flag,
            dest=name,
            default=default,
            help=meaning if default is None else f"{meaning} ({default})",
            **values,
        )


def flag_of(name: str) -> str | None:
    """How a setting is said on the command line; None if it cannot be said there.

    Args:
        name: The setting.

    Example:
        >>> from vs_cli.setting_arguments import flag_of
        >>> flag_of("structured_output")
        '--structured-output'
    """
    argument = _ARGUMENTS.get(name)
    return None if argument is None else argument.flag


def settings_in(asked: argparse.Namespace) -> dict[str, Any]:
    """The settings that a command line has, by name, and those of a preset that it cannot say.

    Args:
        asked: The command line, of a command with `add_settings`.
    """
    said = {name: value for name, value in vars(asked).items() if name in _ARGUMENTS}
    return {**getattr(asked, "unsayable", {}), **said}


def sayable(asked: argparse.Namespace) -> set[str]:
    """Names of the settings that a command has arguments for.

    Args:
        asked: Its command line.
    """
    return set(vars(asked)) & set(_ARGUMENTS)


def _values_of(annotation: Any) -> dict[str, Any]:
    """What argparse is to take for a type.

    None is said by a word: a preset may have set what is None if the argument is left out.
    """
    if get_origin(annotation) is Literal:
        return {"choices": get_args(annotation)}
    kinds = get_args(annotation) or [annotation]
    [type_of] = [kind for kind in kinds if kind is not NoneType]
    or_none = NoneType in kinds
    if get_origin(type_of) is None:
        return {"type": _or_none(type_of) if or_none else type_of}
    values = _values_of(type_of)
    if not or_none:
        return values
    listed = ",".join([*values["choices"], "none"])
    return {"type": _or_none(_one_of(values["choices"])), "metavar": f"{{{listed}}}"}


def _one_of(choices: Sequence[str]) -> Callable[[str], str]:
    def read(written: str) -> str:
        if written not in choices:
            listed = ", ".join([*choices, "none"])
            raise argparse.ArgumentTypeError(f"invalid choice: {written!r} (choose from {listed})")
        return written

    return read


def _or_none(type_of: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(written: str) -> Any:
        return None if written == "none" else type_of(written)

    read.__name__ = getattr(type_of, "__name__", "value")  # as argparse calls it
    return read
