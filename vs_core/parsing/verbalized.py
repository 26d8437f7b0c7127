"""Whether a reply verbalizes a distribution at all, where a model was free to answer plainly.

`parse_reply` is told that a reply is a set of candidates, and finds them in whatever notation the
model chose. An agent's model may as well give a plain answer, and such an answer may hold a list,
a table or data of its own. So here only the notations that are asked for count, and only where
they are the answer rather than something in it.
"""

from __future__ import annotations

import re

from vs_core.parsing.asked import Asked
from vs_core.parsing.asked_form import announces, block_of, says_something, without_reasoning
from vs_core.parsing.clean.characters import without_end_token
from vs_core.parsing.clean.thinking import without_thoughts
from vs_core.parsing.segment.starts import exact_line_at
from vs_core.values.terms import Definition, Layout

_FEWEST_IN_FENCE = 3
_FENCED = re.compile(
    r"(?P<before>.*?)^[ \t]*(?P<mark>```+|~~~+)[\w-]*[ \t]*\n(?P<inner>.*?)"
    r"(?:^[ \t]*(?P=mark)[ \t]*$(?P<behind>.*)|\Z)",
    re.DOTALL | re.MULTILINE,
)
_FRACTION = re.compile(r"\(\s*(?:0?[.,]\d+|0|1|[01][.,]0+)\s*\)")
_PERCENTAGE = re.compile(r"\(\s*\d{1,3}(?:[.,]\d+)?\s*%?\s*\)")


def verbalized_layout(reply: str, *, asked: Asked) -> Layout | None:
    r"""The notation in which a reply gives the distribution asked for; None for a plain answer.

    What counts is `<response>` elements, and JSON objects of a `text` and the number asked for,
    whichever of the two was asked for. Where nothing but these stands in the reply, any number of
    responses counts, a cut-off one too; a fence around them, and thinking or reasoning in front,
    are nothing. A short line in front that announces them, or a short closing remark, is allowed if
    every response has a number and there are at least two of them and half of those asked for; in a
    fence behind such a line, at least three and all that were asked for.

    The lines of the `lines` layout count only if they were asked for, and in exactly that form,
    `1. (0.30) text`, numbered from 1, with nothing in front or behind. A plain answer that is
    written in the form asked for cannot be told from a distribution.

    Args:
        reply: What the model wrote.
        asked: What was asked for: the settings of the prompt.

    Example:
        >>> from vs_core import PromptSettings
        >>> from vs_core.adapters import verbalized_layout
        >>> asked = PromptSettings(k=2)
        >>> verbalized_layout("<response>heads</response> <response>tails</response>", asked=asked)
        'xml'
        >>> verbalized_layout("The poll says:\n1. Smith: 45%\n2. Jones: 40%", asked=asked)
    """
    answer = without_end_token(without_thoughts(reply)[0])
    if asked.layout == "lines" and _are_asked_lines(_out_of_fence(answer), asked):
        return "lines"
    fenced = _FENCED.fullmatch(answer)
    if fenced is None or block_of(fenced["before"], asked) is not None:
        block = block_of(answer, asked)
        return None if block is None or not block.is_answer(asked.k) else block.layout
    block = block_of(fenced["inner"], asked)
    if block is None or block.has_words or not block.is_answer(asked.k, fenced=True):
        return None
    before, behind = without_reasoning(fenced["before"]), fenced["behind"] or ""
    if not (says_something(before) or says_something(behind)):
        return block.layout
    is_all = block.count == block.numbered == asked.k >= _FEWEST_IN_FENCE
    announced = announces(before) and before.rstrip().endswith((":", "\uff1a"))
    return block.layout if is_all and announced and not says_something(behind) else None


def _out_of_fence(answer: str) -> str:
    fenced = _FENCED.fullmatch(answer)
    if fenced is None or (fenced["before"] + (fenced["behind"] or "")).strip():
        return answer
    return fenced["inner"]


def _are_asked_lines(text: str, asked: Asked) -> bool:
    lines = text.strip().split("\n")
    found = [(n, mark[0]) for n, line in enumerate(lines) if (mark := exact_line_at(line, 0))]
    places = [n for n, _ in found]
    if not found or without_reasoning("\n".join(lines[: places[0]])).strip():
        return False
    return (
        [ordinal for _, ordinal in found] == list(range(1, len(found) + 1))
        and all(_is_asked_number(lines[n], asked.asked_definition) for n in places)
        and not _has_epilogue(lines, places)
    )


def _is_asked_number(line: str, definition: Definition) -> bool:
    """Whether the number of a line is written as the form has it, and is no year or amount."""
    if definition in ("perplexity", "nll"):
        return True
    form = _PERCENTAGE if definition == "percentage" else _FRACTION
    return form.search(line[:60]) is not None


def _has_epilogue(lines: list[str], places: list[int]) -> bool:
    """Whether more stands behind the last response than any other response has."""
    ends = [*places[1:], len(lines)]
    *others, last = ["\n".join(lines[at:end]).strip() for at, end in zip(places, ends, strict=True)]
    if not others:
        return False
    if not any("\n" in other for other in others):
        return "\n" in last
    return _paragraphs(last) > max(map(_paragraphs, others))


def _paragraphs(text: str) -> int:
    return len(re.split(r"\n\s*\n", text))
