"""`--preset`: the settings of a file as the defaults of a command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from vs_cli.errors import MisuseError
from vs_cli.setting_arguments import sayable
from vs_cli.terminal import Terminal
from vs_core import Preset

_SIMULATION = "simulated"
"""What the built-in simulation calls itself, as a model."""

_NEEDS = {"enforce_bound": ("max_probability", "--tail")}
"""What no command can say, by the setting that it needs and the argument that takes that back."""


@dataclass(frozen=True)
class _Taker:
    """A command that takes presets: its parser, and what its settings are."""

    parser: argparse.ArgumentParser
    kind: type[BaseModel]


def add_preset(command: argparse.ArgumentParser, kind: type[BaseModel]) -> None:
    """Add the argument that names a preset.

    Args:
        command: The parser of a command.
        kind: The settings of that command.
    """
    command.add_argument(
        "--preset",
        metavar="FILE",
        help="take settings from a file, as vs tune writes it; what is said here wins",
    )
    command.set_defaults(takes_preset=_Taker(command, kind), unsayable={})


def asked_of(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> Any:
    """What a command line asks for, with the settings of its preset as defaults.

    What there is to know of the preset goes to standard error.

    Args:
        parser: Of the whole command. The defaults of one of its commands may be others after it.
        arguments: The command line; None takes the process's own.

    Raises:
        MisuseError: The preset cannot be read.
    """
    asked = parser.parse_args(arguments)
    if getattr(asked, "preset", None) is None:
        return asked
    preset = _loaded(asked.preset)
    taker: _Taker = asked.takes_preset
    known = {n: value for n, value in preset.settings.items() if n in taker.kind.model_fields}
    defaults = {name: value for name, value in known.items() if name in sayable(asked)}
    beside = {name: value for name, value in known.items() if name not in defaults}
    taken = set(known)
    if "methods" in taker.kind.model_fields:
        defaults["methods"] = _with_the_plain_question(preset)
        taken.add("method")
    # Read once more: an argument may have been given with the very value of its default.
    taker.parser.set_defaults(**defaults, unsayable=beside)
    asked = parser.parse_args(arguments)
    bare = _bare(asked)
    asked.unsayable = {name: value for name, value in beside.items() if name not in bare}
    untaken = [name for name in preset.settings if name not in taken]
    for remark in (*_remarks(preset, asked, untaken), *_withdrawn(asked.preset, bare)):
        Terminal(stderr=True).say(remark)
    return asked


def _bare(asked: argparse.Namespace) -> list[str]:
    """What the preset sets beside the arguments, and makes no sense without what they took back."""
    return [
        name
        for name, (needed, _) in _NEEDS.items()
        if asked.unsayable.get(name) and getattr(asked, needed, None) is None
    ]


def _withdrawn(file: str, bare: Sequence[str]) -> Iterator[str]:
    for name in bare:
        needed, argument = _NEEDS[name]
        yield f"{file} sets {name}, which needs {needed}, and {argument} takes that back: left out"


def _with_the_plain_question(preset: Preset) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("direct", preset.settings.get("method", "standard"))))


def _loaded(file: str) -> Preset:
    try:
        return Preset.load(file)
    except OSError as error:
        raise MisuseError(f"--preset: {file}: {error.strerror or error}") from error
    except ValueError as error:
        raise MisuseError(f"--preset: {error}") from error


def _remarks(preset: Preset, asked: argparse.Namespace, left_out: Sequence[str]) -> Iterator[str]:
    file = asked.preset
    if left_out:
        yield f"{file} sets {', '.join(left_out)}, which vs {asked.command} does not take: left out"
    if preset.found is None:
        yield f"{file} has no figures: nothing shows that its settings do better than the default"
    elif other := _other_model(preset, asked):
        yield f"{file} was found {other}: what was measured may not hold"


def _other_model(preset: Preset, asked: argparse.Namespace) -> str | None:
    """How the model that is asked differs from that of the preset, if it does."""
    now, then = asked.model or _SIMULATION, preset.model
    if then is None:
        return None
    # A model names itself without its provider.
    if then not in {now, now.partition(":")[2]}:
        return f"with {_called(then)}, and {_called(now)} is asked"
    if preset.model_options is None or preset.model_options.temperature == asked.temperature:
        return None
    temperatures = (preset.model_options.temperature, asked.temperature)
    then, now = ("the provider's own" if t is None else f"{t:g}" for t in temperatures)
    return f"at another temperature ({then}; now it is {now})"


def _called(model: str) -> str:
    return "the simulation" if model == _SIMULATION else model
