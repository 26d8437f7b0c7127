r"""Strings of (sloppy) JSON, and values without quotes: where one ends, and what it says.

In well-formed JSON the next quote ends a string. A quote that should have been escaped is
recognised by what follows it: no comma and next member, no bracket, no end.
"""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from vs_core.parsing.segment.json_values import Written
from vs_core.parsing.words import names_number, names_text

OPENERS = {
    '"': '"',
    "'": "'",
    "`": "`",
    "“": '”"“',
    "”": '”"“',
    "„": '“”"',
    "‘": "’'",
    "’": "’'",
    "«": "»",
    "＂": "＂",
}
"""For each quote that can begin a string those that can end it."""
PLAIN = dict(zip("，：｛｝［］", ",:{}[]", strict=True))
"""The full-width marks that stand for the marks of JSON."""
LATEX = re.compile(
    r"\\(?:b(?:ar|egin|eta|ecause|f|ig[gl]?|igcup|igcap|inom|m|mod|old|oldsymbol|ot|oxed|ullet)"
    r"|f(?:rac|orall|lat|rown|box|ootnote)"
    r"|n(?:abla|eq|otin|ewline|exists|mid|leq|geq|onumber|olimits|subseteq|earrow|ewcommand)"
    r"|r(?:ho|ight|ightarrow|angle|ceil|floor|vert)"
    r"|t(?:ext(?:bf|it|rm|sf|tt|sc)?|imes|heta|ilde|frac|riangle|herefore|anh))(?![A-Za-z])"
)
"""Commands of LaTeX that JSON reads as an escape and a rest, which is no word."""
KEYWORD = re.compile(r"([^\W\d]\w{0,60})\s?=")
CALL = re.compile(
    r"(?:[^\W\d][\w.]{0,60}\(\s{0,50}(?=[^\W\d]\w{0,60}\s?=(?!=))"
    r"|[A-Z]\w{0,60}\(\s{0,50}(?=[\"'\[{(]))"
)
MAY_BE_CALL = re.compile(r"[^\W\d][\w.]{0,60}(?:\s|\(\s{0,50}(?:[^\W\d]\w{0,60}\s?=?)?)?\Z")
"""A name with its `=`, and a name with the parenthesis of a call."""
QUOTES_MENDED = "quotes inside the text were not escaped"
END_MISSING = "the end of the text was missing"

Role = Literal["key", "member", "element"]

