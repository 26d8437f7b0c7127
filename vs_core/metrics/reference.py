"""How the answers given compare to the answers that are known to exist."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping
from typing import Literal, TypeAlias

from vs_core.metrics.answers import Answers, Match, tally
from vs_core.values.words import normalise, require_texts

Reference: TypeAlias = Mapping[str, float] | Collection[str]

_ADDED = 1e-10


def coverage_n(answers: Answers, reference: Reference, *, match: Match = normalise) -> float | None:
    """Coverage-N: share of the reference answers that came at least once in N responses.

    Zhang et al., "Verbalized Sampling", arXiv 2510.01171, section 7 (open-ended QA). It grows
    with N, so compare at the same number of responses. It does not see how often an answer came.

    Args:
        answers: The responses, repetitions included; or counts, or a distribution.
        reference: The known answers, or their probabilities (only those above 0 count).
        match: Makes equal what counts as the same answer, in both.

    Returns:
        In [0, 1]; 0 without responses. O(responses + reference).

    Raises:
        ValueError: The reference has no answers, or a number is negative or not finite.

    Example:
        >>> from vs_core.metrics import coverage_n
        >>> coverage_n(["Heads", "heads.", "the edge"], reference=["heads", "tails"])
        0.5
    """
    known = _probabilities(reference, match)
    return len(known.keys() & tally(answers, match).keys()) / len(known)


def precision(answers: Answers, reference: Reference, *, match: Match = normalise) -> float | None:
    """Share of the responses that are reference answers.

    Zhang et al., arXiv 2510.01171, section 7 (open-ended QA). A model that always gives the
    same right answer has 1.

    Args:
        answers: As for `coverage_n`.
        reference: As for `coverage_n`.
        match: As for `coverage_n`.

    Returns:
        In [0, 1]; None without responses. O(responses + reference).

    Raises:
        ValueError: As for `coverage_n`.

    Example:
        >>> from vs_core.metrics import precision
        >>> precision(["Heads", "heads.", "the edge", "tails"], reference=["heads", "tails"])
        0.75
    """
    known = _probabilities(reference, match)
    given = tally(answers, match)
    total = math.fsum(given.values())
    if not total:
        return None
    return math.fsum(count for key, count in given.items() if key in known) / total


def kl_divergence(
    answers: Answers,
    reference: Reference,
    *,
    convention: Literal["observed", "full"] = "observed",
    smoothing: float = 0.5,
    match: Match = normalise,
) -> float | None:
    """Kullback-Leibler divergence between the answers given and the reference, in nats.

    `observed`, the paper's (Zhang et al., arXiv 2510.01171, section 7, and the published
    evaluation): the sum of p ln(p/q) over the reference answers that were given, where q is the
    reference's probability, and p the share among the responses that match the reference, with
    1e-10 added and renormalised. Responses that match nothing are left out, and reference
    answers that never came add nothing: each right answer once among a thousand wrong ones
    has 0, the value of a perfect model.

    `full`: the sum of q ln(q/p) over *all* reference answers, where p is the share among *all*
    responses. So each reference answer that never came costs, and so does each response that
    matches nothing. It would be infinite where one never came; hence each reference answer, and
    all others together, are counted as given `smoothing` times more than they were (Krichevsky
    and Trofimov, "The Performance of Universal Encoding", 1981, for 0.5).

    Args:
        answers: The responses, repetitions included; or counts (not probabilities for `full`:
            the smoothing is relative to their sum), or a distribution.
        reference: The known answers (equally probable), or their probabilities or weights, which
            are normalised.
        convention: Which of the two.
        smoothing: For `full`; 0 takes the counts as they are.
        match: Makes equal what counts as the same answer, in both.

    Returns:
        0 or more, lower is closer; for `full` without smoothing infinite where an answer is
        missing. None without responses, and for `observed` where none matches the reference.
        O(responses + reference).

    Raises:
        ValueError: As for `coverage_n`; `convention` is neither, or `smoothing` is negative.

    Example:
        >>> from vs_core.metrics import kl_divergence
        >>> given = ["heads", "heads", "heads", "tails"]
        >>> kl_divergence(given, ["heads", "tails"])
        0.130...
        >>> kl_divergence(given, ["heads", "tails"], convention="full")
        0.182...
    """
    known = _probabilities(reference, match)
    given = tally(answers, match)
    if convention == "observed":
        return _observed(given, known)
    if convention != "full":
        raise ValueError(f"convention={convention!r}: must be 'observed' or 'full'")
    if not (math.isfinite(smoothing) and smoothing >= 0.0):
        raise ValueError(f"smoothing={smoothing!r}: must be a number, 0 or more")
    return _full(given, known, smoothing)


def _observed(given: Mapping[Hashable, float], known: Mapping[Hashable, float]) -> float | None:
    matching = {key: count for key, count in given.items() if key in known}
    if not matching:
        return None
    total = math.fsum(matching.values())
    whole = 1.0 + len(matching) * _ADDED
    shares = {key: (count / total + _ADDED) / whole for key, count in matching.items()}
    # With 1e-10 added, a perfect match comes out a little below 0.
    return max(0.0, math.fsum(p * math.log(p / known[key]) for key, p in shares.items()))


def _full(
    given: Mapping[Hashable, float], known: Mapping[Hashable, float], smoothing: float
) -> float | None:
    total = math.fsum(given.values())
    if not total:
        return None
    total += smoothing * (len(known) + 1)
    shares = {key: (given.get(key, 0.0) + smoothing) / total for key in known}
    if not all(shares.values()):
        return math.inf
    return max(0.0, math.fsum(q * math.log(q / shares[key]) for key, q in known.items()))


def _probabilities(reference: Reference, match: Match) -> dict[Hashable, float]:
    """The reference by what matches; each different answer of a collection counts once."""
    if isinstance(reference, Mapping):
        weights = tally(reference, match)
    else:
        texts = reference if isinstance(reference, str) else list(reference)
        require_texts(texts)
        weights = dict.fromkeys(map(match, texts), 1.0)
    total = math.fsum(weights.values())
    if not total:
        raise ValueError("the reference has no answers: give at least one, above 0")
    return {key: weight / total for key, weight in weights.items()}
