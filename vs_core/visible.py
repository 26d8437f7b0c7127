r"""Text from outside, made fit to be shown: it can be read, and steers nothing.

What a model or a server wrote may hold characters that a terminal takes as commands (clear the
screen, write the clipboard), that reverse the order of what is read, or that no file can hold.
"""

from __future__ import annotations

import re

# Controls but line breaks and tabs; what embeds, overrides or isolates a direction of writing; and
# separators of lines that not every program takes for one.
_UNSEEN = "\x7f-\x9f\u2028-\u202e\u2066-\u2069"
_STEERING = re.compile(f"[\x00-\x08\x0b-\x1f{_UNSEEN}]")
_LEFT_BY_JSON = re.compile(f"[{_UNSEEN}]")


def encodable(text: str) -> str:
    r"""The text with half surrogate pairs replaced by U+FFFD; pairs that were split are joined.

    A reply that was cut within an emoji has such a half, and no encoding has a form for it.

    Args:
        text: Any text. Linear in its length.

    Example:
        >>> from vs_core.visible import encodable
        >>> encodable("a joke \ud83d") == "a joke \ufffd"
        True
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def visible(text: str) -> str:
    r"""The text with control characters as escapes, such as `\x1b`, that can be read.

    Line breaks and tabs stay, and so do marks that scripts and emoji need. What cannot be encoded
    is replaced.

    Args:
        text: Any text. Linear in its length.

    Example:
        >>> from vs_core.adapters import visible
        >>> print(visible("one\r\ntwo \x1b[2J \u202eeerht"))
        one
        two \x1b[2J \u202eeerht
    """
    return _STEERING.sub(_as_python_writes_it, encodable(text.replace("\r\n", "\n")))


def visible_json(document: str) -> str:
    r"""A JSON document of the same content, with the escapes that JSON writers leave out.

    They have to escape the first 32 control characters only. What else `visible` shows as an
    escape is written as one of JSON's here. What cannot be encoded is replaced.

    Args:
        document: Valid JSON. Linear in its length.

    Example:
        >>> import json
        >>> from vs_core.adapters import visible_json
        >>> print(visible_json(json.dumps("café \u202e \x9b2J", ensure_ascii=False)))
        "café \u202e \u009b2J"
    """
    return _LEFT_BY_JSON.sub(_as_json_writes_it, encodable(document))


def _as_python_writes_it(found: re.Match[str]) -> str:
    return repr(found[0])[1:-1]


def _as_json_writes_it(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
