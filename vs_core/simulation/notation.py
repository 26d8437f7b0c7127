"""Replies written in the notations that can be asked for, and read back from them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vs_core.values.terms import Layout

_ITEM = re.compile(r"\d{1,4}\. (?:\([^()\n]{1,20}\) )?")


@dataclass(frozen=True)
class Line:
    """One response of a list: its text and the number as it is to be written, if any."""

    text: str
    number: str | None = None


def write_list(
    lines: Sequence[Line],
    *,
    layout: Layout,
    field: str = "probability",
    reasoning: str | None = None,
    value: Callable[[str], object] = str,
) -> str:
    r"""Write responses in a notation.

    Args:
        lines: The responses, in the order in which they are written.
        layout: The notation.
        field: The name of the number.
        reasoning: What is written before the responses.
        value: What JSON has for a text, where responses are values of a type.

    Example:
        >>> print(write_list([Line("Heads & more", "0.5")], layout="xml"))
        <response>
        <text>Heads &amp; more</text>
        <probability>0.5</probability>
        </response>
        >>> write_list([Line("Heads", "0.5"), Line("Tails", "0.4")], layout="lines")
        '1. (0.5) Heads\n2. (0.4) Tails'
    """
    if layout == "xml":
        return _xml(lines, field, reasoning)
    if layout == "json":
        return _json(lines, field, reasoning, value)
    return _numbered(lines, reasoning)


def _xml(lines: Sequence[Line], field: str, reasoning: str | None) -> str:
    blocks = [] if reasoning is None else [f"<reasoning>{_escaped(reasoning)}</reasoning>"]
    for line in lines:
        number = [] if line.number is None else [f"<{field}>{line.number}</{field}>"]
        text = f"<text>{_escaped(line.text)}</text>"
        blocks.append("\n".join(["<response>", text, *number, "</response>"]))
    return "\n".join(blocks)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _json(
    lines: Sequence[Line], field: str, reasoning: str | None, value: Callable[[str], object]
) -> str:
    responses = [_item(line, field, value(line.text)) for line in lines]
    content: dict[str, object] = {} if reasoning is None else {"reasoning": reasoning}
    return json.dumps({**content, "responses": responses}, ensure_ascii=False, indent=2)


def _item(line: Line, field: str, text: object) -> dict[str, object]:
    if line.number is None:
        return {"text": text}
    number = line.number if line.number.endswith("%") else float(line.number)
    return {"text": text, field: number}


def _numbered(lines: Sequence[Line], reasoning: str | None) -> str:
    written = [] if reasoning is None else [f"Reasoning: {_on_one_line(reasoning)}"]
    for place, line in enumerate(lines, start=1):
        number = "" if line.number is None else f"({line.number}) "
        written.append(f"{place}. {number}{_on_one_line(line.text)}")
    return "\n".join(written)


def _on_one_line(text: str) -> str:
    return " / ".join(text.splitlines())


def answers_in(reply: str) -> frozenset[str]:
    r"""The answers in a reply of this model, as `key` writes them, whatever its notation.

    Args:
        reply: An earlier reply.

    Example:
        >>> sorted(answers_in("1. (0.5) Heads\n2. (0.4) Tails"))
        ['Heads', 'Tails']
    """
    if "<text>" in reply:
        found = [part.partition("</text>")[0] for part in reply.split("<text>")[1:]]
        return frozenset(
            key(text.replace("&lt;", "<").replace("&amp;", "&").strip()) for text in found
        )
    texts = _json_texts(reply)
    if texts is not None:
        return frozenset(map(key, texts))
    lines = [line for line in reply.splitlines() if _ITEM.match(line)]
    return frozenset(_ITEM.sub("", line, count=1) for line in lines) or frozenset({key(reply)})


def key(answer: str) -> str:
    r"""An answer as it is compared with earlier ones: on one line, trimmed.

    Example:
        >>> key("two\nlines ")
        'two / lines'
    """
    return _on_one_line(answer.strip())


def _json_texts(reply: str) -> list[str] | None:
    try:
        read = json.loads(reply)
    except (ValueError, RecursionError):
        return None
    items = read.get("responses") if isinstance(read, dict) else read
    if not isinstance(items, list):
        return None
    texts = [item.get("text") if isinstance(item, dict) else item for item in items]
    return [
        text if isinstance(text, str) else json.dumps(text, ensure_ascii=False) for text in texts
    ]
