"""Blocks of thinking or reasoning that stand around an answer and are not part of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vs_core.parsing.decode import text_of
from vs_core.parsing.markup import Unfinished, tag_at

if TYPE_CHECKING:
    from vs_core.parsing.gathered import Gathered
    from vs_core.parsing.source import Mode, Source

_SPECIAL_ENDS = re.compile(
    r"<\|(?:end|start|return|im_end|end_of_thought|eot_id)\|>|<\|channel\|>\s{0,4}final"
)
_LONGEST_END = 24


class Block:
    """Text up to an end mark, kept aside.

    Attributes:
        kept: What has been read of it.
        may_hold_answer: Whether the answer may stand in it when its end mark is missing.
    """

    may_hold_answer = True

    def __init__(self, back: Mode) -> None:
        self._back = back
        self._parts: list[str] = []

    @property
    def kept(self) -> str:
        """What has been read of the block."""
        return "".join(self._parts)

    def _keep(self, source: Source, stop: int) -> None:
        self._parts.append(source.text[source.pos : stop])
        source.pos = stop

    def skim(self, source: Source, chunk: str) -> bool:
        """Blocks are read as they come."""
        return False

    def end(self) -> None:
        """The reply ends inside: whoever reads decides what the block was."""


class TaggedBlock(Block):
    """A block in tags: `<think>` and `<reasoning>`."""

    def __init__(
        self, back: Mode, name: str, gathered: Gathered, *, shared_reasoning: bool
    ) -> None:
        super().__init__(back)
        self._name = name
        self._gathered = gathered
        self._shared_reasoning = shared_reasoning

    def read(self, source: Source) -> Mode | None:
        """Read up to the end tag."""
        at = source.pos
        while True:
            at = source.text.find("</", at)
            if at < 0:
                stop = len(source.text) - (source.text.endswith("<") and not source.final)
                self._keep(source, max(stop, source.pos))
                return None
            tag = tag_at(source.text, at, final=source.final)
            if isinstance(tag, Unfinished):
                self._keep(source, at)
                return None
            if tag is not None and tag.name == self._name:
                self._keep(source, at)
                source.pos = at + tag.length
                if self._shared_reasoning:
                    self._gathered.reasoning = text_of(self.kept) or None
                return self._back
            at += 1


class Comment(Block):
    """A comment between tags, or a processing instruction."""

    may_hold_answer = False

    def __init__(self, back: Mode, mark: str) -> None:
        super().__init__(back)
        self._mark = mark

    def read(self, source: Source) -> Mode | None:
        """Read up to the end mark."""
        found = source.text.find(self._mark, source.pos)
        if found < 0:
            source.pos = max(source.pos, len(source.text) - len(self._mark) + 1)
            return None
        source.pos = found + len(self._mark)
        return self._back


class MarkedBlock(Block):
    """A block between other marks: `[THINK]`, special tokens."""

    def __init__(self, back: Mode, mark: str | None) -> None:
        super().__init__(back)
        self._mark = re.compile(re.escape(mark), re.IGNORECASE) if mark else _SPECIAL_ENDS

    def read(self, source: Source) -> Mode | None:
        """Read up to the end mark."""
        found = self._mark.search(source.text, source.pos)
        if found is None:
            stop = len(source.text) if source.final else len(source.text) - _LONGEST_END
            self._keep(source, max(stop, source.pos))
            return None
        self._keep(source, found.start())
        source.pos = found.end()
        return self._back
