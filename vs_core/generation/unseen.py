"""How much of the next call will be new: the unseen share, and its interval."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

PROBES = 10
_Z = 1.959963984540054


class UnseenShare(BaseModel):
    """The expected share of new answers in the next independent call.

    Independent: a call that is told nothing of earlier answers. It is *not* the unseen mass, the
    probability that a single answer of the model would be new: within a call, answers don't repeat
    each other, so that rare ones have a greater share of it than of single answers.

    Attributes:
        estimate: The share, in [0, 1].
        low: Lower end of the 95 % interval.
        high: Upper end of the 95 % interval.
        draws: Effective number of draws, p (1 - p) over the variance: as many independent ones
            would tell as much.

    Example:
        >>> from vs_core.generation import Sightings
        >>> sightings = Sightings()
        >>> for call in ([0, 1, 2, 3], [0, 1, 2, 4], [0, 2, 3, 5], [0, 1, 2, 3]):
        ...     sightings.note(call, told=False)
        >>> share = sightings.share()
        >>> round(share.estimate, 3), round(share.low, 3), round(share.high, 3)
        (0.125, 0.0, 0.487)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    estimate: float = Field(ge=0.0, le=1.0)
    low: float = Field(ge=0.0, le=1.0)
    high: float = Field(ge=0.0, le=1.0)
    draws: float = Field(ge=0.0, allow_inf_nan=False)


class Sightings:
    """Which answers were met in which calls, as far as the unseen share needs it.

    The share is Q1/U: answers met in exactly one call, over all answers met, each once for each
    call. That is Good's and Turing's estimate, for incidences: of T calls, Q1/T new answers are
    expected in the next one, among U/T. Good, "The population frequencies of species and the
    estimation of population parameters", Biometrika 40 (1953); for incidences Chao et al.,
    "Rarefaction and extrapolation with Hill numbers", Ecological Monographs 84 (2014).

    The variance of the difference between share and estimate is (Q1 + 2 Q2)/U², with Q2 answers
    met in exactly two calls: Esty, "The efficiency of Good's nonparametric coverage estimator",
    Annals of Statistics 14 (1986). The interval is Wilson's for that variance, with U p (1 - p), by
    which the share p explains Q1, in the place of Q1. It is widened by one answer on either side,
    and by one in Q2, as both are small whole numbers at first. So it is never empty, even if
    nothing or everything is new.

    Calls that were told of earlier answers (by a digest) meet others than a next independent call
    would. From the first of them on, U is counted over the latest ten calls that were told nothing
    (*probes*), and Q1 and Q2 are the answers of these that no further call met, whether told or
    not. As an answer is met less often while it is told, the share is too high by a little: in
    simulated worlds the 95 % interval holds the true share in 98 %, with digests of the 20 answers
    met most often (`benchmarks/bench_unseen.py`); with the latest 20 in 96 %, and with the latest
    100 in 89 %, of the worst kind of world. Only what came before each probe could be counted
    without that, but then the share lags behind so much that three probes are all that can be used.

    Example:
        >>> from vs_core.generation import Sightings
        >>> sightings = Sightings()
        >>> sightings.share() is None
        True
        >>> sightings.note([0, 1, 2, 3, 4], told=False)
        >>> sightings.share().estimate
        1.0
    """

    def __init__(self) -> None:
        self._calls_of: Counter[int] = Counter()
        self._answers_met_in: Counter[int] = Counter()
        self._met = 0
        self._has_told = False
        self._probes: deque[tuple[int, ...]] = deque(maxlen=PROBES)

    def note(self, met: Iterable[int], *, told: bool) -> None:
        """Note one call; calls are noted in the order in which they were decided.

        Args:
            met: The accepted answers that the answers of this call are or resemble, by their
                places, those that it brought among them.
            told: Whether the call was told of earlier answers.
        """
        answers = tuple(dict.fromkeys(met))
        self._has_told |= told
        for answer in answers:
            self._calls_of[answer] += 1
            calls = self._calls_of[answer]
            self._answers_met_in[calls] += 1
            self._answers_met_in[calls - 1] -= 1
        if answers and not told:
            self._met += len(answers)
            self._probes.append(answers)

    def share(self) -> UnseenShare | None:
        """The unseen share now; None until a call that was told nothing has brought an answer."""
        if not self._probes:
            return None
        if not self._has_told:
            return _estimated(self._met, self._answers_met_in[1], self._answers_met_in[2])
        in_probes = Counter(answer for probe in self._probes for answer in probe)
        only_there = Counter(n for a, n in in_probes.items() if n == self._calls_of[a])
        return _estimated(in_probes.total(), only_there[1], only_there[2])


def _estimated(met: int, once: int, twice: int) -> UnseenShare:
    # An answer more that repeats another is one less met once, twice: hence one on either side.
    # None met twice so far doesn't mean that none could have been.
    low, _, _ = _wilson(max(0.0, (once - 1) / met), met, twice + 1)
    _, high, _ = _wilson(min(1.0, (once + 1) / met), met, twice + 1)
    share = once / met
    return UnseenShare(estimate=share, low=low, high=high, draws=_wilson(share, met, twice)[2])


def _wilson(share: float, met: int, twice: int) -> tuple[float, float, float]:
    """Both ends of the p with (share - p)² <= z² (p (1 - p)/met + 2 twice/met²), and the draws."""
    spread = _Z * _Z / met
    middle = (share + spread / 2) / (1 + spread)
    product = (share * share - 2 * twice * spread / met) / (1 + spread)
    half = math.sqrt(max(0.0, middle * middle - product))
    variance = middle * (1 - middle) / met
    draws = met * variance / (variance + 2 * twice / met**2)
    return max(0.0, middle - half), min(1.0, middle + half), draws
