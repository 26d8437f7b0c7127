"""Text and number in a block that is not marked up further."""

from __future__ import annotations

from vs_core.parsing.block import read_block
from vs_core.parsing.fences import FenceTracker
from vs_core.parsing.lines import Line, classify
from vs_core.parsing.markup import Tag, tag_at


def fields_of(block: str, *, number_known: bool) -> tuple[str, str | None]:
    """The text of a block, and the number if the block states one itself.

    Args:
        block: Text that stands alone in a tag or a string.
        number_known: Whether the number was given elsewhere; a line that repeats it with its
            label is still no part of the text.
    """
    element = _single_element(block)
    if element is not None:
        return element, None
    lines = _lines(block)
    labelled = [
        line
        for line in lines
        if line.kind == "text" and line.only_number and line.label == "number"
    ]
    has_label = any(line.label == "text" for line in lines if line.kind == "text")
    if number_known:
        if not labelled and not has_label:
            return block, None
    elif not labelled and not has_label and not _states_number(lines):
        return block, None
    reading = read_block(lines)
    if not reading.item.text and reading.item.raw is None:
        return block, None
    return reading.item.text, reading.item.raw


def _states_number(lines: list[Line]) -> bool:
    texts = [line for line in lines if line.kind == "text"]
    return bool(texts) and any(
        line.has_inline or line.only_number for line in (texts[0], texts[-1])
    )


def _lines(block: str) -> list[Line]:
    fences = FenceTracker()
    lines: list[Line] = []
    for raw in block.splitlines(keepends=True):
        was_open = fences.open
        fences.add(raw if raw.endswith("\n") else raw + "\n")
        lines.append(Line(raw, "code") if was_open or fences.open else classify(raw))
    if (
        lines
        and lines[0].kind == "text"
        and lines[0].style is not None
        and lines[0].style[0] != "number"
    ):
        lines[0].body = lines[0].raw.strip()
    return lines


def _single_element(block: str) -> str | None:
    """The content of the one element that a block consists of."""
    if not block.startswith("<"):
        return None
    first = tag_at(block, 0, final=True)
    if not isinstance(first, Tag) or first.closing or first.empty:
        return None
    closing = f"</{first.written}>"
    end = block.find(closing, first.length)
    if end < 0 or end + len(closing) != len(block):
        return None
    return block[first.length : end].strip()
