"""How well a real model follows each wording of the request: a study that can be repeated.

Run it by hand against any server with OpenAI's interface, a local one for instance:

    python benchmarks/prompts.py --url http://127.0.0.1:8000/v1 --model qwen2.5-coder-1.5b

Every wording asks every prompt in every layout, with the same seeds and for as many responses as
`--k` says; `enforced` has the server enforce the shape of the reply, as `structured_output=
"json_schema"` does. Each reply is kept in the
journal (`--journal`), a line of JSON each; a call that stands there is not made again, so that a
study can be stopped at any time, goes on where it stopped, and is counted anew after a change of
the reader. Without `--url` nothing is called, and what the journal holds is counted. `--record`
keeps the figures of the table, beside those that its file has of other wordings and tasks.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

from openai import OpenAI
from prompt_calls import TEMPERATURE, Calls, NotRecordedError
from prompt_report import HEAD, PLACE, Summary, Trial, row
from prompt_wordings import WORDINGS

from vs_core import Layout, NoCandidatesError, VerbalizedDistribution
from vs_core.adapters import DictDialect, ExchangeSettings, exchange, place_instruction

TOKENS_EACH = 80
"""The limit of a reply, for each response that it is asked for."""

BOUND = 0.10
PROMPTS = (
    "Name a US state.",
    "What is the tallest mountain in Africa?",
    "Tell me a joke about coffee.",
    "Write the first sentence of a novel about a lighthouse keeper.",
    "Suggest a name for a bakery that is run by students.",
    "Write a short word problem for the third grade, with its answer.",
    "Describe a customer of a bicycle shop in one sentence.",
    "What would you say to a friend who has lost his job?",
    "Nenne einen Grund, zu Fuß zur Arbeit zu gehen.",
    "给一只刚领养的猫起个名字。",
)
TASKS: dict[str, dict[str, Any]] = {
    "standard": {"method": "standard"},
    "cot": {"method": "cot"},
    "multi": {"method": "multi"},
    "sequence": {"method": "sequence"},
    "tail": {"method": "standard", "max_probability": BOUND},
}
LAYOUTS: tuple[Layout, ...] = ("xml", "json", "lines")


@dataclass(frozen=True)
class Question:
    """One exchange to make: with which wording, for what, in which notation, for how many."""

    wording: str
    task: str
    layout: Layout
    k: int
    prompt: str
    seed: int


def trial(calls: Calls, question: Question, *, follow_ups: bool) -> Trial:
    """One exchange, driven as the package drives it.

    Args:
        calls: The model.
        question: What is asked, and how.
        follow_ups: Whether the exchange goes on after the first reply.
    """
    way, dialect = WORDINGS[question.wording], DictDialect()
    settings = ExchangeSettings(
        k=question.k, layout=question.layout, **TASKS[question.task], **way.settings
    )
    user, text = dialect.user(question.prompt), way.text(settings)
    messages = place_instruction([user], text, settings.placement, dialect)
    turns: list[VerbalizedDistribution[str]] = []
    try:
        for (ask,) in exchange(messages, settings, dialect):
            schema = None if settings.shaping is None else ask.schema
            reply = calls.reply(
                ask.messages, seed=question.seed, most=TOKENS_EACH * question.k, schema=schema
            )
            turns.append(ask.feed(reply) + ask.close())
            if not follow_ups:
                break
    except NoCandidatesError:
        # Nothing readable is what a trial may show.
        turns = turns or [VerbalizedDistribution()]
    return Trial.of(settings, turns, prompt=question.prompt)


def summaries(
    calls: Calls, arguments: argparse.Namespace, pool: ThreadPoolExecutor
) -> Iterator[Summary]:
    """What each wording shows, printed as soon as its exchanges are there."""
    asked = list(itertools.product(PROMPTS[: arguments.prompts], range(arguments.seeds)))
    follow_ups = arguments.follow_ups
    for task, layout, k in itertools.product(arguments.tasks, arguments.layouts, arguments.k):
        compared_to: list[Trial] = []
        for wording in sorted(arguments.wordings, key=lambda name: name != arguments.against):
            if layout not in WORDINGS[wording].layouts or task not in WORDINGS[wording].tasks:
                continue
            questions = [Question(wording, task, layout, k, *one) for one in asked]
            one_trial = partial(trial, calls, follow_ups=follow_ups)
            try:
                ran = list(pool.map(one_trial, questions))
            except NotRecordedError:
                continue
            compared_to = ran if wording == arguments.against else compared_to
            summary = Summary.of(
                (task, layout, wording, k), ran, compared_to, with_follow_ups=follow_ups
            )
            print(row(summary), flush=True)
            yield summary


def write(found: Sequence[Summary], arguments: argparse.Namespace) -> None:
    """Keep the figures, in place of older ones of the same kind."""
    file = arguments.record
    kept = json.loads(file.read_text("utf-8"))["figures"] if file.exists() else []
    figures = {tuple(figure[name] for name in PLACE): figure for figure in kept}
    for summary in found:
        figure = summary.record()
        figures[tuple(figure[name] for name in PLACE)] = figure
    document = {
        "model": arguments.model,
        "date": datetime.now(tz=timezone.utc).date().isoformat(),
        "temperature": TEMPERATURE,
        "most tokens for each response": TOKENS_EACH,
        "shares": "mean, and the ends of the 95 % bootstrap interval over prompts",
        "figures": list(figures.values()),
    }
    file.write_text(
        json.dumps(document, ensure_ascii=False).replace('{"task"', '\n{"task"') + "\n", "utf-8"
    )


def main() -> None:
    """Ask what is not in the journal yet, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", help="the server; without it the journal alone is counted")
    parser.add_argument("--model", required=True)
    parser.add_argument("--journal", type=Path, required=True, help="a file of replies")
    parser.add_argument("--wordings", nargs="+", choices=WORDINGS, default=list(WORDINGS))
    parser.add_argument("--layouts", nargs="+", choices=LAYOUTS, default=list(LAYOUTS))
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=["standard"])
    parser.add_argument("--k", type=int, nargs="+", default=[5], help="how many responses")
    parser.add_argument("--prompts", type=int, default=len(PROMPTS), help="how many of the ten")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--follow-ups", action="store_true", help="ask for what is missing, too")
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument(
        "--against", choices=WORDINGS, default="named", help="what others are compared to"
    )
    parser.add_argument("--record", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    if arguments.against not in arguments.wordings:
        arguments.wordings.append(arguments.against)
    client = (
        OpenAI(base_url=arguments.url, api_key="none", max_retries=0) if arguments.url else None
    )
    calls = Calls(client, arguments.model, arguments.journal)
    print(HEAD)
    with ThreadPoolExecutor(arguments.concurrency) as pool:
        found = list(summaries(calls, arguments, pool))
    if arguments.record:
        write(found, arguments)


if __name__ == "__main__":
    main()
