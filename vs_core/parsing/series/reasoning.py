"""Reasoning in lines around the candidates: what is theirs in common, and what is thinking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vs_core.parsing.segment.lines import Line

_THINKING = frozenset(("reason", "thought"))


def without_thinking(lines: Sequence[Line], *, lines_asked: bool) -> list[Line]:
    """The lines, those of paragraphs labelled as thinking made opaque.

    Args:
        lines: The lines of a reply.
        lines_asked: Whether numbered lines were asked for: they follow the reasoning without a
            blank line between, unless it announces them as its own steps.
    """
    masked: list[Line] = []
    inside = False
    for at, line in enumerate(lines):
        if line.kind == "blank" or (
            inside and lines_asked and line.ordinal == 1 and not _announces(lines[at - 1])
        ):
            inside = False
        elif not inside and line.kind == "text" and not line.mark and not line.announced:
            label = line.label
            starts_block = at == 0 or lines[at - 1].kind == "blank"
            inside = (
                starts_block
                and label is not None
                and label.role in _THINKING
                and not _is_field(lines, at)
            )
        masked.append(replace(line, kind="opaque") if inside else line)
    return masked


def shared_reasoning(lines: Sequence[Line]) -> str | None:
    """What stands behind a label such as `Reasoning:` before the candidates."""
    for at, line in enumerate(lines):
        label = line.label
        if label is not None and label.role == "reason" and not line.mark:
            end = next((n for n in range(at, len(lines)) if lines[n].kind == "blank"), len(lines))
            rest = [line.body[label.end :], *(x.raw for x in lines[at + 1 : end])]
            return "\n".join(rest).strip() or None
    return None


def _announces(line: Line) -> bool:
    return line.raw.rstrip().endswith((":", "\uff1a"))


def _is_field(lines: Sequence[Line], at: int) -> bool:
    """Whether the next labelled line shows that the reasoning belongs to one candidate."""
    for line in lines[at + 1 : at + 4]:
        if line.kind == "blank":
            return False
        if line.label is not None and line.label.role in ("text", "number"):
            return True
    return False
