"""What can be said on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Literal, NoReturn, get_args

from vs_cli.calibrate.arguments import add_calibrate
from vs_cli.compare.arguments import add_compare
from vs_cli.decide.arguments import add_decide
from vs_cli.generate.arguments import add_generate
from vs_cli.model_arguments import add_model, not_negative
from vs_cli.presets import add_preset
from vs_cli.setting_arguments import add_settings
from vs_cli.terminal import Terminal
from vs_cli.tune.arguments import add_tune
from vs_core import Layout, PromptSettings
from vs_core.adapters import ExchangeSettings

Pick = Literal["best", "sample", "all"]

_EPILOG = """\
without --model, replies come from a built-in simulation, not from a language model

examples:
  vs sample "Tell me a joke about coffee"
  vs sample "Tell me a joke about coffee" --model openai:gpt-4.1-mini --tail 0.1
  vs sample "Name a US state" --model openai:llama3.2 --base-url http://localhost:11434/v1
  vs sample "Name a US state" -k 10 --method multi --json | jq -r .picked
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    command = _Parser(
        prog="vs",
        description="Ask a chat model for a distribution of answers, and draw from it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--version", action=_Version, help="print the version and exit")
    commands = command.add_subparsers(dest="command", required=True, metavar="COMMAND")
    sample = commands.add_parser(
        "sample",
        help="ask once, and draw",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_sample(sample)
    add_compare(
        commands.add_parser(
            "compare",
            help="ask in several ways, and measure how diverse the responses are",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    add_generate(
        commands.add_parser(
            "generate",
            help="make a data set of different answers",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    add_decide(
        commands.add_parser(
            "decide",
            help="state how probable each label of a question is",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    add_calibrate(
        commands.add_parser(
            "calibrate",
            help="make stated probabilities mean what they say, by labelled examples",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    add_tune(
        commands.add_parser(
            "tune",
            help="try a few settings, and keep the default unless one is shown to be better",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    _add_explain(
        commands.add_parser(
            "explain",
            help="show how a reply was read, and which rule decided",
            description="Show how a reply was read, stretch by stretch. Asks no model.",
        )
    )
    commands.add_parser("methods", help="list methods, definitions and layouts")
    return command


def _add_sample(sample: argparse.ArgumentParser) -> None:
    sample.add_argument("prompt", metavar="PROMPT", help="the question; - reads standard input")
    add_model(sample)
    add_preset(sample, ExchangeSettings)
    add_settings(
        sample,
        PromptSettings,
        *("k", "method", "max_probability", "definition", "layout", "wording", "structured_output"),
        structured_output="have the provider shape the reply: json_schema, function_calling, or "
        "auto, which is json_schema where the model is known to enforce one",
    )
    sample.add_argument(
        "--pick",
        choices=get_args(Pick),
        default="sample",
        help="draw by probability (sample), take the best, or only list all",
    )
    sample.add_argument("--seed", type=int, metavar="N", help="make the draw repeatable")
    sample.add_argument(
        "--direct",
        type=not_negative,
        default=0,
        metavar="N",
        help="also ask the plain question N times, for comparison",
    )
    sample.add_argument("--json", action="store_true", help="print one JSON document instead")


def _add_explain(explain: argparse.ArgumentParser) -> None:
    explain.add_argument(
        "file", metavar="FILE", help="a file that holds a reply; - reads standard input"
    )
    explain.add_argument(
        "--layout",
        choices=get_args(Layout),
        help="the notation that was asked for (not known)",
    )
    explain.add_argument(
        "--truncated",
        action=argparse.BooleanOptionalAction,
        help="whether the provider said that the reply was cut off (not told)",
    )
    explain.add_argument("--json", action="store_true", help="print one JSON document instead")


class _Parser(argparse.ArgumentParser):
    """Complains as the rest of the command does; its parsers of commands are of this kind too."""

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End, with a message if there is one."""
        if message:
            Terminal(stderr=True).say(message.rstrip())
        super().exit(status)


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print it, and end."""
        Terminal().print(f"vs {version('verbalized-sampling-integrations')}")
        parser.exit()
