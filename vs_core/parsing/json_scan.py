"""Reading JSON, and what was meant to be JSON, as it arrives.

One pass without recursion over an explicit stack of open containers. Each well-formed value
inside a list is read by the standard library's decoder at once when it has arrived whole;
everything else is read token by token, with the licence models take: any quotes, unescaped quotes,
raw newlines, comments, missing or trailing commas, Python literals.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from vs_core.parsing.decode import decoded_string
from vs_core.parsing.json_frames import Frame, members_of
from vs_core.parsing.json_items import Unfinished, Written
from vs_core.parsing.json_string import JsonString, opening_quotes
from vs_core.parsing.json_strings import OPENERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from vs_core.parsing.json_candidates import JsonCandidates
    from vs_core.parsing.source import Mode, Source

_SPACE = re.compile(r"[\s\ufeff\u200b-\u200d\u2060;]*")
_BARE = re.compile(r"[^,:{}\[\]\n\"\u201c\u201d]*")
_BARE_IN_TUPLE = re.compile(r"[^,:{}\[\]()\n\"\u201c\u201d]*")
_CLOSERS = {"}": "{", "]": "[", ")": "("}
_DEEPEST = 100
_MOST_FAILURES = 3
_LONGEST_BARE_KEY = 60
_FEWEST_SPACES = 2
_LONG_WINDOW = 2000
_QUOTES_MENDED = "quotes inside the text were not escaped"


_decode_value = json.JSONDecoder(
    object_pairs_hook=members_of,
    parse_float=Written,
    parse_int=Written,
    parse_constant=Written,
    strict=False,
).raw_decode


class JsonScan:
    """Reads one JSON value from its opening bracket to its end."""

    def __init__(self, candidates: JsonCandidates, back: Callable[[str, JsonScan], Mode]) -> None:
        self._candidates = candidates
        self._back = back
        self._frames: list[Frame] = []
        self._raw: list[str] = []
        self._tried = -1
        self._string: JsonString | None = None
        self._consumed = 0
        self._state: Callable[[Source], bool | None] = self._structure
        self._over = False
        self.broken = False
        self.root: Any = None

    # --- the mode -------------------------------------------------------------------------

    def read(self, source: Source) -> Mode | None:
        """Read up to the end of the value."""
        start = source.pos
        while True:
            before = source.pos
            progress = self._state(source)
            self._consumed += source.pos - before
            if progress is None or self._over:
                self._raw.append(source.text[start : source.pos])
                return self._back("".join(self._raw), self) if self._over else None

    def skim(self, source: Source, chunk: str) -> bool:
        """Take in a piece of a string that neither ends nor escapes anything in it."""
        string = self._string
        if string is None or source.pos < len(source.text) or not string.skim(chunk):
            return False
        self._raw.append(chunk)
        self._consumed += len(chunk)
        return True

    def end(self) -> None:
        """The reply ends inside the value: settle each open container from within."""
        self.broken = True
        state = self._state
        if self._string is not None:
            self._cut_string(self._string)
        elif state == self._in_bare and self._bare:
            written = "".join(self._bare).strip()
            if self._frames and _is_prose(written, self._frames[-1]):
                self._candidates.left_open(self._frames)
                return
            self._put(Unfinished(written))
        self._candidates.cut_off(self._frames)

    def raw(self) -> str:
        """What has been read of the value."""
        return "".join(self._raw)

    def _cut_string(self, string: JsonString) -> None:
        if string.role != "key":
            self._put(Unfinished(string.written))
        self._candidates.cut(string.written)

    # --- structure ------------------------------------------------------------------------

    def _structure(self, source: Source) -> bool | None:
        text = source.text
        at = _SPACE.match(text, source.pos).end()  # type: ignore[union-attr]  # matches always
        source.pos = at
        if at >= len(text):
            return None
        char = text[at]
        frame = self._frames[-1] if self._frames else None
        if char == '"' or char in OPENERS:
            return self._open_string(source, char, frame)
        if char in "{[" or (char == "(" and frame is not None and self._wants_value(frame)):
            return self._open(source, char, frame)
        if char in "}])":
            source.pos = at + 1
            self._close(char)
            return True
        if char == ")" and not any(frame.kind == "(" for frame in self._frames):
            source.pos = at + 1
            return True
        if char in ",:=\uff1a":
            source.pos = at + 1
            self._separate(char, frame)
            return True
        if char in "/#":
            return self._comment(source)
        self._bare: list[str] = []
        self._state = self._in_bare
        return True

    @staticmethod
    def _wants_value(frame: Frame) -> bool:
        return frame.kind != "{" or frame.colon

    def _separate(self, char: str, frame: Frame | None) -> None:
        if frame is None:
            self._over = True
        elif frame.kind == "{":
            if char != ",":
                frame.colon = frame.key is not None
            else:
                frame.key, frame.colon = None, False

    def _comment(self, source: Source) -> bool | None:
        text, at = source.text, source.pos
        if text[at] == "#" or text.startswith("//", at):
            self._comment_end = "\n"
        elif text.startswith("/*", at):
            self._comment_end = "*/"
        elif at + 1 == len(text) and not source.final:
            return None
        else:
            source.pos = at + 1
            return True
        source.pos = at + 1
        self._state = self._in_comment
        return True

    def _in_comment(self, source: Source) -> bool | None:
        found = source.text.find(self._comment_end, source.pos)
        if found < 0:
            source.pos = max(source.pos, len(source.text) - 1)
            if source.final:
                source.pos = len(source.text)
            return None
        source.pos = found + len(self._comment_end)
        self._state = self._structure
        return True

    def _open(self, source: Source, char: str, frame: Frame | None) -> bool | None:
        at = source.pos
        if frame is not None and frame.kind == "{" and not frame.colon:
            if char != "{":
                source.pos = at + 1
                return True
            # The brace of the member before was forgotten.
            self._close("}")
            return True
        here = self._consumed + at
        if frame is not None and self._candidates.failures < _MOST_FAILURES and self._tried != here:
            self._tried = here
            try:
                value, end = _decode_value(source.text, at)
            except RecursionError:
                self._candidates.failures = _MOST_FAILURES
            except ValueError:
                # A short window is merely waiting for more.
                self._candidates.failures += len(source.text) - at > _LONG_WINDOW
            else:
                source.pos = end
                self._whole(value, frame)
                return True
        source.pos = at + 1
        owner = (frame.key or frame.owner) if frame is not None else ""
        deep = len(self._frames) >= _DEEPEST
        if frame is not None and frame.kind == "{":
            self._candidates.entering(frame)
        self._frames.append(Frame(char, owner=owner, deep=deep))
        return True

    def _whole(self, value: Any, frame: Frame) -> None:
        """A value that was read at once."""
        owner = frame.key or frame.owner
        if frame.kind == "{":
            self._candidates.entering(frame)
        value, taken = self._candidates.whole(value, frame, owner)
        frame.taken += taken
        self._put(value)

    def _close(self, char: str) -> None:
        wanted = _CLOSERS[char]
        if not any(frame.kind == wanted for frame in self._frames[-_DEEPEST:]):
            return
        while self._frames:
            frame = self._frames.pop()
            self._closed(frame)
            if frame.kind == wanted:
                break
        if not self._frames:
            self._over = True

    def _closed(self, frame: Frame) -> None:
        parent = self._frames[-1] if self._frames else None
        if frame.deep:
            value: Any = None
        else:
            value, taken = self._candidates.closed(frame, parent)
            frame.taken += taken
        if parent is None:
            self.root = value
            self._candidates.root(frame, value)
        else:
            parent.taken += frame.taken
            self._put(value)

    def _put(self, value: Any) -> None:
        """Give a value its place in the innermost open container."""
        if not self._frames:
            return
        frame = self._frames[-1]
        if frame.kind != "{":
            if len(frame.values) < 2 or not frame.taken:
                frame.values.append(value)
        elif frame.key is not None:
            if frame.key in frame.members:
                self._candidates.repeated(frame)
            frame.members[frame.key] = value
            frame.colon = False

    # --- strings --------------------------------------------------------------------------

    def _open_string(self, source: Source, char: str, frame: Frame | None) -> bool | None:
        if frame is None:
            self._over = True
            return True
        quotes = opening_quotes(source.text, source.pos, final=source.final)
        if quotes is None:
            return None
        role = "element" if frame.kind != "{" else "member" if frame.colon else "key"
        in_tuple = any(open_frame.kind == "(" for open_frame in self._frames[-2:])
        source.pos += len(quotes)
        self._string = JsonString(quotes, char, role, in_tuple=in_tuple)
        self._state = self._in_string
        return True

    def _in_string(self, source: Source) -> bool | None:
        string = self._string
        if string is None:
            return None
        outcome = string.read(source)
        if outcome is None:
            return None
        frame = self._frames[-1]
        self._string = None
        self._state = self._structure
        if outcome == "begun again":
            self._candidates.begun_again(string.written)
            frame.members.clear()
            frame.key, frame.colon = None, False
            return True
        value = decoded_string(string.written)
        if string.role == "key":
            frame.key, frame.colon = value, False
            return True
        if string.mended and _QUOTES_MENDED not in frame.mended:
            frame.mended.append(_QUOTES_MENDED)
        self._put(value)
        return True

    # --- values without quotes ------------------------------------------------------------

    def _in_bare(self, source: Source) -> bool | None:
        in_tuple = bool(self._frames) and self._frames[-1].kind == "("
        found = (_BARE_IN_TUPLE if in_tuple else _BARE).match(source.text, source.pos)
        end = found.end() if found else source.pos
        self._bare.append(source.text[source.pos : end])
        source.pos = end
        if end >= len(source.text):
            return None
        self._state = self._structure
        written = "".join(self._bare).strip()
        char = source.text[end]
        if not written:
            if char == "\n" or not any(self._bare):
                source.pos += 1
            return True
        frame = self._frames[-1] if self._frames else None
        if frame is None:
            self._over = True
        elif frame.kind == "{" and not frame.colon:
            self._bare_key(written, char, frame)
        elif _is_prose(written, frame):
            self._leave()
        else:
            self._put(Written(_literal(written)))
        return True

    def _bare_key(self, written: str, char: str, frame: Frame) -> None:
        if char == ":" and len(written) <= _LONGEST_BARE_KEY:
            frame.key = written.strip("'\"\u2019\u2018 ")
        elif written.isdigit() and frame.members and char in ",}\n":
            last = next(reversed(frame.members))
            value = frame.members[last]
            if isinstance(value, Written) and value.isdigit():
                frame.members[last] = Written(f"{value},{written}")
        elif " " in written or len(written) > _LONGEST_BARE_KEY:
            self._leave()

    def _leave(self) -> None:
        """What comes is prose: the closing brackets were forgotten."""
        self.broken = True
        self._candidates.left_open(self._frames)
        self._over = True


def _is_prose(written: str, frame: Frame) -> bool:
    """Whether words without quotes are running text behind a container that was left open."""
    if frame.kind == "{" and frame.colon:
        return False
    return written.count(" ") >= _FEWEST_SPACES and not any(map(str.isdigit, written[:4]))


def _literal(written: str) -> str:
    return written.rstrip("'\u2019").lstrip("'\u2018") if written[:1] in "'\u2018" else written
