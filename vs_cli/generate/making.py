"""`Making`: one run in a folder, from its first call to its report."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from vs_cli.errors import FailureError
from vs_cli.figures import count, counted
from vs_cli.generate.about import About
from vs_cli.generate.folder import DATA, REFUSED, REPORT, write_results
from vs_cli.generate.job import Job
from vs_cli.generate.mending import how_to_mend
from vs_cli.generate.outcome import require_answers, told_failures
from vs_cli.generate.rows import RowFile
from vs_cli.generate.samples import Samples
from vs_cli.generate.summary import show_summary
from vs_cli.generate.unread import Unread
from vs_cli.models import ChosenModel
from vs_cli.terminal import Terminal
from vs_core import EmbeddingsError, NotWrittenError, VSError
from vs_core.adapters.generation import Judged, Keeping
from vs_core.generation import CallRecord, GeneratedRecord, GenerationReport, diversity_of
from vs_core.simulation import SIMULATION_NOTICE

MOST_MEASURED = 20_000
"""Rows of which the diversity is measured at most."""


@dataclass
class Making:
    """One run in a folder that is claimed for it.

    Attributes:
        job: What is to be asked.
        asked: The command line.
        chosen: Who answers.
        keeping: The journal.
        out: The folder.
        about: How the data set is made, for its card.
        found: Calls of earlier runs.
        samples: Some of the answers.
        data: The records, once they are looked at.
    """

    job: Job
    asked: argparse.Namespace
    chosen: ChosenModel
    keeping: Keeping
    out: Path
    about: About
    found: int = 0
    samples: Samples = field(default_factory=Samples)
    data: RowFile | None = None

    def make(self, write: Callable[[CallRecord], None]) -> None:
        """Ask, and report, whatever happens.

        Args:
            write: Keeps the outcome of a call.

        Raises:
            FailureError: As for `generate`, and so are the others.
        """
        terminal = Terminal(stderr=True)
        if self.chosen.name is None:
            terminal.say(SIMULATION_NOTICE)
        if self.found:
            terminal.say(f"{counted(self.found, 'call')} of an earlier run are in the journal")
        failure: Exception | None = None
        try:
            try:
                self._ask(terminal, write)
            except (NotWrittenError, FailureError, EmbeddingsError) as error:
                # What cannot be kept is not asked for; what was asked for is shown.
                failure = error
            report = self._measured(self._report())
            failure = self._written(report, failure)
            self._tell(terminal, report, failure)
        except KeyboardInterrupt as interrupt:
            with suppress(VSError):
                self._write_results(self._report())
            raise KeyboardInterrupt(f"interrupted; {self._what_is_kept()}") from interrupt
        if failure is not None:
            raise FailureError(f"{failure}; {self._what_to_do(failure)}") from failure
        require_answers(report, self._unread(report))

    def _ask(self, terminal: Terminal, write: Callable[[CallRecord], None]) -> None:
        hide, afresh = self.chosen.without_secrets, not self.found
        data, refused = (RowFile(self.out / n, hide=hide, afresh=afresh) for n in (DATA, REFUSED))
        self.data = data
        with data.opened(), refused.opened():

            def take(answer: Judged) -> None:
                (data if isinstance(answer, GeneratedRecord) else refused).add(answer)
                self.samples.add(answer)

            def called(record: CallRecord) -> None:
                write(record)
                data.forget(record.key)
                refused.forget(record.key)

            self.job.run(take, terminal=terminal, on_call=called, done=self.found)
        if self._report().complete:
            data.leave_out_others()
            refused.leave_out_others()

    def _report(self) -> GenerationReport:
        report = self.job.generation.report()
        rows, accepted = (self.data.rows if self.data else 0), report.figures.accepted
        if rows == accepted:
            return report
        note = f"{DATA} has {count(rows)} rows: with what this run had not come to again"
        return report.model_copy(update={"notes": (*report.notes, note)})

    def _unread(self, report: GenerationReport) -> Unread:
        if not report.figures.accepted and not self.keeping.written:
            # No call was made: those of earlier runs explain it.
            index = self.keeping.index()
            for prompt in report.prompts:
                for record in index.of(prompt.prompt):
                    self.job.unread.note(record)
        return self.job.unread

    def _measured(self, report: GenerationReport) -> GenerationReport:
        records = islice(self.data.records(), MOST_MEASURED) if self.data else ()
        return report.model_copy(update={"diversity": diversity_of(records)})

    def _written(self, report: GenerationReport, failure: Exception | None) -> Exception | None:
        """Write what it has come to; gives what went wrong first."""
        if isinstance(failure, NotWrittenError):
            return failure
        try:
            self._write_results(report)
        except NotWrittenError as error:
            return failure or error
        return failure

    def _tell(
        self, terminal: Terminal, report: GenerationReport, failure: Exception | None
    ) -> None:
        if (failures := told_failures(report)) is not None:
            terminal.say(failures)
        elif self.found and not self.keeping.written and failure is None:
            terminal.say("no call was made: the journal has all that is asked for")
        if failure is not None and not self._is_answered(report):
            return
        if not isinstance(failure, NotWrittenError):
            terminal.say(f"the data is {self.out / DATA}, and the report {self.out / REPORT}")
        if self.asked.json:
            Terminal().print_document(report.model_dump_json(indent=2))
        elif report.prompts:
            # Written at once, so that `| head` has all of it before it ends.
            with Terminal() as output:
                show_summary(output, report, self.about.wanted)

    def _write_results(self, report: GenerationReport) -> None:
        write_results(
            self.out,
            report,
            self.about,
            self.samples,
            parquet=self.asked.parquet,
            value_schema=self.job.generation.settings.value_schema,
            hide=self.chosen.without_secrets,
        )

    def _is_answered(self, report: GenerationReport) -> bool:
        return bool(report.figures.calls or self.keeping.written)

    def _what_to_do(self, failure: Exception) -> str:
        if isinstance(failure, NotWrittenError):
            return f"{self._what_is_kept()}, once it can be written"
        mend = how_to_mend(failure, self.chosen)
        if not self._is_answered(self._report()):
            return f"no call was answered: {mend}"
        return self._what_is_kept(first=f"{mend}, then ")

    def _what_is_kept(self, *, first: str = "") -> str:
        calls = counted(self.found + self.keeping.written, "call")
        return (
            f"the answers of {calls} are kept in {self.keeping.path}: "
            f"{first}run the same command again to go on"
        )
