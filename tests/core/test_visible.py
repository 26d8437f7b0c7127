"""Text from outside as it is shown."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core import Candidate, VerbalizedDistribution
from vs_core.adapters import visible, visible_json
from vs_core.visible import encodable

# With half surrogate pairs, which a strategy for texts leaves out by itself.
anything = st.lists(st.characters(codec=None)).map("".join)
STEERING = ("\x1b[2J", "\x07", "\x7f", "\x9b31m", "\u202e", "\u2066", "\r", "\x00", "\u2028")


def steers(character: str) -> bool:
    kind = unicodedata.category(character)
    return (kind == "Cc" and character not in "\n\t") or kind in {"Cs", "Zl", "Zp"}


@given(anything)
def test_nothing_is_left_that_steers_a_terminal_or_cannot_be_encoded(text: str) -> None:
    shown = visible(text)
    assert not any(map(steers, shown))
    assert shown.encode().decode() == shown


@pytest.mark.parametrize("text", STEERING, ids=repr)
def test_what_steers_is_shown_as_an_escape(text: str) -> None:
    assert visible(f"a{text}b") == f"a{repr(text)[1:-1]}b"


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines\tand a tab",
        "שלום\u200f",
        "نص",
        "👩\u200d💻 🏴\U000e0067\U000e007f",
        "漢字 é",
        "\\x1b",
    ],
)
def test_whatever_else_is_written_stays(text: str) -> None:
    assert visible(text) == text


def test_windows_line_ends_are_line_ends() -> None:
    assert visible("one\r\ntwo") == "one\ntwo"


def test_half_a_surrogate_pair_is_replaced_and_a_split_pair_is_joined() -> None:
    assert encodable("cut \ud83d") == "cut \ufffd"
    assert encodable("\ude00 whole \ud83d\ude00") == "\ufffd whole 😀"


@given(st.dictionaries(st.text(), st.lists(st.text())))
def test_a_json_document_keeps_its_content(content: dict[str, list[str]]) -> None:
    document = visible_json(json.dumps(content, ensure_ascii=False))
    assert json.loads(document) == content
    assert not any(map(steers, document))


def test_a_json_document_with_half_a_surrogate_pair_becomes_valid() -> None:
    document = visible_json(json.dumps(["cut \ud83d"], ensure_ascii=False))
    assert json.loads(document.encode()) == ["cut \ufffd"]


@pytest.mark.parametrize(
    "show", [VerbalizedDistribution.to_markdown, VerbalizedDistribution._repr_html_]
)
def test_a_distribution_shows_what_would_steer(show: Any) -> None:
    shown = show(VerbalizedDistribution.of([Candidate(value="hi \x1b[2J \u202e \ud83d")]))
    assert "x1b[2J" in shown
    assert not {"\x1b", "\u202e", "\ud83d"} & set(shown)
