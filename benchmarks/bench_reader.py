"""Speed of the reader beside its peers, and its linearity on hostile input.

Run `python benchmarks/bench_reader.py`; it prints three tables. Times are the best of several runs
in the same process. Streamed replies go through the door that users have, the `transform` of an
output parser, for every peer; "core" is `ReplyParser` or `parse_reply` alone, so that what
LangChain's layer costs can be seen. "built" is what `json.loads` plus the building of the
candidates takes, the yardstick for one-shot JSON. A dash marks what is not measured: what a peer
cannot do, or would take minutes for.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.output_parsers import JsonOutputParser, XMLOutputParser

from langchain_vs import VerbalizedSamplingOutputParser
from vs_core import Candidate, ReplyParser, VerbalizedDistribution, parse_reply

SIZES = (5, 20, 100, 800)
STREAMED = {
    "tags, strings": (5, 100, 800, 3200),
    "tags, messages": (5, 100, 800),
    "JSON, strings": (5, 100, 800),
}
CHUNK = 4
HOSTILE = {
    "<": "<",
    "{": "{",
    "[": "[",
    '"': '"',
    "<response>": "<response>",
    "nested list": None,
    "digits": "7",
    "<response><text>": "<response><text>",
    '{"text": "a" ': '{"text": "a" ',
    "numbered lines": "1. a (0.1)\n",
    "varied lines": None,
    "fences": "```\n",
    "<think>": "<think>",
    "</think>": "</think>",
    "<!--": "<!--",
    "table rows": "| a | 0.1\n",
    "number lines": "Probability: 0.1\n",
    "percentages": "- a: 10%\n",
    "paragraphs": "a (0.1)\n\n",
    "short lines": "x\n",
    "headings": "## h (0.1)\n",
    "labels": "Response 1: x\n",
    "&lt;": "&lt;",
    "$$": "$$\n",
}
HOSTILE_SIZES = (64, 1024)
HOSTILE_PIECES = (None, 16)
WORDS = ("coffee", "tea", "mug", "spoon", "sugar", "police", "report", "beans", "steam", "waiter")
_PATIENCE = 2.0
_RUNS = 3
_ALLOWED = 4.0
_TOO_LONG = 30.0


def texts(count: int) -> list[str]:
    """Texts of the length of a joke."""
    return [
        f"Why did coffee number {i} file a report? It got mugged, again & again."
        for i in range(count)
    ]


def as_xml(count: int) -> str:
    """A reply in tags, escaped as XML demands, so that a strict parser can read it too."""
    items = "".join(
        f"<response>\n<text>{text.replace('&', '&amp;')}</text>\n"
        "<probability>0.1</probability>\n</response>\n"
        for text in texts(count)
    )
    return f"<responses>\n{items}</responses>"


def as_json(count: int) -> str:
    """A reply in JSON."""
    return json.dumps({"responses": [{"text": t, "probability": 0.1} for t in texts(count)]})


def chunks(text: str, size: int = CHUNK) -> list[str]:
    """A reply in pieces."""
    return [text[i : i + size] for i in range(0, len(text), size)]


def best_time(work: Callable[[], object]) -> float:
    """The best of a few runs, in seconds."""
    best, runs, started = float("inf"), 0, time.perf_counter()
    while runs < _RUNS or time.perf_counter() - started < _PATIENCE / 4:
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
        runs += 1
    return best


def drained(parser: Any, pieces: Sequence[Any]) -> Callable[[], object]:
    """Stream a reply through an output parser of LangChain's kind."""
    return lambda: list(parser.transform(iter(pieces)))


def core_streamed(pieces: Sequence[str]) -> None:
    """Feed a reply to the core, piece by piece."""
    parser = ReplyParser()
    for piece in pieces:
        parser.feed(piece)
    parser.close()


def build(items: list[dict[str, Any]]) -> object:
    """The candidates of parsed JSON, built as the reader builds them."""
    return VerbalizedDistribution.of(
        Candidate.model_construct(
            value=item["text"],
            probability=0.0,
            stated=item["probability"],
            raw_probability=str(item["probability"]),
            reasoning=None,
            repairs=(),
            weight=None,
            turn=0,
        )
        for item in items
    )


def streamed(what: str, count: int) -> tuple[float, float | None, float]:
    """Seconds for a streamed reply: our parser, its peer, the core alone."""
    tags = what.startswith("tags")
    pieces = chunks(as_xml(count) if tags else as_json(count))
    given = [AIMessageChunk(content=piece) for piece in pieces] if "messages" in what else pieces
    peer = XMLOutputParser() if tags else JsonOutputParser()
    # LangChain's JSON is quadratic: 800 candidates would take minutes.
    able = tags or count <= SIZES[2]
    return (
        best_time(drained(VerbalizedSamplingOutputParser(), given)),
        best_time(drained(peer, given)) if able else None,
        best_time(lambda: core_streamed(pieces)),
    )


