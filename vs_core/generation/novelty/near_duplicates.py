"""Which earlier answer has nearly the same wording, without a comparison with all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vs_core.generation.novelty.wording import Wording, wording
from vs_core.metrics.libraries import library

SHORTEST = 8
"""Words from which on an answer is compared: in shorter ones, each word decides."""

_SLOTS = 128
_SEED = 1
_ROWS = (16, 8, 4, 2)
_SURE = 0.9
_FEATURE = "refusing near-duplicates (near_duplicate=None does without)"


@dataclass(frozen=True)
class Sketch:
    """An answer that is long enough to be compared.

    Attributes:
        wording: What is compared.
        signature: Its MinHash signature.
    """

    wording: Wording
    signature: Any


class NearDuplicates:
    """The wordings of the accepted answers.

    MinHash signatures in bands (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets",
    section 3.4) propose what may be alike; whether it is, the wordings themselves decide. So chance
    can miss a near-duplicate, seldom, and can make none. Up to 2 kB for each answer besides its
    value; the wordings of proposals are made again when they are needed. About 0.1 ms for each
    answer, and half a microsecond for each earlier one that is filled into the same template.

    Args:
        threshold: The least similarity of near-duplicates, in (0, 1].

    Raises:
        MissingExtraError: rensa is not installed.

    Example:
        >>> from vs_core.generation.novelty.near_duplicates import NearDuplicates
        >>> near = NearDuplicates(0.8)
        >>> why = "Why do beans never gossip in a cafe? They would espresso too much!"
        >>> near.add(0, why, near.sketch(why))
        >>> again = "Why do beans never gossip in the cafe? They would espresso too much"
        >>> near.nearest(near.sketch(again))
        (0, 0.86...)
    """

    def __init__(self, threshold: float) -> None:
        rensa = library("rensa", _FEATURE, "generate")
        self._signature = rensa.RMinHash
        self._index = rensa.RMinHashLSH(threshold, _SLOTS, _SLOTS // _rows_of_a_band(threshold))
        self._threshold = threshold
        self._values: dict[int, Any] = {}
        self._imprints: dict[int, int] = {}

    def sketch(self, value: Any) -> Sketch | None:
        """What is compared of an answer; None if it is too short to be compared.

        Args:
            value: A text or a typed value.
        """
        found = wording(value)
        if len(found.words) < SHORTEST:
            return None
        signature = self._signature(_SLOTS, _SEED)
        # With other numbers, no shingle is shared: templates filled with numbers propose nothing.
        decides = " ".join(found.deciding)
        signature.update([f"{shingle}\n{decides}" for shingle in found.shingles])
        return Sketch(found, signature)

    def nearest(self, sketch: Sketch) -> tuple[int, float] | None:
        """The answer that this one repeats, and how similar they are; None if it repeats none.

        Args:
            sketch: Of an answer that may not have been added.

        Returns:
            The most similar of the added ones; of equals the earliest.
        """
        likenesses = [
            (sketch.wording.likeness(wording(self._values[index])), -index)
            for index in self._possible(sketch)
        ]
        likeness, place = max(likenesses, default=(0.0, 0))
        return (-place, likeness) if likeness >= self._threshold else None

    def _possible(self, sketch: Sketch) -> list[int]:
        # Thousands are proposed to an answer of a template, and hardly any can be alike.
        ours, imprints = sketch.wording.imprint, self._imprints
        return [
            index
            for index in self._index.query(sketch.signature)
            if (common := ours & imprints[index]) == ours or common == imprints[index]
        ]

    def add(self, index: int, value: Any, sketch: Sketch) -> None:
        """Remember an accepted answer.

        Args:
            index: Its place among the accepted answers.
            value: The answer.
            sketch: Of this answer.
        """
        self._index.insert(index, sketch.signature)
        self._values[index] = value
        self._imprints[index] = sketch.wording.imprint


def _rows_of_a_band(threshold: float) -> int:
    """As many as possible, so that little is proposed, if what is alike is still proposed.

    Two answers of similarity s agree in one of b bands of r rows with probability 1 - (1 - s^r)^b.
    """
    likely = (r for r in _ROWS if 1.0 - (1.0 - threshold**r) ** (_SLOTS // r) >= _SURE)
    return next(likely, 1)
