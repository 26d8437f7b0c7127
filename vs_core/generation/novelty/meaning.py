"""Which earlier answer is closest in meaning, by vectors of an embedding model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vs_core.metrics.libraries import library

# Vectors of so many answers stand in one matrix: adding never copies what is there.
_ROWS = 4096
_FEATURE = "comparing answers by meaning"


class Meanings:
    """The directions of the accepted answers, compared by their cosine.

    Each look compares with all of them: O(n d) for n vectors of length d, by the matrix product of
    numpy, and 4 n d bytes.

    Raises:
        MissingExtraError: numpy is not installed.

    Example:
        >>> from vs_core.generation.novelty.meaning import Meanings
        >>> meanings = Meanings()
        >>> for vector in ([1.0, 0.0], [3.0, 4.0]):
        ...     meanings.add(vector)
        >>> meanings.nearest([0.0, 2.0])
        (1, 0.8...)
    """

    def __init__(self) -> None:
        self._numpy = library("numpy", _FEATURE, "generate")
        self._blocks: list[Any] = []
        self._count = 0
        self._length: int | None = None

    def nearest(self, vector: Sequence[float]) -> tuple[int, float] | None:
        """The place of the closest vector and its cosine, the earliest of equals; None without any.

        Args:
            vector: As the model gives it. One of zeros has no direction: its cosine with any is 0.

        Raises:
            ValueError: Its length is not that of the others, or a number is not finite.
        """
        direction = self._direction(vector)
        best: tuple[int, float] | None = None
        for number, block in enumerate(self._blocks):
            cosines = block[: self._count - number * _ROWS] @ direction
            place = int(cosines.argmax())
            cosine = min(1.0, max(-1.0, float(cosines[place])))
            if best is None or cosine > best[1]:
                best = number * _ROWS + place, cosine
        return best

    def add(self, vector: Sequence[float]) -> None:
        """Remember the vector of an accepted answer.

        Args:
            vector: As for `nearest`.

        Raises:
            ValueError: As there.
        """
        direction = self._direction(vector)
        number, place = divmod(self._count, _ROWS)
        if number == len(self._blocks):
            self._blocks.append(self._numpy.zeros((_ROWS, len(direction)), dtype="float32"))
        self._length = len(direction)
        self._blocks[number][place] = direction
        self._count += 1

    def _direction(self, vector: Sequence[float]) -> Any:
        given = self._numpy.asarray(vector, dtype=float)
        if given.ndim != 1 or not given.size or not self._numpy.isfinite(given).all():
            raise ValueError(f"{vector!r:.80} is no vector: pass a list of finite numbers")
        if self._length not in {None, len(given)}:
            raise ValueError(
                f"the vector has {len(given)} numbers and the earlier ones have {self._length}: "
                "all must come from one embedding model"
            )
        # Dividing by the largest first keeps the length finite for any finite numbers.
        scaled = given / (self._numpy.abs(given).max() or 1.0)
        return (scaled / (self._numpy.linalg.norm(scaled) or 1.0)).astype("float32")
