"""An answer space: what could be said to a question, and how likely each answer is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ROUNDING = 1e-12


@dataclass(frozen=True)
class AnswerSpace:
    """All answers to a kind of question, with the probabilities of a model before alignment.

    Attributes:
        name: What the space is about.
        answers: The distinct answers.
        probabilities: The reference probability of each answer (`pi_ref` in the paper). Any
            positive weights may be given; they are normalised to sum to 1.
        typicality: How typical each answer feels to those who judge replies, as positive
            weights. None: as typical as it is likely, which is the paper's own assumption. A die
            needs the difference: its faces are equally likely, yet four is what people expect.

    Raises:
        ValueError: There is no answer, an answer stands twice, a weight is not positive, or the
            lengths differ.

    Example:
        >>> coin = AnswerSpace("coin", ("Heads", "Tails"), (3, 1))
        >>> coin.probabilities
        (0.75, 0.25)
        >>> round(coin.entropy(), 3)
        0.562
        >>> tuple(round(p, 3) for p in coin.aligned(2.0))
        (0.9, 0.1)
    """

    name: str
    answers: tuple[str, ...]
    probabilities: tuple[float, ...]
    typicality: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if not self.answers:
            raise ValueError(f"answer space {self.name!r}: at least one answer is needed")
        if len(set(self.answers)) != len(self.answers):
            raise ValueError(f"answer space {self.name!r}: the answers must be distinct")
        object.__setattr__(self, "probabilities", self._normalised(self.probabilities))
        if self.typicality is not None:
            object.__setattr__(self, "typicality", self._normalised(self.typicality))

    def _normalised(self, weights: Sequence[float]) -> tuple[float, ...]:
        if len(weights) != len(self.answers):
            raise ValueError(
                f"answer space {self.name!r}: {len(self.answers)} answers need as many weights, "
                f"got {len(weights)}"
            )
        if not all(0 < weight < math.inf for weight in weights):
            raise ValueError(f"answer space {self.name!r}: weights must be positive and finite")
        total = math.fsum(weights)
        if abs(total - 1.0) <= _ROUNDING:
            # What was normalised before stays exactly as it is, so that a space survives JSON.
            return tuple(map(float, weights))
        return tuple(weight / total for weight in weights)

    def entropy(self) -> float:
        """Entropy of the reference probabilities, in nats.

        Example:
            >>> round(AnswerSpace("die", tuple("123456"), (1,) * 6).entropy(), 4)
            1.7918
        """
        return -math.fsum(p * math.log(p) for p in self.probabilities)

    def aligned(self, gamma: float) -> tuple[float, ...]:
        """Probabilities of a direct answer after alignment: mode collapse.

        `pi(y) ~ pi_ref(y) * t(y)^(gamma - 1)`, where t is the typicality. Where that is the
        reference itself, this is the paper's `pi_ref^gamma / Z` (Zhang et al., arXiv 2510.01171,
        section 3).

        Args:
            gamma: The sharpening, at least 1; 1 leaves the reference as it is.

        Example:
            >>> die = AnswerSpace("die", tuple("123456"), (1,) * 6)
            >>> die.aligned(4.0) == die.probabilities
            True
        """
        typical = self.typicality or self.probabilities
        logs = [
            math.log(p) + (gamma - 1.0) * math.log(t)
            for p, t in zip(self.probabilities, typical, strict=True)
        ]
        highest = max(logs)
        weights = [math.exp(log - highest) for log in logs]
        total = math.fsum(weights)
        return tuple(weight / total for weight in weights)

    @classmethod
    def ranked(cls, name: str, answers: Iterable[str], exponent: float = 0.8) -> AnswerSpace:
        """A space whose answers become rarer with their rank, as words do (Zipf's law).

        Args:
            name: What the space is about.
            answers: The answers, most likely first.
            exponent: The answer of rank r has a weight of r to the power of minus this.

        Example:
            >>> AnswerSpace.ranked("letters", "ab", exponent=1.0).probabilities
            (0.6666666666666666, 0.3333333333333333)
        """
        listed = tuple(answers)
        weights = tuple((rank + 1) ** -exponent for rank in range(len(listed)))
        return cls(name, listed, weights)
