"""How far repetition between the responses lets them be compressed."""

from __future__ import annotations

import gzip
from collections.abc import Sequence

from vs_core.values.words import require_texts


def compression_ratio(texts: Sequence[str]) -> float | None:
    r"""Size of all responses together / their size after gzip; more means more repetition.

    Shaib, Barrow, Sun, Siu, Wallace and Nenkova, "Standardizing the Measurement of Text
    Diversity", arXiv 2403.00553 (their compression ratio). The responses are sorted before they
    are joined (by a new line), so that their order makes no difference and equal ones are next to
    each other: gzip sees no repetition further away than 32 kB. Repetition inside a response
    counts too, and longer text compresses better, so compare at the same number and similar
    lengths. A few words come out larger, below 1, by the 20 bytes that gzip itself needs.

    Args:
        texts: The responses, repetitions included.

    Returns:
        Above 0; without responses, or where all are empty, None. O(total length), after sorting.

    Example:
        >>> from vs_core.metrics import compression_ratio
        >>> compression_ratio(["the same again"] * 40) > 10
        True
    """
    require_texts(texts)
    if not any(texts):
        return None
    # Half of a surrogate pair, as a cut reply can have, is no valid UTF-8.
    joined = "\n".join(sorted(texts)).encode("utf-8", "surrogatepass")
    return len(joined) / len(gzip.compress(joined))
