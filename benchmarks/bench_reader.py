"""Speed of the reader beside its peers, and its linearity on hostile input.

Run `python benchmarks/bench_reader.py`; it prints two tables. Times are the best of several runs
in the same process. "built" is what `json.loads` plus the building of the candidates takes, the
yardstick for one-shot JSON. A dash marks what a peer cannot do, or would take minutes for.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable, Iterator
from typing import Any

import json_repair
from langchain_core.output_parsers import JsonOutputParser, XMLOutputParser

from vs_core.parsing import ReplyParser, parse_reply
from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution

SIZES = (5, 20, 100, 800)
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
    "fences": "```\n",
    "<think>": "<think>",
}
HOSTILE_SIZES = (64, 256, 1024)
_PATIENCE = 2.0


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
    best, started = float("inf"), time.perf_counter()
    while best == float("inf") or time.perf_counter() - started < _PATIENCE / 4:
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best


def ours_streamed(pieces: list[str]) -> None:
    """Feed a reply piece by piece."""
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


def peers(count: int) -> Iterator[tuple[str, str, Callable[[], object] | None]]:
    """Each row of the table: notation and mode, who reads, and the work."""
    xml, js = as_xml(count), as_json(count)
    xml_pieces, json_pieces = chunks(xml), chunks(js)
    yield "tags, one-shot", "vs", lambda: parse_reply(xml)
    yield "tags, one-shot", "XMLOutputParser", lambda: XMLOutputParser().parse(xml)
    yield "tags, streamed", "vs", lambda: ours_streamed(xml_pieces)
    yield (
        "tags, streamed",
        "XMLOutputParser",
        lambda: list(XMLOutputParser().transform(iter(xml_pieces))),
    )
    yield "JSON, one-shot", "vs", lambda: parse_reply(js)
    yield "JSON, one-shot", "json.loads", lambda: json.loads(js)
    yield "JSON, one-shot", "json.loads + built", lambda: build(json.loads(js)["responses"])
    yield "JSON, one-shot", "JsonOutputParser", lambda: JsonOutputParser().parse(js)
    yield "JSON, one-shot", "json_repair", lambda: json_repair.loads(js)
    yield "JSON, streamed", "vs", lambda: ours_streamed(json_pieces)
    # Quadratic: 800 candidates would take minutes.
    streamable = count <= SIZES[2]
    yield (
        "JSON, streamed",
        "JsonOutputParser",
        ((lambda: list(JsonOutputParser().transform(iter(json_pieces)))) if streamable else None),
    )


def print_peers(sizes: tuple[int, ...]) -> None:
    """The table of times, in milliseconds."""
    rows: dict[tuple[str, str], list[str]] = {}
    for count in sizes:
        for mode, who, work in peers(count):
            shown = "-" if work is None else f"{best_time(work) * 1000:.2f}"
            rows.setdefault((mode, who), []).append(shown)
    print(f"{'milliseconds for n candidates':32}" + "".join(f"{n:>10}" for n in sizes))
    for (mode, who), cells in rows.items():
        print(f"{mode + ': ' + who:32}" + "".join(f"{cell:>10}" for cell in cells))


def hostile(kind: str, length: int) -> str:
    """Input meant to take long to read."""
    unit = HOSTILE[kind]
    if unit is None:
        deep = "[" * 10_000 + "]" * 10_000
        return (deep * (length // len(deep) + 1))[:length]
    return (unit * (length // len(unit) + 1))[:length]


def print_hostile() -> None:
    """The table of times on hostile input, in seconds."""
    heads = [f"{mode} {size}k" for mode in ("one-shot", "16 chars") for size in HOSTILE_SIZES]
    print(f"{'seconds on hostile input':26}" + "".join(f"{head:>15}" for head in heads))
    for kind in HOSTILE:
        cells = []
        for piece in (None, 16):
            for size in HOSTILE_SIZES:
                text = hostile(kind, size * 1024)
                pieces = [text] if piece is None else chunks(text, piece)
                begin = time.perf_counter()
                ours_streamed(pieces)
                cells.append(f"{time.perf_counter() - begin:.3f}")
        print(f"{kind!r:26}" + "".join(f"{cell:>15}" for cell in cells))


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="small sizes only")
    quick = options.parse_args().quick
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
    print_peers(SIZES[:2] if quick else SIZES)
    print()
    print_hostile()


if __name__ == "__main__":
    main()
