"""What one variant brought for one prompt, and how diverse that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vs_core.comparison.measuring import Measuring
from vs_core.errors import EmbeddingsError
from vs_core.journal.cost import Cost
from vs_core.metrics.libraries import library
from vs_core.tuning.journal import TrialRecord
from vs_core.tuning.settings import SHARE_OF_DIFFERENT
from vs_core.values.words import normalise


@dataclass(frozen=True)
class Brought:
    """What one variant brought for one prompt of a stage.

    Attributes:
        prompt: What was asked.
        asked: Responses asked for.
        texts: Those that can be used.
        cost: What all its exchanges cost.
    """

    prompt: str
    asked: int
    texts: tuple[str, ...]
    cost: Cost

    @classmethod
    def of(cls, prompt: str, asked: int, records: Sequence[TrialRecord]) -> Brought:
        """What exchanges about one prompt brought.

        Args:
            prompt: What was asked.
            asked: Responses asked for.
            records: The outcomes, in order.
        """
        texts = tuple(text for record in records for text in record.usable)
        return cls(prompt, asked, texts, sum((record.cost for record in records), Cost()))

    @property
    def different(self) -> int:
        """How many of the responses differ, as `vs_core.metrics.unique_fraction` counts them."""
        return len(set(map(normalise, self.texts)))

    @property
    def padded(self) -> tuple[str, ...]:
        """As many texts as were asked for: a response that is missing repeats the first.

        Metrics change with the number of texts, most of them so that fewer look more diverse. So
        all are of the same number, and what is missing brings nothing new.
        """
        first = self.texts[0] if self.texts else self.prompt
        return self.texts + (first,) * (self.asked - len(self.texts))


class Scoring:
    """Scores what was brought, by one metric.

    Args:
        metric: Its name.
        embeddings: What `vs_core.metrics.as_embed` takes, or None.

    Raises:
        ValueError: The metric needs embeddings, and there are none.
        TypeError: `embeddings` embeds nothing.
        MissingExtraError: The metric, or any interval, needs a library that is not installed.
    """

    def __init__(self, metric: str, embeddings: Any = None) -> None:
        self._metric = metric
        self._measuring = Measuring((metric,), embeddings=embeddings)
        # What the intervals need is missed here, not when all the responses have been paid for.
        library("numpy", "the interval of a tuning")

    def scores(self, brought: Sequence[Brought]) -> list[float | None]:
        """The score of each.

        `unique_fraction` is the share of different responses among those asked for; any other
        metric is that of `Brought.padded`.

        Args:
            brought: By several variants, for several prompts.

        Returns:
            A number for each; None where the metric is not defined for such texts.

        Raises:
            EmbeddingsError: There are no embeddings, since what makes them failed.
        """
        if self._metric == SHARE_OF_DIFFERENT:
            return [found.different / found.asked for found in brought]
        scores, failure = self._measuring.scores([(b.prompt, b.padded) for b in brought])
        if failure is not None:
            raise EmbeddingsError(failure)
        return [score[self._metric] for score in scores]
