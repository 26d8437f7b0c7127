"""`main`: run the command. Results go to standard output, everything else to standard error."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from vs_cli.advice import told_with_reply
from vs_cli.arguments import parser
from vs_cli.ending import interrupted_by_sigterm
from vs_cli.errors import FailureError, MisuseError
from vs_cli.explain import explain
from vs_cli.methods import show_methods
from vs_cli.presets import asked_of
from vs_cli.sample import sample
from vs_cli.terminal import Terminal
from vs_core import (
    JournalError,
    MissingExtraError,
    NoCandidatesError,
    PromptError,
    UnsuitableModelError,
    VSError,
)

DONE, FAILED, MISUSED, HANDED_OVER, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143

_ASKED_AMISS = (MisuseError, JournalError, MissingExtraError, PromptError, UnsuitableModelError)
"""What concerns the question; every other error of ours concerns what came of it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `vs`.

    Args:
        arguments: The command line without the program's name; None takes the process's own.

    Returns:
        Exit code: 0 when done, 1 when the model call failed, its reply is of no use, or something
        could not be written, 2 when something was asked that cannot be done (a bad setting, a
        missing package, key or file), 3 when a decision is less probable than its threshold, 130
        when interrupted, 143 when interrupted by SIGTERM.

    Example:
        >>> from vs_cli import main
        >>> main(["sample", "Roll a die.", "--pick", "all", "--json"])  # doctest: +ELLIPSIS
        {...}
        0
    """
    with interrupted_by_sigterm() as is_terminated:
        code = _run_and_tell(arguments)
        return TERMINATED if code == INTERRUPTED and is_terminated() else code


def _run_and_tell(arguments: Sequence[str] | None) -> int:
    try:
        return _run(asked_of(parser(), arguments))
    except ValidationError as error:
        return _complain(_settings_advice(error), MISUSED)
    except _ASKED_AMISS as error:
        return _complain(str(error), MISUSED)
    except NoCandidatesError as error:
        return _complain(told_with_reply(error), FAILED)
    except (FailureError, VSError) as error:
        return _complain(str(error), FAILED)
    except BrokenPipeError:
        # Nobody reads on, as after `| head`: that is no fault.
        _let_go_of_output()
        return FAILED
    except OSError as error:
        # Files name themselves, and models are called elsewhere: what is left is the output.
        _let_go_of_output()
        return _complain(f"standard output: {error.strerror or error}", FAILED)
    except KeyboardInterrupt as interrupt:
        return _complain(str(interrupt) or "interrupted", INTERRUPTED)


def _run(asked: argparse.Namespace) -> int:
    if asked.command == "explain":
        return DONE if explain(asked) else FAILED
    if asked.command == "methods":
        show_methods(Terminal())
    elif asked.command == "compare":
        from vs_cli.compare.command import compare  # noqa: PLC0415  # the others start sooner

        compare(asked)
    elif asked.command == "tune":
        from vs_cli.tune.command import tune  # noqa: PLC0415  # as above

        tune(asked)
    elif asked.command == "decide":
        from vs_cli.decide.command import decide  # noqa: PLC0415  # as above

        return HANDED_OVER if decide(asked) else DONE
    elif asked.command == "calibrate":
        from vs_cli.calibrate.command import run_calibrate  # noqa: PLC0415  # as above

        run_calibrate(asked)
    elif asked.command == "generate":
        from vs_cli.generate.command import generate  # noqa: PLC0415  # as above

        generate(asked)
    else:
        sample(asked)
    return DONE


def _settings_advice(error: ValidationError) -> str:
    return "\n".join(
        # What concerns several settings together names them itself.
        f"{'.'.join(map(str, problem['loc']))}={problem['input']!r}: {_said(problem)}"
        if problem["loc"]
        else _said(problem)
        for problem in error.errors(include_url=False)
    )


def _said(problem: Any) -> str:
    message: str = problem["msg"]
    return message.removeprefix("Value error, ")


def _complain(message: str, code: int) -> int:
    Terminal(stderr=True).say(f"vs: {message}")
    return code


def _let_go_of_output() -> None:
    """Drop what could not be written, which would fail again when the process ends."""
    with suppress(OSError):  # there may be no file behind it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
