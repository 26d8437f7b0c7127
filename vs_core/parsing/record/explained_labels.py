"""Lines of a label and a number with an explanation behind them: `Passage 3: 0.8 - it says so`."""

from __future__ import annotations

import re

from vs_core.parsing.record.record import Record

_LINE = re.compile(
    r"[\s>*_#-]{0,8}"
    r"(?P<label>(?:[^\W\d_]{1,20}[\s_#]{0,2})?[\[(]?\d{1,9}[\])]?)[*_]{0,2}\s{0,3}[:.)=\u2013\u2014-]?\s{0,3}[*_]{0,2}"
    r"(?P<number>0?[.,]\d{1,9}|[01](?:[.,]0{1,9})?|\d{1,3}\s?%)[*_]{0,2}"
    r"(?:\s{0,3}[-\u2013\u2014:;,.(\[]|\s{1,3}(?:because|as|since|for)\b|\s*$)",
    re.IGNORECASE,
)


def explained_labels(text: str) -> list[Record]:
    r"""The records of a text whose lines each have a label, a number, and perhaps the reason.

    Args:
        text: The text.

    Example:
        >>> from vs_core.parsing.record.explained_labels import explained_labels
        >>> [(r.text, r.raw) for r in explained_labels("[1] 0.8 because it does\n[3] 0.1, hardly")]
        [('[1]', '0.8'), ('[3]', '0.1')]
    """
    lines = ((line, _LINE.match(line)) for line in text.split("\n"))
    return [
        Record(found["label"].strip(), found["number"], written=line)
        for line, found in lines
        if found is not None
    ]
