"""Elements of unknown name: one may turn out to be a candidate when a number stands in it."""

from __future__ import annotations

from vs_core.parsing.vocabulary import words_of

_INLINE_HTML = words_of(
    """
    a b i u s p q br em hr li ol ul td th tr h div pre sub sup code span strong small table
    thead tbody blockquote img kbd mark del ins details summary input button label svg path
    script style head html body main section article header footer nav form video audio source
    font center
    """
)
_DEEPEST = 16


class Elements:
    """Keeps the elements of unknown name that are open, and what stands in them."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int]] = []
        self._parts: list[str] = []
        self._closed: tuple[int, str] | None = None

    @property
    def innermost(self) -> str:
        """The name of the innermost open element, empty if none is open."""
        return self._open[-1][0] if self._open else ""

    @property
    def content(self) -> str:
        """What stands in the innermost open element so far."""
        return "".join(self._parts[self._open[-1][1] :]) if self._open else ""

    @property
    def just_closed(self) -> str | None:
        """The content of the element that ended right before, if nothing stands between."""
        if self._closed is None or any(map(str.strip, self._parts[self._closed[0] :])):
            return None
        return self._closed[1]

    def take(self, piece: str) -> None:
        """Keep a piece of text, if it stands in an element or right behind one."""
        if self._open or self._closed is not None:
            self._parts.append(piece)
            if not self._open and not piece.isspace():
                self.forget()

    def open(self, name: str) -> None:
        """An element begins."""
        if name in _INLINE_HTML or len(self._open) >= _DEEPEST:
            return
        if not self._open:
            self.forget()
        self._open.append((name, len(self._parts)))

    def close(self, name: str, end_tag: str) -> bool:
        """An element ends; False if none of that name is open."""
        names = [open_name for open_name, _ in self._open]
        if name not in names:
            return False
        place = len(names) - 1 - names[::-1].index(name)
        content = "".join(self._parts[self._open[place][1] :])
        del self._open[place:]
        self._parts.append(end_tag)
        self._closed = (len(self._parts), content)
        return True

    def forget(self) -> None:
        """What was kept is no candidate."""
        self._open.clear()
        self._parts.clear()
        self._closed = None
