"""Token-like pieces of a text, for streams and for counting."""

from __future__ import annotations

import re

_PIECE = re.compile(r"\s?[^\W\s]{1,8}|\s?[^\w\s]|\s")


def pieces(text: str) -> list[str]:
    """A text cut into pieces: word parts of at most eight characters, and single signs.

    A piece carries the white space before it. Joined, the pieces are the text.

    Args:
        text: Any text.

    Example:
        >>> pieces("Hello, extraordinary world")
        ['Hello', ',', ' extraord', 'inary', ' world']
    """
    return _PIECE.findall(text)
