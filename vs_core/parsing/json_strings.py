"""Where a string of a JSON document ends, well-formed or not."""

from __future__ import annotations

import re

OPENERS = {
    '"': '"',
    "'": "'",
    "`": "`",
    "\u201c": '\u201d"\u201c',
    "\u201d": '\u201d"\u201c',
    "\u201e": '\u201c\u201d"',
    "\u2018": "\u2019'",
    "\u2019": "\u2019'",
    "\u00ab": "\u00bb",
    "\uff02": "\uff02",
}
"""For each quote that can begin a string those that can end it."""

_KEY = re.compile(
    r'"((?:[^"\\]|\\.){1,4000})"\s{0,8}[:\uff1a]'
    r"|'((?:[^'\\\n]|\\.){1,200})'\s{0,8}[:\uff1a]"
    r'|[\u201c\u201d\u201e]([^\u201c\u201d"\n]{1,200})[\u201c\u201d"]\s{0,8}[:\uff1a]'
    r"|[\u2018\u2019]([^\u2018\u2019'\n]{1,200})[\u2018\u2019']\s{0,8}[:\uff1a]"
    r"|[`\uff02]([^`\uff02\n]{1,200})[`\uff02]\s{0,8}[:\uff1a]"
)
_MAY_BE_KEY = re.compile(
    r'"(?:(?:[^"\\]|\\.){0,4000}(?:\\|"\s{0,8})?)?\Z'
    r"|'(?:(?:[^'\\\n]|\\.){0,200}(?:\\|'\s{0,8})?)?\Z"
    r'|[\u201c\u201d\u201e](?:[^\u201c\u201d"\n]{0,200}(?:[\u201c\u201d"]\s{0,8})?)?\Z'
    r"|[\u2018\u2019](?:[^\u2018\u2019'\n]{0,200}(?:[\u2018\u2019']\s{0,8})?)?\Z"
    r"|[`\uff02](?:[^`\uff02\n]{0,200}(?:[`\uff02]\s{0,8})?)?\Z"
)
_BARE_KEY = re.compile(r"[^\W\d]\w{0,40}\s{0,8}:")
_MAY_BE_BARE_KEY = re.compile(r"[^\W\d]\w{0,40}\s{0,8}\Z")
_SPACE = re.compile(r"\s{0,500}")
_COMMENTS = ("//", "/*")
_CONSTANTS = ("true", "false", "null", "None", "True", "False", "NaN")


def ends_string(text: str, position: int, *, role: str, in_tuple: bool, final: bool) -> bool | None:
    """Whether the quote at a position ends its string; None if that depends on what follows.

    In well-formed JSON the answer is always yes. A quote that should have been escaped is
    recognised by what follows it: no comma and next member, no bracket, no end.

    Args:
        text: The window.
        position: Where the quote stands.
        role: Whether the string is a `key`, the value of a `member` of an object, or an
            `element` of a list.
        in_tuple: Whether a parenthesis may close what the string stands in.
        final: Whether no more text will come.
    """
    at = _after_space(text, position + 1)
    if at >= len(text):
        return True if final else None
    char = text[at]
    if _ends_value(text, at, role=role, in_tuple=in_tuple):
        return True
    if role == "key":
        return True
    if char == "/" and at + 1 == len(text) and not final:
        return None
    if char in ",;":
        return _next_begins(text, at + 1, role=role, in_tuple=in_tuple, final=final)
    if role == "member":
        # The comma may be missing.
        return _is_key(text, at, bare="\n" in text[position:at], final=final)
    return char in OPENERS and "\n" in text[position:at]


def _ends_value(text: str, at: int, *, role: str, in_tuple: bool) -> bool:
    char = text[at]
    closes = char.isspace() or char in _closers(role, in_tuple=in_tuple)
    return closes or text.startswith(_COMMENTS, at)


def _closers(role: str, *, in_tuple: bool) -> str:
    closers = "}" if role == "member" else "]"
    return closers + ")" if in_tuple else closers


def _next_begins(
    text: str, after_comma: int, *, role: str, in_tuple: bool, final: bool
) -> bool | None:
    at = _after_space(text, after_comma)
    if at >= len(text):
        return True if final else None
    char = text[at]
    if _ends_value(text, at, role=role, in_tuple=in_tuple):
        return True
    if char == "/" and at + 1 == len(text) and not final:
        return None
    if role == "member":
        return True if char == "{" else _is_key(text, at, bare=True, final=final)
    if char in OPENERS or char in "{[(-." or char.isdigit():
        return True
    if text.startswith(_CONSTANTS, at):
        return True
    rest = text[at : at + 5]
    if not final and at + len(rest) == len(text) and any(c.startswith(rest) for c in _CONSTANTS):
        return None
    return False


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _is_key(text: str, at: int, *, bare: bool, final: bool) -> bool | None:
    if _KEY.match(text, at) or (bare and _BARE_KEY.match(text, at)):
        return True
    if _MAY_BE_KEY.match(text, at) or (bare and _MAY_BE_BARE_KEY.match(text, at)):
        return True if final else None
    return False


def may_be_key(text: str, at: int) -> bool:
    """Whether the rest of the window can be the beginning of a quoted name."""
    return _MAY_BE_KEY.match(text, at) is not None


def key_at(text: str, at: int) -> str | None:
    """The quoted name of a member, followed by its colon, at a position."""
    found = _KEY.match(text, at)
    return next(filter(None, found.groups()), None) if found else None
