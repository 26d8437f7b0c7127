"""`Fragment`: what looked like a candidate and was not taken; and the reasons why."""

from __future__ import annotations

from typing import NamedTuple

CUT_OFF = "cut off"
NUMBER_CUT = "the number was cut off"
BEGUN_AGAIN = "begun again further on"
PLACEHOLDER = "a placeholder, not an answer"
EMPTY = "without text"
SCHEMA = "a schema, not an answer"
DRAFT = "a draft in front of the answer"
TOTAL = "a total, not a candidate"


class Fragment(NamedTuple):
    """A stretch of the reply that looked like a candidate and was not taken.

    Attributes:
        text: As written.
        reason: Why not, in plain words.
    """

    text: str
    reason: str
