"""`vs compare`: ask in several ways, measure, and report."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import ExitStack
from pathlib import Path

from langchain_vs.comparison import arun_experiment
from vs_cli.advice import in_flags
from vs_cli.compare.folder import REPORT, write_report
from vs_cli.compare.journal import COMMAND, ELSEWHERE, journal_in
from vs_cli.compare.prompts import read_prompts
from vs_cli.compare.table import show_comparison
from vs_cli.errors import FailureError, calling_model
from vs_cli.models import ChosenModel, find_embeddings
from vs_cli.progress import showing_progress
from vs_cli.setting_arguments import settings_in
from vs_cli.terminal import Terminal
from vs_cli.writing import require_what_reports
from vs_core import NotWrittenError
from vs_core.adapters.comparison import Experiment
from vs_core.adapters.journal import Journal, alone_in
from vs_core.comparison import Comparison, ComparisonSettings, ExchangeRecord
from vs_core.simulation import SIMULATION_NOTICE


def compare(asked: argparse.Namespace) -> None:
    """Run `vs compare`.

    Raises:
        MisuseError: Something was asked that cannot be done.
        JournalError: The folder has the journal of another model, or another run is in it.
        pydantic.ValidationError: A setting is out of range.
        MissingExtraError: A package is not installed.
        FailureError: Something could not be written, with what is kept; what the replies add up
            to has been printed. Or every exchange ended in an error, the first of which it tells.
        KeyboardInterrupt: With a message that says what is kept.
    """
    chosen = ChosenModel.of(asked)
    settings = _settings(asked, chosen)
    if asked.out is None:
        _compare(asked, chosen, settings, None)
        return
    require_what_reports(COMMAND)
    with alone_in(Path(asked.out), name=COMMAND, elsewhere=ELSEWHERE):
        _compare(asked, chosen, settings, Path(asked.out))


def _compare(
    asked: argparse.Namespace, chosen: ChosenModel, settings: ComparisonSettings, out: Path | None
) -> None:
    journal = None if out is None else _journal(out, chosen, asked.seed)
    experiment = Experiment(
        settings,
        embeddings=asked.embeddings and find_embeddings(asked.embeddings),
        finished=journal.records() if journal else (),
    )
    found = experiment.finished
    failure: NotWrittenError | None = None
    try:
        try:
            _ask(asked, chosen, experiment, journal)
        except NotWrittenError as error:
            # What cannot be kept is not asked for; what was asked for is shown.
            failure = error
        comparison = experiment.comparison()
        _show(asked, comparison)
        if out is not None and failure is None:
            failure = _report(out, comparison, chosen)
    except KeyboardInterrupt as interrupt:
        raise KeyboardInterrupt(
            f"interrupted; {_what_is_kept(experiment, journal, found)}"
        ) from interrupt
    if failure is not None:
        kept = _what_is_kept(experiment, journal, found)
        raise FailureError(f"{failure}; {kept}, once it can be written") from failure


def _journal(out: Path, chosen: ChosenModel, seed: int | None) -> Journal[ExchangeRecord]:
    return journal_in(
        out,
        model=chosen.name,
        seed=seed,
        options=chosen.options,
        hide=chosen.without_secrets,
    )


def _settings(asked: argparse.Namespace, chosen: ChosenModel) -> ComparisonSettings:
    prompts = read_prompts(asked.prompt, asked.prompts)
    return ComparisonSettings(
        prompts=list(prompts),
        reference={prompt: known for prompt, known in prompts.items() if known},
        methods=asked.methods,
        **settings_in(asked),
        seed=asked.seed,
        model=chosen.name,
        model_options=chosen.options,
        simulated=chosen.name is None,
    )


def _ask(
    asked: argparse.Namespace,
    chosen: ChosenModel,
    experiment: Experiment,
    journal: Journal[ExchangeRecord] | None,
) -> None:
    """Make the exchanges that are pending, writing each down as it ends."""
    done = experiment.finished
    terminal = Terminal(stderr=True)
    if chosen.name is None:
        terminal.say(SIMULATION_NOTICE)
    if done:
        terminal.say(f"{done} of {experiment.planned} exchanges are there from an earlier run")
    if not experiment.pending:
        return
    # What a simulation with the same seed answered at first, it would only answer again.
    model = chosen.model(None if asked.seed is None else asked.seed + done)
    with ExitStack() as open_now:
        write = open_now.enter_context(journal.appending()) if journal else None
        advance = open_now.enter_context(showing_progress(terminal, experiment.planned, done))

        def on_progress(_finished: int, _planned: int, record: ExchangeRecord) -> None:
            if write:
                write(record)
            advance()

        asyncio.run(
            arun_experiment(
                experiment, model, max_concurrency=asked.concurrency, on_progress=on_progress
            )
        )
    with calling_model(chosen.without_secrets):
        experiment.require_responses()
    _tell_failures(experiment, terminal)


def _show(asked: argparse.Namespace, comparison: Comparison) -> None:
    if asked.json:
        Terminal().print_document(comparison.model_dump_json(indent=2))
    elif comparison.finished:
        # Written at once, so that `| head` has all of it before it ends.
        with Terminal() as terminal:
            show_comparison(terminal, comparison)


def _report(out: Path, comparison: Comparison, chosen: ChosenModel) -> NotWrittenError | None:
    try:
        write_report(out, comparison, hide=chosen.without_secrets)
    except NotWrittenError as error:
        return error
    Terminal(stderr=True).say(f"the report is {out / REPORT}")
    return None


def _tell_failures(experiment: Experiment, terminal: Terminal) -> None:
    errors = [record.error for record in experiment.records if record.error]
    if errors:
        terminal.say(
            f"{len(errors)} of {experiment.planned} exchanges failed, the first with "
            f"{in_flags(errors[0])}"
        )


def _what_is_kept(
    experiment: Experiment, journal: Journal[ExchangeRecord] | None, found: int
) -> str:
    if journal is None:
        return "nothing is kept without --out"
    return (
        f"{found + journal.written} of {experiment.planned} exchanges are kept in {journal.path}: "
        "run the same command again to go on"
    )
