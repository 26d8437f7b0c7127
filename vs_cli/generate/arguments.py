"""What can be said to `vs generate`."""

from __future__ import annotations

import argparse
from typing import get_args

from vs_cli.model_arguments import add_model, positive
from vs_cli.presets import add_preset
from vs_cli.setting_arguments import add_settings
from vs_core.adapters.generation import EngineName
from vs_core.generation import GenerationSettings

_EPILOG = """\
Each prompt is explored in calls of -k candidates; later calls are told some of what there is, and
what is not new is refused. With --out, every reply is written to DIR/journal.jsonl as it comes:
interrupt with Ctrl-C and run the same command again to go on where it stopped; a larger -n and
further prompts go on as well, and a smaller -n is refused there. Without --out, records are
printed as they are accepted, and nothing is kept.

without --model, replies come from a built-in simulation, not from a language model

examples:
  vs generate "Tell me a joke about coffee" -n 25 --out jokes/
  vs generate "Invent a user of a bank" --schema user.json -n 1000 --model openai:gpt-4.1-mini \\
      --max-tokens 2000000 --out users/
  vs generate --prompts prompts.jsonl -n 20 --model openai:gpt-4.1-mini --parquet --out data/
  vs generate "Name a US state" -n 30 | jq -r .value
"""


def add_generate(generate: argparse.ArgumentParser) -> None:
    """Add the arguments of `vs generate` to its parser."""
    generate.epilog = _EPILOG
    _add_prompts(generate)
    add_model(generate, reply_limit="--reply-tokens")
    add_preset(generate, GenerationSettings)
    add_settings(
        generate,
        GenerationSettings,
        *("n", "k", "method", "max_probability", "definition", "layout", "wording"),
        "structured_output",
        *("digest", "near_duplicate", "min_distance", "until_unseen", "max_calls", "max_tokens"),
        n="different answers to each prompt",
        k="candidates to ask for in one call",
    )
    # So that it can be told whether it was said.
    generate.set_defaults(min_distance=None)
    generate.add_argument(
        "--keep-repeats",
        action="store_true",
        help="accept answers that are not new, too",
    )
    generate.add_argument(
        "--embeddings",
        metavar="PROVIDER:NAME",
        help="embeddings as LangChain's init_embeddings takes them: refuse what means the same",
    )
    generate.add_argument("--seed", type=int, metavar="N", help="make the simulation repeatable")
    _add_engine(generate)
    _add_output(generate)


def _add_prompts(generate: argparse.ArgumentParser) -> None:
    generate.add_argument(
        "prompt", metavar="PROMPT", nargs="?", help="the question; - reads standard input"
    )
    generate.add_argument(
        "--prompts",
        metavar="FILE",
        help='many questions, one a line, or JSON lines with "prompt" and settings of its own '
        'such as "n"; - reads standard input',
    )
    generate.add_argument(
        "--schema",
        metavar="FILE",
        help="a JSON schema: each answer is a value of it (texts)",
    )


def _add_engine(generate: argparse.ArgumentParser) -> None:
    generate.add_argument(
        "--concurrency", type=positive, default=8, metavar="N", help="calls at a time (8)"
    )
    generate.add_argument(
        "--engine",
        choices=get_args(EngineName),
        default="asyncio",
        help="who makes the calls: this process, or those of a Ray cluster (asyncio)",
    )
    generate.add_argument(
        "--address", metavar="ADDRESS", help="of a Ray cluster (one is started on this machine)"
    )


def _add_output(generate: argparse.ArgumentParser) -> None:
    generate.add_argument(
        "--out",
        metavar="DIR",
        help="write data.jsonl, refused.jsonl, README.md, report.html and report.json there",
    )
    generate.add_argument("--parquet", action="store_true", help="write data.parquet there, too")
    generate.add_argument(
        "--json", action="store_true", help="print the report as one JSON document (needs --out)"
    )
