"""A line in plain characters, one for one, so that places found in it hold in the line itself."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SAME = {
    "\u3010": "[",
    "\u3011": "]",
    "\u3014": "[",
    "\u3015": "]",
    "\u300c": "(",
    "\u300d": ")",
    "\u3002": ".",
    "\u066b": ".",
    "\u066a": "%",
    "\u2212": "-",
    "\u2223": "|",
    "\u2236": ":",
    "\u223c": "~",
    "\u301c": "~",
    "\u02d0": ":",
    "\ufe30": ":",
    "\u0589": ":",
}


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    same = _SAME.get(char)
    if same is not None:
        return same
    category = unicodedata.category(char)
    if category in ("Cf", "Zs"):
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "No":
        return char
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


def fold(line: str) -> str:
    """The line with full-width characters, digits of all scripts and odd spaces made plain."""
    return line if line.isascii() else "".join(map(_folded, line))
