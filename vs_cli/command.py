"""`main`: run the command. Results go to standard output, everything else to standard error."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from langchain_vs import VerbalizedSamplingRunnable
from vs_cli.arguments import parser
from vs_cli.errors import MisuseError
from vs_cli.explain import explain
from vs_cli.methods import show_methods
from vs_cli.models import find_model
from vs_cli.show import as_json, show_direct, show_distribution
from vs_core import (
    Candidate,
    MissingExtraError,
    NoCandidatesError,
    PromptError,
    VerbalizedDistribution,
)
from vs_core.simulation import SIMULATION_NOTICE

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `vs`.

    Args:
        arguments: The command line without the program's name; None takes the process's own.

    Returns:
        Exit code: 0 when done, 1 when the model call failed or nothing could be read, 2 when
        something was asked that cannot be done (a bad setting, a missing package, key or file),
        130 when interrupted.

    Example:
        >>> from vs_cli import main
        >>> main(["sample", "Roll a die.", "--pick", "all", "--json"])  # doctest: +ELLIPSIS
        {...}
        0
    """
    asked = parser().parse_args(arguments)
    try:
        return _run(asked)
    except ValidationError as error:
        return _complain(_settings_advice(error), MISUSED)
    except NoCandidatesError as error:
        return _complain(f"no candidate could be read in the reply:\n{error.reply}", FAILED)
    except (MisuseError, MissingExtraError, PromptError) as error:
        return _complain(str(error), MISUSED)
    except KeyboardInterrupt as interrupt:
        return _complain(str(interrupt) or "interrupted", INTERRUPTED)
    except Exception as error:  # noqa: BLE001  # providers raise errors of their own
        return _complain(f"the model call failed: {type(error).__name__}: {error}", FAILED)


def _run(asked: argparse.Namespace) -> int:
    if asked.command == "explain":
        return DONE if explain(asked) else FAILED
    if asked.command == "methods":
        show_methods(Console())
    elif asked.command == "compare":
        from vs_cli.compare.command import compare  # noqa: PLC0415  # the others start sooner

        compare(asked)
    else:
        _sample(asked)
    return DONE


def _sample(asked: argparse.Namespace) -> None:
    prompt = sys.stdin.read() if asked.prompt == "-" else asked.prompt
    vs = _runnable(asked)
    if asked.model is None:
        _say(SIMULATION_NOTICE)
    distribution = vs.invoke(prompt)
    picked = _pick(distribution, asked.pick, asked.seed)
    direct = _ask_directly(vs.llm, prompt, asked.direct) if asked.direct else None
    if asked.json:
        simulated = asked.model is None
        sys.stdout.write(as_json(prompt, distribution, picked, direct, simulated=simulated) + "\n")
        return
    console = Console()
    show_distribution(console, distribution, picked)
    if direct:
        show_direct(console, direct)


def _runnable(asked: argparse.Namespace) -> VerbalizedSamplingRunnable:
    return VerbalizedSamplingRunnable(
        llm=find_model(asked.model, asked.seed),
        k=asked.k,
        method=asked.method,
        max_probability=asked.tail,
        definition=asked.definition,
        layout=asked.layout,
        wording=asked.wording,
    )


def _ask_directly(llm: Any, prompt: str, times: int) -> list[str]:
    return VerbalizedSamplingRunnable(llm=llm, method="direct", k=times).invoke(prompt).texts


def _pick(
    distribution: VerbalizedDistribution[Any], how: str, seed: int | None
) -> Candidate[Any] | None:
    if how == "best":
        return distribution.best()
    return distribution.sample(seed=seed) if how == "sample" else None


def _settings_advice(error: ValidationError) -> str:
    return "\n".join(
        # What concerns several settings together names them itself.
        f"{'.'.join(map(str, problem['loc']))}={problem['input']!r}: {problem['msg']}"
        if problem["loc"]
        else problem["msg"].removeprefix("Value error, ")
        for problem in error.errors(include_url=False)
    )


def _complain(message: str, code: int) -> int:
    _say(f"vs: {message}")
    return code


def _say(message: str) -> None:
    Console(stderr=True).print(Text(message), soft_wrap=True)
