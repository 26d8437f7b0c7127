"""`Judge`: which answers to one prompt are accepted, and what is learnt from all of them."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from vs_core.generation.digest import Digest
from vs_core.generation.novelty.novelty import Novelty
from vs_core.generation.outcome import CallOutcome
from vs_core.generation.records import GeneratedRecord, Judged, RefusedAnswer
from vs_core.generation.settings import GenerationSettings
from vs_core.generation.tally import Tally
from vs_core.generation.unseen import Sightings
from vs_core.values.candidate import Candidate
from vs_core.values.schema import adapter_of

_KEPT = 0.7
"""Weight of what earlier calls brought, against one more."""


class Judge:
    """Judges the answers to one prompt, in their order.

    Args:
        prompt: The prompt.
        settings: Its settings.
        novelty: Decides which answers are new.
        model: Name of the model, if known.

    Attributes:
        digest: What later calls may be told.
        sightings: What the unseen share is estimated from.
        tally: What was counted.
        accepted_per_answer: The share of answers accepted, of late.
    """

    def __init__(
        self, prompt: str, settings: GenerationSettings, novelty: Novelty, model: str | None
    ) -> None:
        self.digest = Digest(settings.digest)
        self.sightings = Sightings()
        self.tally = Tally()
        self.accepted_per_answer = 1.0
        self._prompt = prompt
        self._settings = settings
        self._novelty = novelty
        self._model = model

    @property
    def has_enough(self) -> bool:
        """Whether as many answers are accepted as are wanted."""
        return self.tally.accepted >= self._settings.n

    def judge(self, outcome: CallOutcome) -> list[Judged]:
        """Judge the answers of a call, as long as more are wanted.

        Args:
            outcome: What came of the call.
        """
        record = outcome.record
        self.tally.count(record)
        judged: list[Judged] = []
        met: list[int] = []
        known = len(self._novelty)
        for position, answer in enumerate(record.answers):
            if self.has_enough:
                break
            judged.append(self._judge(position, answer, outcome, met))
        if judged:
            self.sightings.note(met, told=bool(record.told))
            self.digest.note(record, len(judged) - (len(self._novelty) - known))
            accepted = sum(isinstance(one, GeneratedRecord) for one in judged)
            self.accepted_per_answer *= _KEPT
            self.accepted_per_answer += (1 - _KEPT) * accepted / len(judged)
        return judged

    def _judge(
        self, position: int, answer: Candidate[Any], outcome: CallOutcome, met: list[int]
    ) -> Judged:
        record, vectors, values = outcome.record, outcome.vectors, outcome.values
        alike = self._novelty.admit(answer, None if vectors is None else vectors[position])
        shared = {"prompt": self._prompt, "round": record.round, "call": record.key}
        value = self._typed(answer.value) if values is None else values[position]
        if alike is None:
            met.append(len(self._novelty) - 1)
            self.digest.add(answer)
        else:
            met.append(alike.index)
            self.digest.met_again(alike.index)
        if alike is not None and self._settings.distinct:
            self.tally.refuse(alike.how)
            return RefusedAnswer(value=value, resemblance=alike, **shared)
        self.tally.accept(is_new=alike is None)
        return GeneratedRecord(
            value=value,
            stated=answer.stated,
            probability=answer.probability,
            method=self._settings.method,
            model=record.model or self._model,
            **shared,
        )

    def _typed(self, value: Any) -> Any:
        """The value of a journal, which is plain JSON, as its type has it."""
        if self._settings.value_schema is None:
            return value
        try:
            return adapter_of(self._settings.value_schema).validate_json(json.dumps(value))
        except ValidationError:
            # A serializer of its own may write what the type does not read.
            return value
