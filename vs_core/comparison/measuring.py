"""The scores of sets of responses, with embeddings or, if these fail, without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from vs_core.metrics import METRICS, Embed, as_embed, measure
from vs_core.metrics.embedding import remembered

Scores = dict[str, float | None]

_TRIAL = ("one", "two")


class Measured(NamedTuple):
    """Scores, and why those that need embeddings are missing, if they failed."""

    scores: list[Scores]
    failure: str | None


class Measuring:
    """Computes the metrics that are asked for, as far as what they need is there.

    Args:
        metrics: Names in `vs_core.metrics.METRICS`; None takes those that can be computed.
        embeddings: What `vs_core.metrics.as_embed` takes, or None.
        reference: For each prompt the right answers, with their shares.

    Raises:
        ValueError: There is no metric of a name, or one needs what is not given.
        TypeError: `embeddings` embeds nothing.
        MissingExtraError: A metric needs a library that is not installed.
    """

    def __init__(
        self,
        metrics: tuple[str, ...] | None,
        *,
        embeddings: Any = None,
        reference: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
    ) -> None:
        self._metrics = metrics
        self._reference = reference
        self._embed = None if embeddings is None else remembered(as_embed(embeddings))
        # What is wrong comes to light here, not when all the responses have been paid for.
        measure(
            _TRIAL,
            embeddings=self._embed and _alike,
            reference=next(iter(reference.values()), None),
            metrics=metrics,
        )

    def scores(self, responses: Sequence[tuple[str, Sequence[str]]]) -> Measured:
        """The scores of several sets of responses, each to one prompt.

        Args:
            responses: Prompt and texts of each.
        """
        if self._embed is None:
            return Measured(self._all_scores(responses, None), None)
        try:
            # All at once, since models are faster in batches; what is blank is never embedded.
            self._embed([text for _, texts in responses for text in texts if text.strip()])
            return Measured(self._all_scores(responses, self._embed), None)
        except Exception as error:  # noqa: BLE001  # of any client; the responses are not to be lost
            failure = f"{type(error).__name__}: {error}"
            return Measured(self._all_scores(responses, None), failure)

    def _all_scores(
        self, responses: Sequence[tuple[str, Sequence[str]]], embed: Embed | None
    ) -> list[Scores]:
        return [self._scores(prompt, texts, embed) for prompt, texts in responses]

    def _scores(self, prompt: str, texts: Sequence[str], embed: Embed | None) -> Scores:
        if not texts:
            return {}
        reference = self._reference.get(prompt)
        names = self._metrics
        if names is not None:
            there = {"texts": True, "embeddings": embed, "reference": reference}
            names = tuple(name for name in names if there[METRICS[name].needs])
        return measure(texts, embeddings=embed, reference=reference, metrics=names)


def _alike(texts: list[str]) -> list[list[float]]:
    return [[1.0] for _ in texts]
