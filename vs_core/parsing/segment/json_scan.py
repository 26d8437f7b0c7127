"""Reading one value of JSON, or of what was meant to be JSON, as it arrives.

One pass without recursion over an explicit stack of open containers. Each well-formed value inside
a list is read by the standard library's decoder at once when it has arrived whole; everything else
is read token by token, with the licence models take.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from vs_core.parsing.fragment import BEGUN_AGAIN, CUT_OFF, Fragment
from vs_core.parsing.segment import json_string as strings
from vs_core.parsing.segment import json_values as values
from vs_core.parsing.segment.json_values import Mended, Unfinished, Written, is_text

_SPACE = re.compile(r"[\s\ufeff\u200b-\u200d\u2060;；]*")
_SPACE_IN_LIST = re.compile(r"[\s\ufeff\u200b-\u200d\u2060;；,，]*")
_BRACKETS = re.compile(r"\[*")
_DEEPEST = 100
_LONG_WINDOW = 256


class Frame:
    """An open container: its `values` (a list), or its `pairs` (an object, a call with keywords).

    `around` has, for a list that may be the series, what it stands in: the name it has there, the
    frame, and the number of members before it.
    """

    __slots__ = ("around", "closed", "closer", "colon", "key", "kind", "listed", "pairs", "values")

    def __init__(self, kind: str, *, listed: bool) -> None:
        self.kind, self.closer = kind, "}])"["{[(".index(kind)]
        self.values: list[Any] = []
        self.pairs: list[tuple[str, Any]] = []
        self.key: str | None = None
        self.colon = self.closed = False
        self.listed = listed or kind == "["
        self.around: list[tuple[str, Frame, int]] = []

    @property
    def wants_value(self) -> bool:
        """Whether a value comes next, not a name."""
        return self.kind != "{" or self.colon

    def value(self, *, cut: bool) -> Any:
        """What it holds."""
        if self.kind == "{":
            return values.Object(self.pairs, cut=True) if cut else values.object_of(self.pairs)
        if self.kind == "(" and len(self.values) == 1:
            return self.values[0]
        return values.OpenList(self.values) if cut else self.values


class JsonScan:
    """Reads one value from its opening bracket, or the name of a constructor, to its end.

    `holds` says whether a list under a path of names may be the series of candidates.

    Attributes:
        over: Whether the value has ended.
        root: The value, when it is over.
        series: The lists that may be the series, in order.
        dropped: What was cut off, or begun again.
        cut: Whether the text ended inside the value, and what was open counts as cut off.
    """

    def __init__(self, holds: Callable[[tuple[str, ...]], bool]) -> None:
        self.over = self.cut = self._final = False
        self.root: Any = None
        self.series: list[Frame] = []
        self.dropped: list[Fragment] = []
        self._holds = holds
        self._frames: list[Frame] = []
        self._string: strings.JsonString | None = None
        self._head = self._text = ""
        self._new: list[str] = []
        self._read: list[str] = []
        self._at = self._before = self._size = self._wait = self._slow_until = self._wasted = 0

    @property
    def written(self) -> str:
        """All that was read of the value."""
        return "".join(self._read) + self._text[: self._at]

    @property
    def rest(self) -> str:
        """What was fed and not read."""
        return self._text[self._at :] + "".join(self._new)

    def feed(self, text: str) -> None:
        """Read on."""
        self._new.append(text)
        self._size += len(text)
        # A long piece that could not be decided is looked at again when it has grown enough.
        if self._size > self._wait and not self.over:
            self._run()
            self._size = len(self._text) - self._at
            self._wait = self._size + self._size // 16 if self._size > _LONG_WINDOW else 0

    def close(self, *, cut: bool) -> None:
        """The text ended inside the value; what is unfinished counts as cut off, or does not."""
        if not self.over:
            self._final, self.cut = True, cut
            self._run()
            if self._string is not None:
                half = strings.decoded(self._string.written)
                self.dropped += [Fragment(half, CUT_OFF)] if cut else ()
                if self._string.role != "key":
                    self._put(Unfinished(half) if cut else Mended.by(strings.END_MISSING, half))
            self.cut = cut and not self.over
            self._settle(cut=cut)

    def _run(self) -> None:
        new = "".join(self._new)
        self._new.clear()
        self._read.append(self._text[: self._at])
        self._before += self._at
        self._text, self._at = self._text[self._at :], 0
        if self._string is not None and not self._text and self._string.skim(new):
            self._read.append(new)
            self._before += len(new)
            return
        self._text += new
        more = True
        while more and not self.over:
            more = self._token() if self._string is None else self._in_string(self._string)

    def _token(self) -> bool:
        """Read one token; whether there may be more to read. So do the steps below."""
        text = self._text
        frame = self._frames[-1] if self._frames else None
        space = _SPACE if frame is None or frame.kind == "{" else _SPACE_IN_LIST
        at = self._at = strings.after(space, text, self._at)
        if at >= len(text):
            return False
        char = strings.PLAIN.get(text[at], text[at])
        if frame is None:
            return self._open_root(char)
        if char in "{[" or (char == "(" and frame.wants_value):
            return self._open(char, frame)
        if char in strings.OPENERS:
            return self._open_string(frame)
        if char in "}])":
            return self._close(char)
        if char in ",:=":
            frame.colon = char != "," and frame.key is not None
            frame.key = frame.key if frame.colon else None
        elif char == "+" and frame.key is None:
            self._join(frame)
        elif char not in "/#":
            return self._bare(frame)
        end = strings.comment_end(text, at, final=self._final)
        self._at = at if end is None else end
        return end is not None

    def _open_root(self, char: str) -> bool:
        if char in "{[":
            self._push(char, self._at + 1)
        elif call := strings.CALL.match(self._text, self._at):
            self._push("(", call.end())
        else:
            self.over = self._final or not strings.MAY_BE_CALL.match(self._text, self._at)
        return bool(self._frames)

    def _open(self, char: str, frame: Frame) -> bool:
        if frame.wants_value:
            if not (frame.listed and char != "(" and self._decode_at_once()):
                self._push(char, self._at + 1)
        elif char == "{" and frame.pairs:
            self._pop()  # its own brace was forgotten
        else:
            self._at += 1
        return True

    def _push(self, kind: str, end: int) -> None:
        self._at = end
        around = self._frames
        if len(around) > _DEEPEST and around[-1].kind == kind != "(":
            # Nothing is kept at this depth, so one frame will do for all.
            around[-1].key, around[-1].colon = None, False
            more = _BRACKETS.match(self._text, end) if kind == "[" else None
            self._at = end if more is None else more.end()
            around.extend([around[-1]] * (1 + self._at - end))
            return
        frame = Frame(kind, listed=bool(around) and around[-1].listed)
        if kind == "[" and not (around and around[-1].listed):
            frame.around = [(outer.key or "", outer, len(outer.pairs)) for outer in around]
            self.series += (
                [frame] if self._holds(tuple(name for name, _, _ in frame.around)) else []
            )
        around.append(frame)

    def _decode_at_once(self) -> bool:
        """Read a value at once, if it is well-formed and has arrived whole."""
        text, at = self._text, self._at
        here = self._before + at
        if here < self._slow_until or self._wasted > 4 * (here + 8 * _LONG_WINDOW):
            return False
        try:
            value, end = values.decode_value(text, at)
        except (ValueError, RecursionError):
            self._wasted += len(text)
            return False
        deep = text.count("{", at, end) + text.count("[", at, end) + len(self._frames) > _DEEPEST
        if deep or (text.find("\\", at, end) >= 0 and strings.LATEX.search(text, at, end)):
            self._slow_until = self._before + end
            return False
        self._at = end
        self._put(value)
        return True

    def _close(self, char: str) -> bool:
        frames = self._frames
        extra: bool | None = False
        if frames[-1].closer != char:
            extra = not any(frame.closer == char for frame in frames[-_DEEPEST:])
            if not extra and char == "}" and frames[-1].kind == "[":
                extra = self._goes_on()
        if extra is None:
            return False
        self._at += 1
        while not extra:
            extra = frames[-1].closer == char
            self._pop()
        return True

    def _goes_on(self) -> bool | None:
        """Whether the list goes on behind a brace that closes nothing; None if not yet known."""
        text, after = self._text, strings.after(_SPACE, self._text, self._at + 1)
        at = strings.after(_SPACE_IN_LIST, text, after)
        if at >= len(text):
            return False if self._final else None
        if at == after:
            return text[at] in "]］"
        name = strings.key_at(text, at, final=self._final) if text[at] in strings.OPENERS else ""
        return None if name is None else not name

    def _pop(self, *, cut: bool = False) -> None:
        frame = self._frames.pop()
        frame.closed = True
        value = None if len(self._frames) >= _DEEPEST else frame.value(cut=cut)
        if self._frames:
            self._put(value)
        else:
            self.root, self.over = value, True

    def _put(self, value: Any) -> None:
        """Give a value its place in the innermost open container."""
        frame, deep = self._frames[-1], len(self._frames) > _DEEPEST
        if self._head:
            value, self._head = self._head + value if is_text(value) else self._head, ""
        if frame.kind != "{":
            frame.values += () if deep else (value,)
        elif frame.key is not None:
            frame.pairs += () if deep else ((frame.key, value),)
            frame.key, frame.colon = None, False

    def _settle(self, *, cut: bool) -> None:
        """Close what is still open, from within."""
        while self._frames:
            self._pop(cut=cut)
        self.over = True

    def _open_string(self, frame: Frame) -> bool:
        quotes = strings.opening_quotes(self._text, self._at, final=self._final)
        if quotes is None:
            return False
        self._at += len(quotes)
        in_call = any(frame.closer == ")" for frame in self._frames[-2:])
        role: strings.Role = "element" if frame.kind != "{" else "member" if frame.colon else "key"
        self._string = strings.JsonString(quotes, role, in_call=in_call)
        return True

    def _in_string(self, string: strings.JsonString) -> bool:
        frame = self._frames[-1]
        outcome, self._at = string.read(self._text, self._at, final=self._final)
        self._string = string if outcome == "open" else None
        if outcome == "again":
            self.dropped.append(Fragment(string.written.rstrip("{ \n"), BEGUN_AGAIN))
            frame.pairs.clear()
            frame.key, frame.colon = None, False
        elif outcome == "ended" and string.role == "key":
            frame.key, frame.colon = strings.decoded(string.written), False
        elif outcome == "ended":
            value = strings.decoded(string.written)
            self._put(Mended.by(string.mended, value) if string.mended else value)
        return self._string is None

    def _join(self, frame: Frame) -> None:
        """What comes continues the string before: `"a" + "b"`."""
        if frame.kind != "{" and frame.values and is_text(frame.values[-1]):
            self._head = frame.values.pop()
        elif frame.kind == "{" and frame.pairs and is_text(frame.pairs[-1][1]):
            frame.key, self._head = frame.pairs.pop()
            frame.colon = True

    def _bare(self, frame: Frame) -> bool:
        text, at = self._text, self._at
        end = strings.bare_end(text, at, in_call=frame.closer == ")")
        if not self._final and (end >= len(text) or strings.MAY_BE_CALL.match(text, at)):
            return False
        written = text[at:end].strip()
        if frame.wants_value and (call := strings.CALL.match(text, at)):
            self._push("(", call.end())
            return True
        if frame.closer == ")" and not frame.colon and (keyword := strings.KEYWORD.match(text, at)):
            frame.kind, frame.key, frame.colon = "{", keyword[1], True
            self._at = keyword.end()
            return True
        is_key = not frame.wants_value and text[end : end + 1] in (":", "：")
        if (frame.kind != "{" or not frame.colon) and strings.is_prose(
            written, among=frame.kind, before_colon=is_key
        ):
            # The closing brackets were forgotten.
            self._settle(cut=False)
            return True
        self._at = max(end, at + 1)
        cut = self.cut and end >= len(text)
        last = frame.pairs[-1][1] if frame.pairs else None
        if is_key:
            frame.key = written.strip("'\"’‘ ")
        elif frame.wants_value and written:
            self._put(Unfinished(written) if cut else strings.bare_value(written))
        elif written.isdigit() and isinstance(last, Written) and last.isdigit():
            # A decimal comma.
            number = f"{last},{written}"
            frame.pairs[-1] = (frame.pairs[-1][0], (Unfinished if cut else Written)(number))
        return True
