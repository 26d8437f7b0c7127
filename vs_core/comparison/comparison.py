"""`Comparison`: all that a comparison found, and how it is shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from vs_core.comparison import rendering
from vs_core.comparison.records import MethodResponses, MethodSummary, Record
from vs_core.comparison.settings import ComparisonSettings
from vs_core.tables import html_table, markdown_table
from vs_core.values.terms import Method


class Comparison(Record):
    """What several ways of asking brought, at the same budget of responses.

    Attributes:
        settings: What was compared; `settings.simulated` is True if a simulation answered.
        results: One for each prompt and method, prompt by prompt.
        summaries: One for each method, in the order of the settings.
        planned: Number of exchanges that the comparison consists of.
        finished: Number of exchanges that have ended, well or in an error.
        days: The days, in UTC, on which they did, as far as that is known, in order.
        notes: What else a reader of the numbers should know, in plain sentences.

    Example:
        >>> from vs_core.comparison import Comparison, ComparisonSettings, MethodSummary
        >>> settings = ComparisonSettings(prompts=["Flip a coin."], methods=["direct"])
        >>> found = Comparison(settings=settings, summaries=(MethodSummary(method="direct"),))
        >>> Comparison.model_validate_json(found.model_dump_json()) == found
        True
    """

    settings: ComparisonSettings
    results: tuple[MethodResponses, ...] = ()
    summaries: tuple[MethodSummary, ...] = ()
    planned: int = 0
    finished: int = 0
    days: tuple[date, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every planned exchange has ended; an interrupted run's have not."""
        return self.finished >= self.planned

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics, in the order in which they were computed."""
        return tuple(dict.fromkeys(name for found in self.results for name in found.scores))

    def of_method(self, method: Method) -> tuple[MethodResponses, ...]:
        """What one method brought, prompt by prompt."""
        return tuple(found for found in self.results if found.method == method)

    def of_prompt(self, prompt: str) -> tuple[MethodResponses, ...]:
        """What was brought for one prompt, method by method."""
        return tuple(found for found in self.results if found.prompt == prompt)

    def summary_of(self, method: Method) -> MethodSummary:
        """One method over all prompts.

        Raises:
            KeyError: The method was not compared.
        """
        for summary in self.summaries:
            if summary.method == method:
                return summary
        raise KeyError(method)

    def to_markdown(self) -> str:
        """The means with their intervals and the cost as a Markdown table, and the notes."""
        return markdown_table(self._table(), self._notes())

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary for each prompt and method, as data frames want them.

        The keys are `prompt`, `method`, `responses`, `distinct`, `failures`, `calls`,
        `input_tokens`, `output_tokens`, and the name of each metric.
        """
        return rendering.to_records(self.results)

    def _repr_html_(self) -> str:
        return html_table(self._table(), self._notes())

    def _table(self) -> list[list[str]]:
        return rendering.table_of(self.summaries, self.metrics)

    def _notes(self) -> list[str]:
        return rendering.notes_beside(self.settings, self.days, self.notes)
