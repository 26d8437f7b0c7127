"""How much of the wording is new: over all responses to one prompt together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from vs_core.values.words import normalise, require_texts, words


def unique_fraction(
    texts: Sequence[str], *, match: Callable[[str], Hashable] = normalise
) -> float | None:
    """Share of the responses that are different: different answers / responses.

    With one response it is 1, with all equal (all empty ones are equal) 1 / number of responses.
    It depends on the number of responses, so compare at the same number. Blind to paraphrases:
    one word more makes a response different. For what is expected at another number of draws,
    see `expected_distinct`.

    Args:
        texts: The responses, repetitions included.
        match: Makes equal what counts as the same answer.

    Returns:
        In (0, 1]; None without responses. O(total length).

    Example:
        >>> from vs_core.metrics import unique_fraction
        >>> unique_fraction(["Ohio", "ohio.", "Utah", "Iowa"])
        0.75
    """
    require_texts(texts)
    return len({match(text) for text in texts}) / len(texts) if texts else None


def distinct_n(texts: Sequence[str], n: int = 2) -> float | None:
    """Distinct-n: different n-grams of words / n-grams of words, over all responses together.

    Li, Galley, Brockett, Gao and Dolan, "A Diversity-Promoting Objective Function for Neural
    Conversation Models", NAACL 2016, arXiv 1510.03055, section 5. They divide by the number of
    words; dividing by that of n-grams, as is usual since, makes 1 the value where nothing
    repeats, for each n. No n-gram reaches across two responses. More or longer responses repeat
    more words, so compare at the same number and similar lengths.

    A response of fewer than n words has no n-gram and plays no part: of one-word answers there is
    no Distinct-2, and where only some have two words, it speaks of these alone. For short answers
    take `unique_fraction`.

    Args:
        texts: The responses, repetitions included.
        n: Length of the n-grams, at least 1.

    Returns:
        In (0, 1]; for m equal responses without repetitions inside 1/m; None where no response
        has n words. O(total length).

    Raises:
        ValueError: `n` is less than 1.

    Example:
        >>> from vs_core.metrics import distinct_n
        >>> distinct_n(["a cup of tea", "a cup of coffee"], n=2)
        0.666...
    """
    if n < 1:
        raise ValueError(f"n={n!r}: must be 1 or more")
    require_texts(texts)
    different: set[tuple[str, ...]] = set()
    total = 0
    for text in texts:
        found = ngrams(words(text), n)
        different.update(found)
        total += len(found)
    return len(different) / total if total else None


def unique_words(texts: Sequence[str]) -> float:
    """How many different words all responses together use (their vocabulary).

    It grows with the number and length of the responses, so compare at the same number.

    Args:
        texts: The responses.

    Returns:
        0 without words. O(total length).

    Example:
        >>> from vs_core.metrics import unique_words
        >>> unique_words(["a cup of tea", "A cup of coffee"])
        5.0
    """
    require_texts(texts)
    return float(len({word for text in texts for word in words(text)}))


def ngrams(sequence: Sequence[str], n: int) -> list[tuple[str, ...]]:
    """The n-grams of one text's words, in order."""
    return list(zip(*(sequence[start:] for start in range(n)), strict=False))
