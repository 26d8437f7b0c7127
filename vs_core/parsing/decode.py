"""Decoding of what is written in tags: character data, CDATA, and replies escaped as a whole."""

from __future__ import annotations

import json
import re

_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));")
_OPEN_END = re.compile(r"&[a-zA-Z#0-9]{0,8}\Z")
_CDATA_OPEN = "<![CDATA["
_FULL_WIDTH = str.maketrans("\uff1c\uff1e\uff0f", "<>/")


def text_of(content: str, *, decoded: bool = True) -> str:
    """The text of a tag: stripped, and decoded where it is well-formed character data.

    Args:
        content: What stands between the tags.
        decoded: False where the reply as a whole has been unescaped already.
    """
    if _CDATA_OPEN in content:
        return _with_cdata(content)
    stripped = content.strip()
    return character_data(stripped) if decoded else stripped


def character_data(text: str) -> str:
    """The text decoded if every ``&`` starts a reference and there is no element in it."""
    if "&" not in text or "<" in text:
        return text
    references = list(_REFERENCE.finditer(text))
    if len(references) != text.count("&") or any(map(_is_invalid, references)):
        return text
    return _REFERENCE.sub(_referent, text)


def _with_cdata(content: str) -> str:
    stripped = content.strip()
    pieces: list[str] = []
    position = 0
    while (start := stripped.find(_CDATA_OPEN, position)) >= 0:
        end = stripped.find("]]>", start)
        if end < 0:
            return stripped
        pieces += [stripped[position:start], stripped[start + len(_CDATA_OPEN) : end]]
        position = end + 3
    outside = [*pieces[0::2], stripped[position:]]
    if all(not piece.strip() for piece in outside):
        return "".join(pieces[1::2]).strip()
    if any("<" in piece for piece in outside):
        return stripped
    pieces.append(stripped[position:])
    return "".join(
        piece if at % 2 else character_data(piece) for at, piece in enumerate(pieces)
    ).strip()


def _referent(found: re.Match[str]) -> str:
    named, decimal, hexadecimal = found.groups()
    if named:
        return _NAMED[named]
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


def _is_invalid(found: re.Match[str]) -> bool:
    named, decimal, hexadecimal = found.groups()
    if named:
        return False
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF


class Unescaping:
    """Removes one level of escaping (``&lt;response&gt;``) from a reply as it arrives."""

    def __init__(self) -> None:
        self._held = ""

    def push(self, chunk: str, *, final: bool = False) -> tuple[str, str]:
        """Decode a chunk; what follows the escaped part (here nothing) comes second."""
        text = self._held + chunk
        cut = None if final else _OPEN_END.search(text, max(0, len(text) - 10))
        self._held = text[cut.start() :] if cut else ""
        ready = text[: cut.start()] if cut else text
        return _REFERENCE.sub(lambda m: m[0] if _is_invalid(m) else _referent(m), ready), ""


class FullWidthTags:
    """Turns ``＜response＞`` into ``<response>`` as it arrives."""

    def push(self, chunk: str, *, final: bool = False) -> tuple[str, str]:
        """Translate a chunk."""
        return chunk.translate(_FULL_WIDTH), ""


class StringDecoding:
    """Decodes a JSON string, fed without its opening quote, as it arrives."""

    _PIECE = re.compile(r'[^"\\]+|\\u[0-9a-fA-F]{4}|\\[^u]|(")', re.DOTALL)
    _SURROGATE_HELD = re.compile(
        r"\\ud[89ab][0-9a-f]{2}(?:\\(?:u[0-9a-f]{0,3})?)?\Z", re.IGNORECASE
    )
    _ESCAPE_HELD = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")

    def __init__(self) -> None:
        self._held = ""
        self.closed = False

    def push(self, chunk: str, *, final: bool = False) -> tuple[str, str]:
        """Decode a chunk; what follows the closing quote comes second, as written."""
        if self.closed:
            return "", chunk
        text = self._held + chunk
        pieces: list[str] = []
        position = end = 0
        while (piece := self._PIECE.match(text, position)) is not None:
            if piece[1]:
                self.closed, self._held = True, ""
                return decoded_string("".join(pieces)), text[piece.end() :]
            pieces.append(piece[0])
            position = end = piece.end()
        ready = "".join(pieces)
        held = text[end:]
        if not final and (cut := self._SURROGATE_HELD.search(ready, max(0, len(ready) - 6))):
            ready, held = ready[: cut.start()], ready[cut.start() :] + held
        if final or len(held) > 20:
            ready, held = ready + held, ""
        self._held = held
        return decoded_string(ready), ""


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^ux])", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}
_KEPT_AS_THEY_ARE = "\"'\\/`"


def decoded_string(inner: str) -> str:
    r"""The value of a string from what stands between its quotes, however sloppily written.

    Escapes that mean nothing (``\\(``) are left as written.
    """
    if "\\" not in inner:
        return inner
    try:
        decoded = json.loads(f'"{inner}"', strict=False)
    except ValueError:
        decoded = _ESCAPE.sub(_unescaped, inner)
        decoded = _PAIR.sub(_joined, decoded)
    return str(decoded)


_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _unescaped(found: re.Match[str]) -> str:
    escape = found[1]
    if escape[0] in "ux" and len(escape) > 1:
        return chr(int(escape[1:], 16))
    if escape in _SIMPLE:
        return _SIMPLE[escape]
    return escape if escape in _KEPT_AS_THEY_ARE else found[0]
