"""Tags as text, so that what they hold reads as lines do."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vs_core.parsing import words
from vs_core.parsing.decisions.names import Names

_TAG = re.compile(r"<(/?)([A-Za-z_][\w.-]{0,63})((?:\s[^<>]{0,300})?)>|<([\w.-]{1,64})/>")
_MARKS_OF_HTML = {
    **dict.fromkeys(("td", "th"), " | "),
    **dict.fromkeys(("tr", "li", "br", "p", "div"), "\n"),
}
_VALUE = re.compile(r"=\s{0,3}[\"']([^\"']{1,200})[\"']")


def flattened(text: str, names: Names, labels: Mapping[str, Names]) -> str:
    r"""A text with the names of questions and labels in place of their tags, and no other tags.

    Args:
        text: The text.
        names: What the questions are called.
        labels: For each question what its labels are called.

    Example:
        >>> from vs_core.parsing.decisions.flattened import flattened
        >>> from vs_core.parsing.decisions.names import Names
        >>> labels = {"team": Names(["sales"])}
        >>> flattened("<team><sales>0.7</sales></team>", Names(labels), labels).split()
        ['team:', 'sales:', '0.7']
    """
    if "<" not in text:
        return text
    # A label may be a tag itself.
    literal = [label for each in labels.values() for label in each.all if "<" in label]

    def plain(tag: re.Match[str]) -> str:
        if any(tag[0] in label for label in literal):
            return tag[0]
        if tag[1] or tag[4]:
            return " "
        if (mark := _MARKS_OF_HTML.get(tag[2].lower())) is not None:
            return mark
        values = _VALUE.findall(tag[3])
        called = [tag[2], f"{tag[2]}{tag[3]}", *values]
        question = next((each for each in called if names.meant_by(each)), None)
        if question is not None:
            rest = ": ".join(value for value in values if value != question)
            return f"\n{names.meant_by(question)}:\n{rest} "
        if label := next((c for c in called if any(e.meant_by(c) for e in labels.values())), None):
            return f" {label}: " + ": ".join(value for value in values if value != label) + " "
        return ": " if words.names_number(tag[2]) else " "

    return _TAG.sub(plain, text)
