"""`Novelty`: which answers to one prompt are new."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Literal

from vs_core.generation.novelty.meaning import Meanings
from vs_core.generation.novelty.near_duplicates import NearDuplicates, Sketch
from vs_core.generation.novelty.resemblance import Resemblance
from vs_core.values.candidate import Candidate
from vs_core.values.said import said

NEAR_DUPLICATE = 0.8
MIN_DISTANCE = 0.05


class Novelty:
    """Remembers the accepted answers to one prompt, and says what a further one resembles.

    In this order: *same*, equal but for case, spaces and punctuation around it (of typed values,
    but for the order of keys, too); *near*, nearly the same words; *meaning*, a vector close to
    one of an accepted answer.

    Near-duplicates are judged from eight words on, and by more than their similarity: numbers,
    single letters and negations must be the same, and no word may stand in the place of another,
    articles aside, as one word is what tells answers of a template apart. So variants in
    punctuation, articles, contractions, added words and the order of phrases are found, and what
    says the same in other words is not: that needs vectors.

    Args:
        near_duplicate: The least similarity of wordings (Jaccard, of runs of four characters) at
            which an answer is refused, in (0, 1]. None: wordings aren't compared.
        embeds: Whether each answer comes with its vector.
        min_distance: The least cosine distance (1 - cosine) to all accepted answers, in [0, 2].
            Its scale is the embedding model's. With all-MiniLM-L6-v2, most repetitions with a
            changed word or two lie below 0.04, paraphrases between 0.06 and 0.31, and different
            answers of one template anywhere from 0.003 to 0.34: a distance that finds paraphrases
            refuses half of such answers.

    Raises:
        ValueError: A setting is out of its range.
        MissingExtraError: rensa is not installed and `near_duplicate` is not None, or numpy is not
            installed and `embeds` is true.

    Example:
        >>> from vs_core import Candidate
        >>> from vs_core.generation import Novelty
        >>> novelty = Novelty()
        >>> novelty.admit(Candidate(value="Why do beans never gossip in a cafe? They'd espresso!"))
        >>> again = Candidate(value="Why do beans never gossip in the cafe? They'd espresso.")
        >>> novelty.admit(again).how
        'near'
        >>> len(novelty)
        1
    """

    def __init__(
        self,
        *,
        near_duplicate: float | None = NEAR_DUPLICATE,
        embeds: bool = False,
        min_distance: float = MIN_DISTANCE,
    ) -> None:
        if near_duplicate is not None and not 0.0 < near_duplicate <= 1.0:
            raise ValueError(f"near_duplicate={near_duplicate}: pass a number in (0, 1], or None")
        if not 0.0 <= min_distance <= 2.0:
            raise ValueError(f"min_distance={min_distance}: pass a number in [0, 2]")
        self._near = None if near_duplicate is None else NearDuplicates(near_duplicate)
        self._meanings = Meanings() if embeds else None
        self._min_distance = min_distance
        self._places: dict[Hashable, int] = {}
        self._texts: list[str] = []

    def __len__(self) -> int:
        """How many answers were accepted."""
        return len(self._texts)

    def resembles(self, candidate: Candidate[Any]) -> Resemblance | None:
        """What an answer resembles by its wording; nothing is remembered.

        It spares the vectors of answers that are refused without them.

        Args:
            candidate: The answer.
        """
        return self._worded_as(said(candidate), self._sketch(candidate))

    def admit(
        self, candidate: Candidate[Any], vector: Sequence[float] | None = None
    ) -> Resemblance | None:
        """Accept an answer and remember it, or refuse it.

        Args:
            candidate: The answer.
            vector: Of this answer, by the same embedding model as all others.

        Returns:
            The accepted answer that it resembles; None if it is new. The place of a new answer
            among the accepted ones is `len(novelty) - 1` then.

        Raises:
            ValueError: There is a vector and `embeds` is false, or none and it is true, or its
                length is not that of the others, or a number in it is not finite.
        """
        if (vector is None) is (self._meanings is not None):
            raise ValueError("pass a vector with each answer if embeds=True, else with none")
        key, sketch = said(candidate), self._sketch(candidate)
        found = self._worded_as(key, sketch) or self._meant_as(vector)
        if found is None:
            self._remember(candidate, key, sketch, vector)
        return found

    def _sketch(self, candidate: Candidate[Any]) -> Sketch | None:
        return None if self._near is None else self._near.sketch(candidate.value)

    def _worded_as(self, key: Hashable, sketch: Sketch | None) -> Resemblance | None:
        if (place := self._places.get(key)) is not None:
            return self._resemblance(place, "same", 1.0)
        if self._near is None or sketch is None:
            return None
        near = self._near.nearest(sketch)
        return None if near is None else self._resemblance(near[0], "near", near[1])

    def _meant_as(self, vector: Sequence[float] | None) -> Resemblance | None:
        if self._meanings is None or vector is None:
            return None
        closest = self._meanings.nearest(vector)
        if closest is None or 1.0 - closest[1] >= self._min_distance:
            return None
        return self._resemblance(closest[0], "meaning", closest[1])

    def _resemblance(
        self, place: int, how: Literal["same", "near", "meaning"], similarity: float
    ) -> Resemblance:
        return Resemblance(text=self._texts[place], index=place, how=how, similarity=similarity)

    def _remember(
        self,
        candidate: Candidate[Any],
        key: Hashable,
        sketch: Sketch | None,
        vector: Sequence[float] | None,
    ) -> None:
        place = len(self._texts)
        if self._meanings is not None and vector is not None:
            self._meanings.add(vector)
        if self._near is not None and sketch is not None:
            self._near.add(place, candidate.value, sketch)
        self._places[key] = place
        self._texts.append(candidate.text)
