"""Texts that match a regular expression, of the common kinds."""

from __future__ import annotations

import random
import re
import string

_CLASSES = {
    "d": string.digits,
    "w": string.ascii_lowercase + string.digits,
    "s": " ",
    "D": string.ascii_lowercase,
    "W": "-",
    "S": string.ascii_lowercase,
}
_ANY = string.ascii_lowercase
_VISIBLE = string.ascii_letters + string.digits + " -_.,:;!?@#/+"
_REPEATED = re.compile(r"\{(\d{1,3})(,?)(\d{0,3})\}")
_MOST_MORE = 6
_TRIES = 20


def matching(pattern: str, rng: random.Random) -> str | None:
    r"""A text that matches a regular expression; None if it is of a kind that is not read.

    Read are characters, classes, groups, alternatives and repetitions, which is what schemas of
    codes and numbers have.

    Args:
        pattern: The expression, found anywhere in a text unless it is anchored.
        rng: The source of randomness.

    Example:
        >>> import random
        >>> from vs_core.simulation.records.patterns import matching
        >>> matching(r"^[A-C]{2}-\d{3}$", random.Random(1))
        'AB-177'
        >>> matching(r"(?<=x)y", random.Random(1)) is None
        True
    """
    try:
        expression = re.compile(pattern)
        for _ in range(_TRIES):
            text = _Writer(pattern, rng).alternatives()
            if expression.search(text):
                return text
    except (re.error, ValueError, IndexError, RecursionError, OverflowError):
        pass  # it is no expression, or has what is not read
    return None


class _Writer:
    """Writes one text, reading the expression from left to right.

    Args:
        pattern: The expression.
        rng: The source of randomness.
    """

    def __init__(self, pattern: str, rng: random.Random) -> None:
        self._pattern = pattern
        self._at = 0
        self._rng = rng

    def alternatives(self) -> str:
        """One of the alternatives up to the end, or to the end of the group."""
        branches = [self._sequence()]
        while self._at < len(self._pattern) and self._pattern[self._at] == "|":
            self._at += 1
            branches.append(self._sequence())
        return self._rng.choice(branches)

    def _sequence(self) -> str:
        written = ""
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            start = self._at
            one = self._atom()
            end = self._at
            for n in range(self._times()):
                behind, self._at = self._at, start
                # Each repetition is written anew, so that `[a-z]{3}` is not one letter three times.
                written += one if n == 0 else self._atom()
                self._at = max(behind, end)
        return written

    def _atom(self) -> str:
        sign = self._pattern[self._at]
        self._at += 1
        if sign in "^$":
            return ""
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._rng.choice(self._class())
        if sign == "\\":
            return self._escaped()
        return self._rng.choice(_ANY) if sign == "." else sign

    def _group(self) -> str:
        if self._pattern[self._at] == "?":
            if self._pattern[self._at : self._at + 2] != "?:":
                raise ValueError("a group of a kind that is not read")
            self._at += 2
        written = self.alternatives()
        self._at += 1
        return written

    def _escaped(self) -> str:
        sign = self._pattern[self._at]
        self._at += 1
        if sign in "bBAZ":
            return ""
        if sign in _CLASSES:
            return self._rng.choice(_CLASSES[sign])
        if sign.isalnum():
            raise ValueError("an escape of a kind that is not read")
        return sign

    def _class(self) -> str:
        negated = self._pattern[self._at] == "^"
        self._at += negated
        members, first = "", True
        while self._pattern[self._at] != "]" or first:
            first = False
            members += self._members()
        self._at += 1
        return "".join(c for c in _VISIBLE if c not in members) if negated else members

    def _members(self) -> str:
        sign = self._pattern[self._at]
        self._at += 1
        if sign == "\\":
            sign = self._pattern[self._at]
            self._at += 1
            if sign in _CLASSES:
                return _CLASSES[sign]
        if self._pattern[self._at] == "-" and self._pattern[self._at + 1] != "]":
            last = self._pattern[self._at + 1]
            self._at += 2
            return "".join(map(chr, range(ord(sign), ord(last) + 1)))
        return sign

    def _times(self) -> int:
        sign = self._pattern[self._at : self._at + 1]
        counted = _REPEATED.match(self._pattern, self._at)
        if counted:
            self._at = counted.end()
            low = int(counted[1])
            high = int(counted[3] or low + _MOST_MORE) if counted[2] else low
        elif sign and sign in "*+?":
            self._at += 1
            low, high = {"*": (0, _MOST_MORE), "+": (1, _MOST_MORE), "?": (0, 1)}[sign]
        else:
            return 1
        self._at += self._pattern[self._at : self._at + 1] == "?"
        return self._rng.randint(low, high)
