"""How good stated probabilities are, as frozen records that JSON holds without loss."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from vs_core.calibration.rendering import table_of
from vs_core.tables import html_table, markdown_table
from vs_core.values.interval import Interval


class CalibrationRecord(BaseModel):
    """What all records of this room have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class Quality(CalibrationRecord):
    """Four figures of probabilities whose true labels are known, or the changes of the four.

    Formulas and sources are at `vs_core.calibration.evaluate`.

    Attributes:
        accuracy: Share of the examples whose most probable label is the true one.
        ece: Expected calibration error: how far the most probable label's number is from the share
            that is right, on average.
        brier: Brier score over all labels, from 0 to 2.
        log_loss: Mean of -ln of the true label's probability, in nats.

    Example:
        >>> from vs_core.calibration import Interval, Quality
        >>> same = Interval(value=0.0, low=0.0, high=0.0)
        >>> Quality(accuracy=same, ece=same, brier=same, log_loss=same).brier.includes_zero
        True
    """

    accuracy: Interval
    ece: Interval
    brier: Interval
    log_loss: Interval


class Bin(CalibrationRecord):
    """Examples whose most probable label has about the same number: a point of the picture.

    Attributes:
        count: How many there are.
        stated: Mean probability of their most probable labels.
        right: Share of them in which that label is the true one.
        low: Lower end of the share's 95 % interval, by Wilson.
        high: Upper end.

    Example:
        >>> from vs_core.calibration import Bin
        >>> Bin(count=20, stated=0.9, right=0.7, low=0.48, high=0.86).stated
        0.9
    """

    count: int = Field(ge=1)
    stated: float = Field(ge=0.0, le=1.0)
    right: float = Field(ge=0.0, le=1.0)
    low: float = Field(ge=0.0, le=1.0)
    high: float = Field(ge=0.0, le=1.0)


class Evaluation(Quality):
    """How good probabilities are, by examples whose true labels are known.

    Attributes:
        examples: How many there are.
        calibrated: Whether the probabilities are those that a calibration makes of the stated ones.
        ece_if_calibrated: The ECE that these examples would show, on average, if each number meant
            exactly what it says. It is above 0 since few examples fall into a bin.
        bins: The points of the reliability picture, from the smallest numbers to the largest.
        remarks: What else a reader of the figures should know, in plain sentences.

    Example:
        >>> from vs_core.calibration import evaluate
        >>> decisions = [{"tea": 0.9, "coffee": 0.1}, {"tea": 0.2, "coffee": 0.8}] * 10
        >>> found = evaluate(decisions, ["tea", "tea"] * 10)
        >>> found.accuracy.value, round(found.brier.value, 3), found.bins[0].right
        (0.5, 0.65, 0.0)
    """

    examples: int = Field(ge=1)
    calibrated: bool = False
    ece_if_calibrated: float = Field(ge=0.0, le=1.0)
    bins: tuple[Bin, ...]
    remarks: tuple[str, ...] = ()

    def to_markdown(self) -> str:
        """The figures with their intervals as a Markdown table, and the remarks."""
        return markdown_table(*self._shown())

    def __str__(self) -> str:
        return self.to_markdown()

    def _repr_html_(self) -> str:
        return html_table(*self._shown())

    def _shown(self) -> tuple[list[list[str]], tuple[str, ...]]:
        heading = "calibrated" if self.calibrated else "as stated"
        return table_of(self.examples, {heading: dict(self)}), self.remarks
