"""What holds for every reply: hypothesis looks for one for which it does not."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core import NoCandidatesError, ReplyParser, VerbalizedDistribution, parse_reply
from vs_core.parsing.record.placeholder import is_placeholder

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
WORDS = st.sampled_from(
    [
        "<",
        ">",
        "</",
        "<response>",
        "</response>",
        "<text>",
        "</text>",
        "<probability>",
        "0.1",
        "</probability>",
        "```",
        "\n",
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ":",
        ",",
        '"text"',
        '"probability"',
        "1.",
        "- ",
        "(0.2)",
        "&lt;",
        "&",
        ";",
        "\\",
        "<think>",
        "</think>",
        "|",
        "Probability:",
        "30%",
        "Text: a",
        "## ",
        "**",
        " ",
        "a",
        "\ufeff",
        "\u200b",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "\u201c",
        "\u201d",
        "%",
        "=",
        "#",
        "//",
        "<|channel|>",
        "responses",
    ]
)
SOUP = st.lists(WORDS | st.text(max_size=4), max_size=40).map("".join)
NUMBERS = st.integers(0, 100).map(lambda n: f"{n / 100}")


def is_expressible(text: str) -> bool:
    """Whether a text can stand in any notation: it is stripped, and no placeholder."""
    return text == text.strip() and bool(text) and not is_placeholder(text)


TEXTS = ANY_TEXT.map(str.strip).filter(is_expressible)
CANDIDATES = st.lists(st.tuples(TEXTS, NUMBERS), min_size=1, max_size=6)
LINE_TEXTS = (
    st.text("abc XYZ é中文?!'", min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda text: any(map(str.isalnum, text)))
)


def read_in(pieces: list[str]) -> VerbalizedDistribution[str]:
    parser = ReplyParser()
    total: VerbalizedDistribution[str] = VerbalizedDistribution()
    for piece in pieces:
        total = total + parser.feed(piece)
    return total + parser.close()


def cut(text: str, places: list[int]) -> list[str]:
    ends = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(ends)]


def as_tags(candidates: list[tuple[str, str]]) -> str:
    return "\n".join(
        f"<response>\n<text>{t.replace('&', '&amp;').replace('<', '&lt;')}</text>\n"
        f"<probability>{p}</probability>\n</response>"
        for t, p in candidates
    )


def as_json(candidates: list[tuple[str, str]], *, ascii_only: bool = False) -> str:
    items = [{"text": text, "probability": float(number)} for text, number in candidates]
    return json.dumps({"responses": items}, ensure_ascii=ascii_only)


def as_lines(candidates: list[tuple[str, str]]) -> str:
    return "\n".join(f"{n}. ({p}) {t}" for n, (t, p) in enumerate(candidates, 1))


def pairs(found: VerbalizedDistribution[str]) -> list[tuple[str, float | None]]:
    return [(candidate.text, candidate.stated) for candidate in found]


def expected(candidates: list[tuple[str, str]]) -> list[tuple[str, float]]:
    return [(text, float(number)) for text, number in candidates]


@given(CANDIDATES)
def test_tags_are_read_back(candidates: list[tuple[str, str]]) -> None:
    assert pairs(parse_reply(as_tags(candidates))) == expected(candidates)


@given(candidates=CANDIDATES, ascii_only=st.booleans())
def test_json_is_read_back(candidates: list[tuple[str, str]], *, ascii_only: bool) -> None:
    assert pairs(parse_reply(as_json(candidates, ascii_only=ascii_only))) == expected(candidates)


@given(st.lists(st.tuples(LINE_TEXTS, NUMBERS), min_size=1, max_size=6))
def test_lines_are_read_back(candidates: list[tuple[str, str]]) -> None:
    assert pairs(parse_reply(as_lines(candidates))) == expected(candidates)


@given(CANDIDATES, st.sampled_from([as_tags, as_json]), st.integers(0, 10_000))
def test_a_prefix_gives_a_prefix(
    candidates: list[tuple[str, str]], render: object, place: int
) -> None:
    assert callable(render)
    reply = render(candidates)
    prefix = reply[: place % (len(reply) + 1)]
    found = read_in([prefix])
    texts = [text for text, _ in candidates]
    assert found.texts == texts[: len(found)]
    stated = [candidate.stated for candidate in found]
    complete = [number for _, number in expected(candidates)][: len(found)]
    assert stated[:-1] == complete[:-1]
    assert stated[-1:] in (complete[-1:], [None])


@given(SOUP, st.lists(st.integers(0, 10_000), max_size=12))
def test_any_chunking_equals_one_shot(soup: str, places: list[int]) -> None:
    assert read_in(cut(soup, places)) == read_in([soup])


@given(CANDIDATES, st.sampled_from([as_tags, as_json, as_lines]), st.integers(1, 9))
def test_any_chunk_size_equals_one_shot(
    candidates: list[tuple[str, str]], render: object, size: int
) -> None:
    assert callable(render)
    reply = render(candidates)
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    assert read_in(pieces) == read_in([reply])


@given(SOUP | st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_soup_ends_in_candidates_or_no_candidates(soup: str) -> None:
    try:
        found = parse_reply(soup)
    except NoCandidatesError:
        return
    assert all(found.texts)
    assert all(math.isfinite(p) and p >= 0 for p in found.probabilities)
    assert math.fsum(found.probabilities) == pytest.approx(1.0, abs=1e-9)


HOSTILE = [
    "<",
    "{",
    "[",
    '"',
    "<response>",
    "7",
    "<response><text>",
    "<response><number>1",
    '{"a":',
    "```\n",
    "<think>",
    "1. a (0.1)\n",
    "| a | 0.1\n",
    "<a ",
    "Probability: 0.1\n",
    "&lt;",
    '{"text": "a" ',
    "[{'a",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_input_is_read_or_refused(unit: str) -> None:
    text = (unit * 40_000)[:40_000]
    whole = read_in([text])
    assert all(whole.texts)
    assert read_in([text[at : at + 16] for at in range(0, len(text), 16)]) == whole


def test_a_list_ten_thousand_deep_is_no_recursion_error() -> None:
    with pytest.raises(NoCandidatesError):
        parse_reply("[" * 10_000 + "]" * 10_000)


def test_a_candidate_is_found_behind_a_list_ten_thousand_deep() -> None:
    reply = "[" * 10_000 + "]" * 10_000 + '\n{"text": "A", "probability": 0.1}'
    assert parse_reply(reply).texts == ["A"]
