"""`vs compare`: ask in several ways, measure, and report."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.text import Text

from langchain_vs.comparison import arun_experiment
from vs_cli.compare.folder import REPORT, require_what_draws, write_report
from vs_cli.compare.journal import Journal
from vs_cli.compare.progress import showing_progress
from vs_cli.compare.prompts import read_prompts
from vs_cli.compare.table import show_comparison
from vs_cli.models import find_embeddings, find_model
from vs_core.comparison import ComparisonSettings, ExchangeRecord, Experiment
from vs_core.simulation import SIMULATION_NOTICE


def compare(asked: argparse.Namespace) -> None:
    """Run `vs compare`.

    Raises:
        MisuseError: Something was asked that cannot be done.
        pydantic.ValidationError: A setting is out of range.
        MissingExtraError: A package is not installed.
        KeyboardInterrupt: With a message that says what is kept.
        Exception: The first error, if every exchange ended in one.
    """
    settings = _settings(asked)
    out = None if asked.out is None else Path(asked.out)
    if out is not None:
        require_what_draws()
    journal = None if out is None else Journal(out, model=asked.model, seed=asked.seed)
    experiment = Experiment(
        settings,
        embeddings=asked.embeddings and find_embeddings(asked.embeddings),
        finished=journal.records if journal else (),
    )
    try:
        _ask(asked, experiment, journal)
        comparison = experiment.comparison()
        if out is not None:
            write_report(out, comparison)
    except KeyboardInterrupt as interrupt:
        raise KeyboardInterrupt(_what_is_kept(experiment, journal)) from interrupt
    if asked.json:
        sys.stdout.write(comparison.model_dump_json(indent=2) + "\n")
    else:
        show_comparison(Console(), comparison)
    if out is not None:
        _say(f"the report is {out / REPORT}")


def _settings(asked: argparse.Namespace) -> ComparisonSettings:
    return ComparisonSettings(
        prompts=read_prompts(asked.prompt, asked.prompts),
        methods=asked.methods,
        n=asked.n,
        k=asked.k,
        max_probability=asked.tail,
        layout=asked.layout,
        wording=asked.wording,
        seed=asked.seed,
        model=asked.model,
        simulated=asked.model is None,
    )


def _ask(asked: argparse.Namespace, experiment: Experiment, journal: Journal | None) -> None:
    """Make the exchanges that are pending, writing each down as it ends."""
    done = experiment.finished
    if asked.model is None:
        _say(SIMULATION_NOTICE)
    if done:
        _say(f"{done} of {experiment.planned} exchanges are there from an earlier run")
    if not experiment.pending:
        return
    # What a simulation with the same seed answered at first, it would only answer again.
    model = find_model(asked.model, None if asked.seed is None else asked.seed + done)
    with ExitStack() as open_now:
        write = open_now.enter_context(journal.appending()) if journal else None
        advance = open_now.enter_context(
            showing_progress(Console(stderr=True), experiment.planned, done)
        )

        def on_progress(_finished: int, _planned: int, record: ExchangeRecord) -> None:
            if write:
                write(record)
            advance()

        asyncio.run(
            arun_experiment(
                experiment, model, max_concurrency=asked.concurrency, on_progress=on_progress
            )
        )
    experiment.require_responses()
    _tell_failures(experiment)


def _tell_failures(experiment: Experiment) -> None:
    errors = [record.error for record in experiment.records if record.error]
    if errors:
        _say(f"{len(errors)} of {experiment.planned} exchanges failed, the first with {errors[0]}")


def _what_is_kept(experiment: Experiment, journal: Journal | None) -> str:
    if journal is None:
        return "interrupted; nothing is kept without --out"
    kept = sum(record.error is None for record in experiment.records)
    return (
        f"interrupted; {kept} of {experiment.planned} exchanges are kept in {journal.path}: "
        "run the same command again to go on"
    )


def _say(message: str) -> None:
    Console(stderr=True).print(Text(message), soft_wrap=True)
