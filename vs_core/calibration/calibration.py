"""`Calibration`: one map from stated probabilities to calibrated ones, and what it is worth."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from datetime import datetime
from os import PathLike
from typing import TypeVar

from pydantic import Field, ValidationError, model_validator

from vs_core.calibration.cross_validation import CalibrationMethod
from vs_core.calibration.examples import require_probabilities
from vs_core.calibration.fitting import COLDEST, HOTTEST, FittedMethod
from vs_core.calibration.maps import IsotonicMap, Points, ProbabilityMap, TemperatureMap, rises
from vs_core.calibration.quality import CalibrationRecord, Evaluation, Quality
from vs_core.calibration.rendering import table_of
from vs_core.documents import DocumentKind
from vs_core.tables import html_table, markdown_table

L = TypeVar("L", bound=Hashable)

_KIND = DocumentKind("calibration", version=1, remedy="calibrate again")


class Calibration(CalibrationRecord):
    """A map from stated probabilities to calibrated ones, with what it was fitted to and its worth.

    `vs_core.calibration.calibrate` makes one. It belongs to the model, the wording and the settings
    that its examples were made with.

    Attributes:
        method: `temperature` or `isotonic`.
        temperature: T of the map p^(1/T); above 1, stated numbers are too far apart. None for
            `isotonic`.
        points: Of the isotonic curve, stated and calibrated; none for `temperature`.
        examples: How many it was fitted to.
        labels: The labels of the decisions among them, as far as JSON has a form for them.
        before: How good the numbers are as stated.
        after: How good the calibrated ones are, for examples that each map was not fitted to.
        change: After less before, with intervals of the paired differences.
        remarks: What else a reader of the figures should know, in plain sentences.
        asked: The method that was asked for.
        folds: Of the cross-validation.
        seed: Of its folds and of the bootstrap.
        fitted_at: When it was fitted.

    Example:
        >>> from vs_core.calibration import calibrate
        >>> decisions = [{"tea": 0.9, "coffee": 0.1}] * 30
        >>> calibration = calibrate(decisions, ["tea", "tea", "coffee"] * 10)
        >>> calibrated = calibration.applied({"tea": 0.9, "coffee": 0.1})
        >>> {label: round(p, 3) for label, p in calibrated.items()}
        {'tea': 0.667, 'coffee': 0.333}
        >>> Calibration.model_validate_json(calibration.model_dump_json()) == calibration
        True
    """

    method: FittedMethod
    temperature: float | None = Field(default=None, ge=COLDEST, le=HOTTEST)
    points: Points = ()
    examples: int = Field(ge=1)
    labels: tuple[bool | int | float | str, ...]
    before: Evaluation
    after: Evaluation
    change: Quality
    remarks: tuple[str, ...] = ()
    asked: CalibrationMethod
    folds: int
    seed: int | None = None
    fitted_at: datetime

    @model_validator(mode="after")
    def _the_map_is_whole(self) -> Calibration:
        if (self.temperature is None) is (self.method == "temperature"):
            raise ValueError("there must be a temperature for `temperature`, and for nothing else")
        if bool(self.points) is not (self.method == "isotonic") or not rises(self.points):
            raise ValueError("there must be points for `isotonic`, of a curve that does not fall")
        return self

    def applied(self, probabilities: Mapping[L, float]) -> dict[L, float]:
        """The calibrated probabilities of one decision. Needs no extra.

        Which label is the most probable never changes. A stated number below 0.005 counts as 0.005
        (half of the last digit that models write), among more than a hundred labels as half of an
        even share.

        Args:
            probabilities: Under each label its stated probability, or any share of it.

        Returns:
            The same labels in the same order; the numbers sum to 1. O(labels).

        Raises:
            ValueError: A number is negative or not finite, or all are 0.

        Example:
            >>> from vs_core.calibration import calibrate
            >>> answers = [{"yes": 0.8, "no": 0.2}] * 20
            >>> calibration = calibrate(answers, ["yes", "no"] * 10)
            >>> calibration.applied({"yes": 0.5, "no": 0.5})
            {'yes': 0.5, 'no': 0.5}
        """
        stated = require_probabilities(probabilities, "the decision")
        return dict(zip(probabilities, self._map(stated), strict=True))

    def save(self, path: str | PathLike[str]) -> None:
        """Write it to a file, as JSON.

        Args:
            path: The file; an earlier one is replaced.

        Raises:
            NotWrittenError: It cannot be written.
        """
        _KIND.write(path, self.model_dump(mode="json"))

    def to_json(self) -> str:
        """What `save` writes, for callers that keep it elsewhere."""
        return _KIND.written(self.model_dump(mode="json"))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Calibration:
        """Read one from a file that `save` wrote.

        Args:
            path: The file.

        Raises:
            OSError: It cannot be read.
            ValueError: It is no calibration, that of a later version, or damaged.
        """
        document = _KIND.read(path)
        try:
            return cls.model_validate_json(json.dumps(document))
        except ValidationError as error:
            wrong = error.errors()[0]
            place = ".".join(map(str, wrong["loc"])) or "the map"
            raise ValueError(f"{path} is damaged: {place}: {wrong['msg']}") from error

    def to_markdown(self) -> str:
        """The figures before and after, with intervals, as a Markdown table, and the remarks."""
        return markdown_table(*self._shown())

    def __str__(self) -> str:
        return self.to_markdown()

    def _repr_html_(self) -> str:
        return html_table(*self._shown())

    @property
    def _map(self) -> ProbabilityMap:
        if self.temperature is None:
            return IsotonicMap(self.points)
        return TemperatureMap(self.temperature)

    def _shown(self) -> tuple[list[list[str]], list[str]]:
        columns = {
            "as stated": dict(self.before),
            "calibrated": dict(self.after),
            "change": dict(self.change),
        }
        if self.temperature is None:
            curve = f"isotonic map of {len(self.points)} points"
        else:
            curve = f"temperature {self.temperature:.2f}"
        return table_of(self.examples, columns), [curve, *self.remarks]
