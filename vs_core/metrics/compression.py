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
    lengths. A few words come out no smaller, since gzip itself needs some 20 bytes: what then
    would be measured is gzip, and there is no value.

    Args:
        texts: The responses, repetitions included.

    Returns:
        Above 1; None where compression makes the responses no smaller. O(total length), after
        sorting.

    Example:
        >>> from vs_core.metrics import compression_ratio
        >>> compression_ratio(["the same again"] * 40) > 10
        True
        >>> compression_ratio(["Ohio", "Utah"]) is None
        True
    """
    require_texts(texts)
    # Half of a surrogate pair, as a cut reply can have, is no valid UTF-8.
    joined = "\n".join(sorted(texts)).encode("utf-8", "surrogatepass")
    compressed = gzip.compress(joined)
    return len(joined) / len(compressed) if len(compressed) < len(joined) else None
