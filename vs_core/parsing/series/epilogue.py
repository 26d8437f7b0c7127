"""Where the last segment of a series ends, and what stands behind the answer begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vs_core.parsing.clean.characters import fold
from vs_core.parsing.record.line_fields import Segment, Spot
from vs_core.parsing.segment.lines import Line

_CLOSING = re.compile(
    r"[\s*_#>(\[-]{0,8}(?:note|notes|these|this|those|the\s(?:total|sum|probabilities|remaining|numbers)|total|sum\b"
    r"|let\sme|hope|i\shope|would\syou|feel\sfree|if\syou|overall|in\s(?:short|summary|total)|summary|key\stakeaway"
    r"|my\s(?:pick|choice|favou?rite)|final|selected|sampled|chosen|why\b|remaining|confidence|explanation"
    r"|together|taken\stogether|altogether|all\sin\sall|shall\si|do\syou\swant|want\sme|i\scan\salso|i\scould"
    r"|happy\sto|as\srequested|that\scovers|disclaimer|please|all\sprobabilit|probabilities|sampling|i\s(?:chose|picked|selected|sampled|would)"
    r"|i\s(?:tried|have\stried|aimed|hope)|¿|¡espero|espero|soll\sich|m\u00f6chte|ich\shoffe|voulez|souhaitez|j['\u2019]esp|n['\u2019]h\u00e9sit"
    r"|\u0445\u043e\u0442\u0438\u0442\u0435|\u043d\u0430\u0434\u0435\u044e\u0441\u044c|\u5982\u9700|\u5982\u679c|\u5e0c\u671b|\u3054\u5e0c\u671b|\u5fc5\u8981|\u5fc5\u8981\u306a\u3089|vorrei|spero|vuoi|quer\s|gostaria"
    r"|hinweis|anmerkung|diese|nota|estas|note|ces\s|remarque|注|说明|說明|以上|注意|備考|참고|примечание|эти\s|итого)",
    re.IGNORECASE,
)
_SHORT = 2
"""Blocks of a segment that holds one paragraph below the line that begins it."""
_DISPLAY_MATH = ("$$", "\\[")


def is_closing(line: Line) -> bool:
    """Whether a line speaks about the answer, by the words it begins with."""
    return line.kind in ("text", "opaque") and _CLOSING.match(fold(line.raw)) is not None


@dataclass(frozen=True)
class _Shape:
    """What the earlier segments of a series look like."""

    count: int
    lines: int
    blocks: int
    behind: int
    headings: bool
    rules: bool


def end_of_last(earlier: Sequence[Segment], last: Segment, spot: Spot | None) -> int:
    """How many lines of the last segment are its own, by the shape of those before it.

    Args:
        earlier: The segments before it.
        last: The last segment, up to the end of the reply.
        spot: Where the series states its numbers.
    """
    shape = _shape(earlier, spot)
    number = _number_line(last, spot)
    lines = last.lines
    for at in range(1, len(lines)):
        line, before = lines[at], lines[at - 1]
        if line.kind == "rule":
            if not shape.rules and _is_complete(at, number, spot):
                return at
            continue
        new_block = before.kind in ("blank", "rule")
        if at <= number or at in last.number_lines or line.kind not in ("text", "opaque"):
            continue
        is_math = line.raw.lstrip().startswith(_DISPLAY_MATH)
        if line.kind == "opaque" and (is_math or not new_block):
            continue
        if line.level and new_block and not shape.headings:
            return at
        if line.is_total and not line.indent:
            return at
        if _is_outside(last, at, shape, number, spot, new_block=new_block):
            return at
    return len(lines)


def _is_complete(at: int, number: int, spot: Spot | None) -> bool:
    return spot is None or 0 <= number < at


def _is_outside(
    last: Segment, at: int, shape: _Shape, number: int, spot: Spot | None, *, new_block: bool
) -> bool:
    line = last.lines[at]
    if not _is_complete(at, number, spot) or line.indent > last.lines[0].indent + 1:
        return False
    if _leads_on(last.lines, at):
        return False
    if spot in ("field", "own", "end") and number > 0:
        # The number ends a segment, unless something stood behind it in the earlier ones.
        body_follows = _blocks_behind(last, number, at)
        if shape.count:
            return body_follows >= shape.behind and (new_block or not shape.behind)
        return new_block and (is_closing(line) or _has_text_before(last, number))
    if not shape.count:
        return new_block and is_closing(line)
    if new_block:
        blocks = _blocks(last, at)
        if shape.blocks > _SHORT and not is_closing(line):
            return False
        return blocks >= (min(shape.blocks, _SHORT) if is_closing(line) else shape.blocks)
    return shape.lines == 1 and not line.mark and not line.indent


def _has_text_before(last: Segment, number: int) -> bool:
    return bool(last.head.strip()) or any(x.kind == "text" for x in last.lines[1:number])


def _leads_on(lines: Sequence[Line], at: int) -> bool:
    """Whether the line before ends with a colon, so that what follows belongs to it."""
    fences = ("```", "~~~")
    filled = [
        line
        for line in lines[1:at]
        if line.kind == "text" or (line.kind == "opaque" and line.raw.lstrip().startswith(fences))
    ]
    before = filled[-1] if filled else lines[0]
    return before.ends_with_colon and not is_closing(before)


def _number_line(segment: Segment, spot: Spot | None) -> int:
    if spot is None or spot not in segment.stated:
        return max(segment.number_lines, default=-1) if spot is not None else -1
    return segment.stated[spot].line


def _blocks(segment: Segment, stop: int) -> int:
    """The paragraphs in the first lines of a segment; lines with a number do not count."""
    count, inside = 0, False
    for at, line in enumerate(segment.lines[:stop]):
        filled = line.kind in ("text", "opaque") and at not in segment.number_lines
        count += filled and not inside
        inside = filled or (inside and at in segment.number_lines)
    return count


def _blocks_behind(segment: Segment, number: int, stop: int) -> int:
    """How many paragraphs stand behind the number."""
    count, inside = 0, False
    for at in range(number + 1, stop):
        filled = segment.lines[at].kind in ("text", "opaque") and at not in segment.number_lines
        count += filled and not inside
        inside = filled
    return count


def _shape(earlier: Sequence[Segment], spot: Spot | None) -> _Shape:
    return _Shape(
        count=len(earlier),
        lines=max((sum(x.kind != "blank" for x in s.lines) for s in earlier), default=0),
        blocks=max((_blocks(s, len(s.lines)) for s in earlier), default=0),
        behind=max(
            (_blocks_behind(s, _number_line(s, spot), len(s.lines)) for s in earlier), default=0
        ),
        headings=any(x.level for s in earlier for x in s.lines[1:]),
        rules=any(x.kind == "rule" for s in earlier for x in s.lines),
    )