_STOPS = {opener: re.compile(rf"[\\{closers}]") for opener, closers in OPENERS.items()}
_STOPS |= {char * 3: re.compile(char * 3) for char in "\"'"}
_KEY = re.compile(
    r""""((?:[^"\\]|\\.){0,4000})"\s{0,8}[:：]"""
    r"""|(['`＂])((?:(?!\2)[^\\\n]|\\.){0,200})\2\s{0,8}[:：]"""
    r"""|[“”„‘’]([^“”‘’"\n]{1,200})["'“”‘’]\s{0,8}[:：]"""
)
_MAY_BE_KEY = re.compile(
    r""""(?:(?:[^"\\]|\\.){0,4000}(?:\\|"\s{0,8})?)?\Z"""
    r"""|(['`＂])(?:(?:(?!\1)[^\\\n]|\\.){0,200}(?:\\|\1\s{0,8})?)?\Z"""
    r"""|[“”„‘’](?:[^“”‘’"\n]{0,200}(?:["'“”‘’]\s{0,8})?)?\Z"""
)
_BARE_KEY = re.compile(r"[^\W\d]\w{0,40}\s{0,8}[:：=]")
_MAY_BE_BARE_KEY = re.compile(r"[^\W\d]\w{0,40}\s{0,8}\Z")
_NUMBER = re.compile(
    r""""([^"\\\n]{1,40})"\s{0,8}[:：]\s{0,8}["']?[~<≈]?[\d.]{1,20}\s?%?["']?\s{0,20}[},]"""
)
_MAY_BE_NUMBER = re.compile(
    r""""(?:[^"\\\n]{0,40}(?:"\s{0,8}"""
    r"""(?:[:：]\s{0,8}["']?[~<≈]?[\d.]{0,20}\s?%?["']?\s{0,20})?)?)?\Z"""
)
_BARE = re.compile(r"[^,:{}\[\]\n\"“”，：｛｝［］]*")
_BARE_IN_CALL = re.compile(r"[^,:{}\[\]()\n\"“”，：｛｝［］]*")
_COMMENT = re.compile(r"(?:#|//)[^\n]*\n|/\*.*?\*/", re.DOTALL)
_COMMENT_BEHIND = re.compile(r"\s(?://|#).*")
_MEANT_BY = {"true": True, "false": False, "null": None, "none": None, "undefined": None}
_LONGEST_BARE_KEY = 60
_SPACE = re.compile(r"\s{0,500}")
_TAIL = 32
_COMMENTS = ("//", "/*", "# ")
_CONSTANTS = ("true", "false", "null", "None", "True", "False", "NaN", "Infinity")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_MEANING = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}
_MEANING |= {char: char for char in "\"'\\/`"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
# Where the backslashes of LaTeX were not escaped: names that may be words, and ends of lines.
_LITERAL = re.compile(
    r"\\(?:(?:n(?:e|eg|i|ot|u)|rm|t(?:an|au|o|op|t)|[bf][A-Za-z]+)(?![A-Za-z])"
    r"|\\(?![A-Za-z()\[\]{}]))"
)


def opening_quotes(text: str, at: int, *, final: bool) -> str | None:
    """The quotes that begin a string, one or three; None if that is not yet known."""
    ahead = text[at : at + 3]
    if text[at] not in "\"'" or ahead != text[at] * len(ahead):
        return text[at]
    if len(ahead) < 3:
        return text[at] if final else None
    return ahead


def key_at(text: str, at: int, *, final: bool) -> str | None:
    """The quoted name at a place, before its colon; "" if there is none, None if not yet known."""
    if found := _KEY.match(text, at):
        return found[1] or found[3] or found[4] or ""
    return None if not final and _MAY_BE_KEY.match(text, at) else ""


class JsonString:
    """A string from behind its opening quotes to its end.

    Attributes:
        role: Whether it is a `key`, the value of a `member` of an object, or an `element`.
        mended: What had to be mended in it, in plain words.
    """

    __slots__ = ("_in_call", "_parts", "_quotes", "_tail", "mended", "role")

    def __init__(self, quotes: str, role: Role, *, in_call: bool) -> None:
        self.role: Role = role
        self.mended = ""
        self._quotes = quotes
        self._in_call = in_call
        self._parts: list[str] = []
        self._tail = ""

    @property
    def written(self) -> str:
        """What stands between the quotes, as written."""
        written = "".join(self._parts)
        return written.rstrip().removesuffix(",") if self.mended == END_MISSING else written

    def skim(self, chunk: str) -> bool:
        """Take in a piece in which nothing ends or is escaped; False if it must be read."""
        if len(self._quotes) > 1 or _STOPS[self._quotes].search(chunk):
            return False
        self._keep(chunk)
        return True

    def read(
        self, text: str, start: int, *, final: bool
    ) -> tuple[Literal["open", "ended", "again"], int]:
        """Read on from a place: whether it ended, or began again, and where reading stopped."""
        stop, length = _STOPS[self._quotes], len(self._quotes)
        at = start
        outcome: Literal["open", "ended", "again"] | None = "open"
        while outcome == "open":
            found = stop.search(text, at)
            at = found.start() if found else len(text) if final else len(text) - length + 1
            if found is None or (text[at] == "\\" and at + 1 >= len(text) and not final):
                break
            if text[at] == "\\":
                at += 2
                continue
            ends = length > 1 or self._ends(text, at, final=final)
            if ends:
                self._keep(text[start:at])
                return "ended", at + length
            outcome = None if ends is None else self._meaning(text, start, at, final=final)
            if outcome == "open":
                self.mended = QUOTES_MENDED
                at += 1
        at = max(start, at)
        self._keep(text[start:at])
        return outcome or "open", at

    def _keep(self, piece: str) -> None:
        if piece:
            self._parts.append(piece)
            self._tail = (self._tail + piece[-_TAIL:])[-_TAIL:]

    def _meaning(
        self, text: str, start: int, at: int, *, final: bool
    ) -> Literal["open", "ended", "again"] | None:
        """What a quote means that is not followed by an end; None if that is not yet known.

        An object may begin in the string, so that the one around it was broken off; or the end
        quote was forgotten, and the name of the number comes.
        """
        if self.role != "member":
            return "open"
        before = self._tail + text[max(start, at - _TAIL) : at]
        if before[-_TAIL:].rstrip()[-1:] == "{":
            key = key_at(text, at, final=final)
            if key is None or names_text(key) or names_number(key):
                return None if key is None else "again"
        found = _NUMBER.match(text, at)
        if found and names_number(found[1]):
            self.mended = END_MISSING
            return "ended"
        return None if not (found or final) and _MAY_BE_NUMBER.match(text, at) else "open"

    def _ends(self, text: str, quote: int, *, final: bool) -> bool | None:
        """Whether a quote is followed by an end; None if that is not yet known."""
        if self.role == "key":
            return True
        at = after(_SPACE, text, quote + 1)
        if (known := self._known(text, at, final=final)) != "":
            return known
        char = PLAIN.get(text[at], text[at])
        if char in ",;":
            return self._next_begins(text, after(_SPACE, text, at + 1), final=final)
        if char == "+":
            at = after(_SPACE, text, at + 1)
            return text[at] in OPENERS if at < len(text) else False if final else None
        # The comma may be missing.
        new_line = "\n" in text[quote:at]
        if self.role == "member":
            return self._is_key(text, at, bare=new_line, final=final)
        return char in OPENERS and new_line

    def _next_begins(self, text: str, at: int, *, final: bool) -> bool | None:
        if (known := self._known(text, at, final=final)) != "":
            return known
        char = PLAIN.get(text[at], text[at])
        if self.role == "member":
            return char == "{" or self._is_key(text, at, bare=True, final=final)
        if char in OPENERS or char in "{[(-." or char.isdigit() or text.startswith(_CONSTANTS, at):
            return True
        rest = text[at : at + 8]
        waits = at + len(rest) == len(text) and any(c.startswith(rest) for c in _CONSTANTS)
        return None if waits and not final else False

    def _known(self, text: str, at: int, *, final: bool) -> Literal[True, ""] | None:
        """True before an end, a bracket or a comment; None if not yet known; "" before others."""
        if at >= len(text):
            return True if final else None
        char = PLAIN.get(text[at], text[at])
        closer = "}" if self.role == "member" else "]"
        if char == closer or char.isspace() or (char == ")" and self._in_call):
            return True
        if text.startswith(_COMMENTS, at):
            return True
        return None if char in "/#" and at + 1 == len(text) and not final else ""

    def _is_key(self, text: str, at: int, *, bare: bool, final: bool) -> bool | None:
        found = _BARE_KEY.match(text, at) if bare else None
        if _KEY.match(text, at) or (found and (self._in_call or found[0][-1] != "=")):
            return True
        may_be = _MAY_BE_KEY.match(text, at) or (bare and _MAY_BE_BARE_KEY.match(text, at))
        return final or None if may_be else False


def after(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what a pattern matches at a place ends."""
    found = pattern.match(text, at)
    return found.end() if found else at


def decoded(inner: str) -> str:
    r"""The value of a string from what stands between its quotes, however sloppily written.

    Escapes that mean nothing (``\(``) are left as written, and so are commands of LaTeX whose
    backslash was not escaped (``\frac``).
    """
    if "\\" not in inner:
        return inner
    latex = any(_is_command(inner, escape) for escape in _ESCAPE.finditer(inner))
    if not latex:
        try:
            return str(json.loads(f'"{inner}"', strict=False))
        except ValueError:
            pass
    value = _ESCAPE.sub(lambda escape: _meant(inner, escape, latex=latex), inner)
    return _SURROGATES.sub(
        lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), value
    )


def _is_command(inner: str, escape: re.Match[str]) -> bool:
    code = escape[1]
    if code in ("b", "f", "n", "r", "t"):
        return LATEX.match(inner, escape.start()) is not None
    return len(code) == 1 and code.isascii() and code.isalpha()


def _meant(inner: str, escape: re.Match[str], *, latex: bool) -> str:
    code, at = escape[1], escape.start()
    if len(code) > 1:
        return chr(int(code[1:], 16))
    if latex and (LATEX.match(inner, at) or _LITERAL.match(inner, at)):
        return escape[0]
    return _MEANING.get(code, escape[0])


def bare_end(text: str, at: int, *, in_call: bool) -> int:
    """Where a value, or a name, without quotes ends."""
    return after(_BARE_IN_CALL if in_call else _BARE, text, at)


def bare_value(written: str) -> Any:
    """What a value without quotes says."""
    written = _COMMENT_BEHIND.sub("", written)
    if written[:1] in "'‘":
        written = written.lstrip("'‘").rstrip("'’")
    return _MEANT_BY.get(written.lower(), Written(written))


def is_prose(written: str, *, among: str, before_colon: bool) -> bool:
    """Whether words without quotes are running text behind a container that was left open.

    Args:
        written: The words.
        among: The opening bracket of the container.
        before_colon: Whether a colon follows, so that they may be a name.
    """
    if among != "{":
        return written.count(" ") >= 2 and not any(map(str.isdigit, written[:4]))
    is_long = len(written) > _LONGEST_BARE_KEY
    return is_long or (" " in written and not before_colon)


def comment_end(text: str, at: int, *, final: bool) -> int | None:
    """Where reading goes on behind a comment, or another mark; None if not yet known."""
    if text[at] not in "/#" or (text[at] == "/" and text[at + 1 : at + 2] not in "/*"):
        return at + 1
    found = _COMMENT.match(text, at)
    return found.end() if found else len(text) if final else None