def print_streamed(largest: int) -> None:
    """The table of streamed replies, in milliseconds."""
    print(
        f"{'milliseconds, streamed':24}{'candidates':>11}{'vs':>10}{'LangChain':>11}"
        f"{'vs/LangChain':>14}{'core':>10}"
    )
    for what, sizes in STREAMED.items():
        for count in sizes:
            if count > largest:
                continue
            ours, peer, core = streamed(what, count)
            theirs = (
                f"{'-':>11}{'-':>14}"
                if peer is None
                else (f"{peer * 1000:11.2f}{ours / peer:14.3g}")
            )
            print(f"{what:24}{count:11}{ours * 1000:10.2f}{theirs}{core * 1000:10.2f}", flush=True)


def one_shot(count: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each row of the table of whole replies: who reads what, and the work."""
    xml, js = as_xml(count), as_json(count)
    ours = VerbalizedSamplingOutputParser()
    yield "tags: vs", lambda: ours.parse(xml)
    yield "tags: core", lambda: parse_reply(xml)
    yield "tags: XMLOutputParser", lambda: XMLOutputParser().parse(xml)
    yield "JSON: vs", lambda: ours.parse(js)
    yield "JSON: core", lambda: parse_reply(js)
    yield "JSON: json.loads", lambda: json.loads(js)
    yield "JSON: json.loads + built", lambda: build(json.loads(js)["responses"])
    yield "JSON: JsonOutputParser", lambda: JsonOutputParser().parse(js)


def print_one_shot(sizes: tuple[int, ...]) -> None:
    """The table of whole replies, in milliseconds."""
    rows: dict[str, list[str]] = {}
    for count in sizes:
        for who, work in one_shot(count):
            rows.setdefault(who, []).append(f"{best_time(work) * 1000:.2f}")
    print(f"{'milliseconds, one-shot':32}" + "".join(f"{n:>10}" for n in sizes))
    for who, cells in rows.items():
        print(f"{who:32}" + "".join(f"{cell:>10}" for cell in cells))


def hostile(kind: str, length: int) -> str:
    """Input meant to take long to read."""
    unit = HOSTILE[kind]
    if kind == "varied lines":
        unit = varied_lines(length)
    elif unit is None:
        unit = "[" * 10_000 + "]" * 10_000
    return (unit * (length // len(unit) + 1))[:length]


def varied_lines(length: int) -> str:
    """Numbered lines of random words, none like another; the same ones in every run."""
    rng = random.Random(1)
    lines: list[str] = []
    written = 0
    while written < length:
        words = " ".join(rng.choices(WORDS, k=rng.randint(3, 12)))
        lines.append(f"{len(lines) + 1}. {words} ({rng.random():.2f})\n")
        written += len(lines[-1])
    return "".join(lines)


def print_hostile(sizes: tuple[int, ...]) -> None:
    """The table of times on hostile input, in seconds."""
    heads = [
        f"{'whole' if piece is None else f'{piece} chars'} {size}k"
        for piece in HOSTILE_PIECES
        for size in sizes
    ]
    allowed = f"within {_ALLOWED:g} s"
    print(f"{'seconds on hostile input':26}" + "".join(f"{head:>15}" for head in (*heads, allowed)))
    for kind in HOSTILE:
        times = [taken for piece in HOSTILE_PIECES for taken in hostile_times(kind, piece, sizes)]
        cells = [f"{taken:.3f}" if taken < float("inf") else f"> {_TOO_LONG:g}" for taken in times]
        cells.append("yes" if max(times) <= _ALLOWED else "no")
        print(f"{kind!r:26}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


def hostile_times(kind: str, piece: int | None, sizes: tuple[int, ...]) -> Iterator[float]:
    """Seconds at each size; infinite, and not run, where even linear growth would take too long."""
    slowest = 0.0
    for size in sizes:
        if slowest * size > _TOO_LONG:
            yield float("inf")
            continue
        text = hostile(kind, size * 1024)
        pieces = [text] if piece is None else chunks(text, piece)
        begin = time.perf_counter()
        core_streamed(pieces)
        taken = time.perf_counter() - begin
        slowest = max(slowest, taken / size)
        yield taken


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="small sizes only")
    quick = options.parse_args().quick
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
    print_streamed(SIZES[2] if quick else STREAMED["tags, strings"][-1])
    print()
    print_one_shot(SIZES[:2] if quick else SIZES)
    print()
    print_hostile(HOSTILE_SIZES[:1] if quick else HOSTILE_SIZES)


if __name__ == "__main__":
    main()
