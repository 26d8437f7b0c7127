"""`Tuning`: what was tried, what was decided and why, and how it is shown."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

from vs_core.comparison.records import Record
from vs_core.comparison.rendering import notes_beside
from vs_core.exchange.preset import Preset
from vs_core.journal.cost import Cost
from vs_core.tables import html_table, markdown_table
from vs_core.tuning import rendering
from vs_core.tuning.as_preset import preset_of
from vs_core.tuning.records import Final, HalvingStage, Verdict
from vs_core.tuning.settings import TuningSettings
from vs_core.tuning.variants import Variant


class Tuning(Record):
    """Which settings give the most different answers to some prompts, as far as that is shown.

    Attributes:
        settings: What was tried; `settings.simulated` is True if a simulation answered.
        stages: Who stayed after each stage of the halving.
        survivor: Who met the default in the final; None if it did not come to that.
        final: Both sides and their difference; None where there is none, or nothing was measured.
        decision: What was decided. In all cases but `taken` the default is kept.
        cost: What all of it cost.
        days: The days, in UTC, on which exchanges ended, as far as that is known, in order.
        notes: What a reader of the numbers should know, in plain sentences.

    Example:
        >>> from vs_core.tuning import Tuning, TuningSettings
        >>> settings = TuningSettings(prompts=[f"Question {number}?" for number in range(10)])
        >>> found = Tuning(settings=settings, decision="not_complete")
        >>> found.chosen.name, Tuning.model_validate_json(found.model_dump_json()) == found
        ('default', True)
    """

    settings: TuningSettings
    stages: tuple[HalvingStage, ...] = ()
    survivor: Variant | None = None
    final: Final | None = None
    decision: Verdict
    cost: Cost = Cost()
    days: tuple[date, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether it came to a decision; an interrupted run did not."""
        return self.decision != "not_complete"

    @property
    def chosen(self) -> Variant:
        """The variant to use from now on: the survivor if it is taken, else the default."""
        if self.decision == "taken" and self.survivor is not None:
            return self.survivor
        return self.settings.default

    def preset(self, *, measured_at: datetime | None = None) -> Preset:
        """What to use from now on, with the figures by which it was chosen.

        Where the default is kept, that is the default, with the figures that say so.

        Args:
            measured_at: When; None is now.

        Raises:
            ValueError: Nothing was measured, so that there are no figures.
        """
        if self.final is None:
            raise ValueError(f"no preset without figures: {self.notes[0]}")
        return preset_of(
            self.settings,
            self.chosen,
            self.final,
            calls=self.cost.calls,
            decision=self.notes[0],
            measured_at=measured_at or datetime.now(timezone.utc),
        )

    def to_markdown(self) -> str:
        """Both sides with their difference as a Markdown table, and the notes."""
        return markdown_table(rendering.table_of(self.settings.metric, self.final), self._notes())

    def to_records(self) -> list[dict[str, Any]]:
        """One flat dictionary for each prompt and side of the final, as data frames want them.

        The keys are `prompt`, `variant`, `asked`, `usable`, `different`, `diversity`, `readable`,
        `calls`, `input_tokens` and `output_tokens`.
        """
        return rendering.to_records(self.final)

    def __str__(self) -> str:
        return self.to_markdown()

    def _repr_html_(self) -> str:
        return html_table(rendering.table_of(self.settings.metric, self.final), self._notes())

    def _notes(self) -> list[str]:
        return notes_beside(self.settings, self.days, self.notes)
