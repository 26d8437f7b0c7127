"""Where a reply holds the notations that are asked for, tags or JSON, and what stands around them.

Stricter than the reader, which takes what models write instead: no other name, no other key.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from vs_core.parsing.asked import Asked
from vs_core.values.terms import Definition, Layout

_LONGEST_REMARK = 200
_FIELDS: dict[Definition, str] = {
    "confidence": "confidence",
    "perplexity": "perplexity",
    "nll": "nll",
}
_REASONING = re.compile(r"\s*<reasoning>.*?</reasoning>|\s*reasoning:", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?responses?(?:[_ -]?\d{1,3})?(?:\s[^<>]{0,200})?>", re.IGNORECASE)
_RESPONSE = re.compile(
    r"<(response(?:[_ -]?\d{1,3})?)(?:\s[^<>]{0,200})?>"
    r"(?P<inner>(?:(?!<response[\s>_\d-]).)*?)(?:</\1\s*>|(?=<response[\s>_\d-])|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_ELEMENT = re.compile(r"<[A-Za-z!/][^<>]*>")
_QUOTE = "[\"'\u201c\u201d]"
_BEGINS_SET = re.compile(
    rf"\[?\{{{_QUOTE}(?:text|response|responses|reasoning){_QUOTE}:", re.IGNORECASE
)
_GAP = re.compile(r"[\s,]*")
_GOES_ON = (",", ":", "{", "[", '"')


@dataclass(frozen=True)
class Block:
    """Responses that stand together, and what stands around them.

    Attributes:
        layout: Their notation.
        before: What stands in front.
        behind: What stands behind.
        between: What stands between them and belongs to none.
        count: How many there are.
        numbered: How many of them have a number.
        bare: How many have neither a number nor an element for the text.
    """

    layout: Layout
    before: str
    behind: str
    between: str
    count: int
    numbered: int
    bare: int = 0

    @property
    def has_words(self) -> bool:
        """Whether there is more than the responses."""
        return any(map(says_something, (self.before, self.between, self.behind)))

    def is_answer(self, k: int, *, fenced: bool = False) -> bool:
        """Whether these responses are what the reply says, rather than something in it.

        Args:
            k: The number of responses asked for.
            fenced: Whether they stand in a fence, as code samples do.
        """
        if not self.has_words:
            return self.count > 0 and not (fenced and self.bare)
        return (
            self.count >= min(k, max(2, (k + 1) // 2))
            and self.numbered >= self.count
            and len(self.between.strip()) <= _LONGEST_REMARK
            and announces(self.before)
            and _closes(self.behind)
        )


def says_something(text: str) -> bool:
    """Whether there is a word in a text, and not just a list's marks, a rule or a fence."""
    return any(map(str.isalpha, text))


def announces(before: str) -> bool:
    """Whether words in front of an answer are no more than its announcement."""
    if not says_something(before):
        return True
    ends = before.rstrip(" \t").endswith(("\n", ":", "\uff1a"))
    return ends and len(before.strip()) <= _LONGEST_REMARK


def _closes(behind: str) -> bool:
    """Whether words behind an answer are no more than a closing remark."""
    if not says_something(behind):
        return True
    return behind.lstrip(" \t").startswith("\n") and len(behind.strip()) <= _LONGEST_REMARK


def without_reasoning(before: str) -> str:
    """What stands in front of an answer, without the reasoning that was asked for there."""
    found = _REASONING.match(before)
    if found is None:
        return before
    return before[found.end() :] if found[0].endswith(">") else ""


def block_of(text: str, asked: Asked) -> Block | None:
    """The first tags or JSON in a text, if they are in the form asked for.

    Args:
        text: A reply without its thinking, or a part of one.
        asked: What was asked for.
    """
    field = _FIELDS.get(asked.asked_definition, "probability")
    tag = _TAG.search(text)
    brace = re.search(r"^[ \t]*[{\[]", text, re.MULTILINE)
    if brace is not None and (tag is None or brace.start() < tag.start()):
        return _json_block(text, brace.end() - 1, field)
    return None if tag is None else _tag_block(text, tag.start(), field)


def _tag_block(text: str, start: int, field: str) -> Block | None:
    number = re.compile(rf"<{field}\s*>|\s{field}\s*=", re.IGNORECASE)
    end, between = start, ""
    count = numbered = bare = 0
    for found in _RESPONSE.finditer(text, start):
        between += _TAG.sub("", text[end : found.start()])
        end = found.end()
        has_number = number.search(found[0]) is not None
        if not has_number and end == len(text) and "</response" not in found[0].lower():
            # Cut off.
            break
        count += 1
        if has_number:
            numbered += 1
        elif "<text" not in found[0].lower():
            bare += 1
            if _ELEMENT.search(found["inner"]):
                # Some other document, such as a reply of a web service.
                return None
    return Block(
        "xml",
        without_reasoning(text[:start]),
        re.sub(r"\A\s*</responses?\s*>", "", text[end:], flags=re.IGNORECASE),
        between,
        count,
        numbered,
        bare,
    )


def _json_block(text: str, start: int, field: str) -> Block | None:
    values, end = _json_values(text, start)
    written = text[start:end]
    if values is None:
        # Cut off, or to be mended by the reader, which knows the usual mistakes.
        if not _BEGINS_SET.match(re.sub(r"\s+", "", written[:_LONGEST_REMARK])):
            return None
    elif not all(map(_Notation(field).has, values)):
        return None
    numbers = re.findall(rf"{_QUOTE}{field}{_QUOTE}\s*:", written, re.IGNORECASE)
    before = without_reasoning(text[:start])
    return Block("json", before, text[end:], "", len(numbers), len(numbers))


@dataclass(frozen=True)
class _Notation:
    """The JSON that is asked for.

    Attributes:
        field: The key of the number.
    """

    field: str

    def has(self, value: object) -> bool:
        """Whether a value is a set of responses, or one of them."""
        if isinstance(value, list):
            return bool(value) and all(map(self._is_response, value))
        if isinstance(value, dict) and isinstance(value.get("responses"), list):
            return value.keys() <= {"responses", "reasoning"} and self.has(value["responses"])
        return self._is_response(value)

    def _is_response(self, value: object) -> bool:
        # With other keys it is data, such as `{"text": "...", "label": "spam", "probability": 1}`.
        return isinstance(value, dict) and value.keys() in (
            {"text", self.field},
            {"response", self.field},
            {"reasoning", "text", self.field},
            {"id", "text", self.field},
        )


def _json_values(text: str, start: int) -> tuple[list[object] | None, int]:
    """The values that follow each other from a place on, None if they are broken; and their end."""
    decoder = json.JSONDecoder(strict=False)
    values: list[object] = []
    at = end = start
    while text[at : at + 1] in ("{", "["):
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            last = max(text.rfind("}"), text.rfind("]"), start) + 1
            goes_on = last == start + 1 or text[last:].lstrip().startswith(_GOES_ON)
            return None, len(text) if goes_on else last
        values.append(value)
        gap = _GAP.match(text, end)
        at = end if gap is None else gap.end()
    return values, end
