"""What can be said to `vs tune`."""

from __future__ import annotations

import argparse

from pydantic import ValidationError

from vs_cli.model_arguments import add_model, positive
from vs_cli.presets import add_preset
from vs_cli.setting_arguments import add_settings
from vs_core.metrics import METRICS
from vs_core.tuning import TuningSettings, Variant

EPILOG = """\
Several variants of the default are halved until one is left, which meets the default on fresh
calls. It is taken only if the interval of their difference, paired by prompt, lies above 0, and if
it is not shown to be less readable. At least 10 prompts and a final of 100 calls are needed. What
is going to be asked is told first; --plan tells it and asks nothing.

The default is what vs sample asks, with whatever -k, --method, --tail and the like, or a --preset,
say otherwise.

With --out, every reply is written to DIR/journal.jsonl as it comes: interrupt with Ctrl-C and run
the same command again to go on where it stopped.

without --model, replies come from a built-in simulation, not from a language model

examples:
  vs tune --prompts prompts.txt --model openai:gpt-4.1-mini --plan
  vs tune --prompts prompts.txt --model openai:gpt-4.1-mini --out tuning/
  vs tune --prompts prompts.txt --try k=10 --try layout=json,method=cot --save preset.json
  vs sample "Tell me a joke about coffee" --model openai:gpt-4.1-mini --preset preset.json
"""


def add_tune(tune: argparse.ArgumentParser) -> None:
    """Add the arguments of `vs tune` to its parser."""
    tune.epilog = EPILOG
    tune.add_argument(
        "--prompts",
        metavar="FILE",
        required=True,
        help='at least 10 questions, one a line, or JSON lines with "prompt"; - reads standard '
        "input",
    )
    add_model(tune)
    tune.add_argument(
        "--try",
        dest="variants",
        type=_variant,
        action="append",
        metavar="NAME=VALUE,...",
        help="a variant to try, such as k=10 or layout=json,method=cot; may be given several "
        "times (k=3, k=10, method=cot, max_probability=0.1, the other layouts and, where the model "
        "is known to enforce a schema, structured_output=json_schema)",
    )
    tune.add_argument(
        "-n",
        type=positive,
        metavar="N",
        help="responses to each prompt by each of the two in the final (what 100 calls need)",
    )
    tune.add_argument(
        "--n-halving",
        type=positive,
        metavar="N",
        help="responses to each prompt by each variant in a stage of the halving (two calls of the "
        "largest variant)",
    )
    tune.add_argument(
        "--metric",
        choices=[metric.name for metric in METRICS.values() if not metric.needs_reference],
        default=TuningSettings.model_fields["metric"].default,
        help="what is to be more diverse (%(default)s: of the responses asked for)",
    )
    tune.add_argument(
        "--embeddings",
        metavar="PROVIDER:NAME",
        help="embeddings as LangChain's init_embeddings takes them, for the semantic metrics",
    )
    add_preset(tune, TuningSettings)
    add_settings(
        tune,
        TuningSettings,
        "k",
        "method",
        "max_probability",
        "layout",
        "wording",
        "structured_output",
        "instructions",
    )
    tune.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="make the choice of prompts and the intervals repeatable, and the simulation",
    )
    tune.add_argument(
        "--concurrency", type=positive, default=8, metavar="N", help="exchanges at a time (8)"
    )
    tune.add_argument(
        "--plan", action="store_true", help="only tell what would be asked, and how many calls"
    )
    tune.add_argument("--out", metavar="DIR", help="write preset.json and tuning.json there")
    tune.add_argument(
        "--save", metavar="FILE", help="write the preset there, for --preset of other commands"
    )
    tune.add_argument("--json", action="store_true", help="print one JSON document instead")


def _variant(written: str) -> Variant:
    try:
        return Variant.read(written)
    except ValidationError as error:
        raise argparse.ArgumentTypeError(_said(error)) from error
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _said(error: ValidationError) -> str:
    return "; ".join(p["msg"].removeprefix("Value error, ") for p in error.errors())
