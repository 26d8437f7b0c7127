"""How characters are written: references, CDATA, escapes in strings."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));")
_END_TOKENS = (
    *("<|im_end|>", "<|eot_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "<|eom_id|>"),
    *("<|end_of_turn|>", "</s>", "<end_of_turn>", "<\uff5cend\u2581of\u2581sentence\uff5c>"),
)
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~)", re.MULTILINE)
_LAST_FENCE = re.compile(r"\n\s{0,3}(?:```|~~~)\s*\Z")
_CDATA_OPEN = "<![CDATA["
_FULL_WIDTH = str.maketrans("\uff1c\uff1e\uff0f", "<>/")


def without_end_token(text: str) -> str:
    """A reply without the token that ends it, or the fence that nothing opened.

    Example:
        >>> from vs_core.parsing.clean.characters import without_end_token
        >>> without_end_token("tea  <|im_end|> </s> "), without_end_token("tea  ")
        ('tea', 'tea  ')
    """
    text = _before_end_tokens(text)
    unopened = _LAST_FENCE.search(text)
    return text[: unopened.start()] if unopened and len(_FENCE.findall(text)) == 1 else text


def _before_end_tokens(text: str) -> str:
    end = at = _without_space(text, len(text))
    while token := next((each for each in _END_TOKENS if text.endswith(each, 0, at)), None):
        end = at = _without_space(text, at - len(token))
    return text[:end] if end < _without_space(text, len(text)) else text


def _without_space(text: str, end: int) -> int:
    """Where a text ends without the space at its end."""
    while end and text[end - 1].isspace():
        end -= 1
    return end


def text_of(content: str) -> str:
    """The text of a tag: stripped, and decoded where it is well-formed character data.

    Args:
        content: What stands between the tags.
    """
    if _CDATA_OPEN in content:
        return _with_cdata(content)
    return character_data(content.strip())


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
    "\u00d7": "*",
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


_ESCAPED_TAG = re.compile(r"&lt;\s?/?\s?[^\s<>&/=]{1,48}(?=[\s&/=])")
_FULL_WIDTH_TAG = re.compile("\uff1c[/\uff0f]?[^\\s\uff1c\uff1e/=]{1,48}[\uff1e\\s]")
_MARKED_TAG = re.compile(r"(`|\*\*)(</?[^\W\d_][^<>`*]{0,60}>)\1")
_QUOTED_LINE = re.compile(r"^[ \t]{0,3}(?:>[ ]?)+", re.MULTILINE)
_ESCAPED_QUOTE = re.compile(r'[^{\["]{0,400}[{\[](?:\\[nrt]|\s|[{\[]){0,40}\\"')
_ENCODED = re.compile(
    r'\A\s{0,200}(?:```\w{0,20}\s{0,20})?"\s{0,20}(?:\\[nrt]){0,20}\s{0,20}(?:[{\[<]|```)'
)
_CDATA_AROUND = re.compile(r"<!\[CDATA\[\s*<")
_HTML_ITEM = re.compile(r"<li>((?:[^<]|<(?!/?li>))*)(?:</li>|(?=<li>)|\Z)", re.IGNORECASE)
_MID_JSON = re.compile(r'"\s*,\s*"[^"\n]{1,30}"\s*:')


def items_of_html(text: str) -> str:
    """The items of lists in HTML as lines with marks; empty if there are none."""
    items = _HTML_ITEM.findall(text)
    return "\n".join(f"- {' '.join(item.split())}" for item in items) if len(items) > 1 else ""


def alternatives(text: str) -> Iterator[tuple[str, str]]:
    """Other ways to read the characters of a reply, each with what it takes them for."""
    if _MARKED_TAG.search(text):
        yield _MARKED_TAG.sub(r"\2", text), "tags in backticks or bold"
    if _ESCAPED_TAG.search(text):
        yield (
            _REFERENCE.sub(lambda m: m[0] if _is_invalid(m) else _referent(m), text),
            "escaped tags",
        )
    if _CDATA_AROUND.search(text):
        yield text.replace(_CDATA_OPEN, "").replace("]]>", ""), "a CDATA section around all"
    if _FULL_WIDTH_TAG.search(text):
        yield text.translate(_FULL_WIDTH), "full-width tags"
    if _QUOTED_LINE.match(text.lstrip("\n")):
        yield _QUOTED_LINE.sub("", text), "a block quotation"
    if (encoded := _ENCODED.match(text)) is not None:
        start = text.index('"', encoded.start())
        end = text.rfind('"')
        yield (
            decoded_string(text[start + 1 : end if end > start else len(text)]),
            "an encoded string",
        )
    elif _ESCAPED_QUOTE.match(text):
        yield decoded_string(text), "escaped quotes"
    if (found := _MID_JSON.search(text)) is not None and "{" not in text[: found.start()]:
        yield '[{"text": "' + text, "a reply that begins inside a string"
