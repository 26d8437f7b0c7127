"""What is a word, and when two answers are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.metrics import normalise, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't  STOP, now!", ["dont", "stop", "now"]),
        ("don’t", ["dont"]),
        ("snake_case — 3.14", ["snake", "case", "3", "14"]),
        ("Straße ﬁn ＡＢＣ", ["strasse", "fin", "abc"]),
        ("cafe\u0301", ["café"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("مرحبا بالعالم", ["مرحبا", "بالعالم"]),
        ("안녕 세계", ["안녕", "세계"]),
        ("我喜欢茶。", ["我", "喜", "欢", "茶"]),
        ("カフェ", ["カ", "フ", "ェ"]),
        ("𠀀𠀁", ["𠀀", "𠀁"]),
        ("GPT-4用", ["gpt", "4", "用"]),
        ("❤\ufe0f tea🎉🎉", ["❤", "tea", "🎉", "🎉"]),
        ("zero\u200bwidth", ["zerowidth"]),
        ("2+2=4", ["2", "+", "2", "=", "4"]),
        ("... !?", []),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "same",
    [
        ["Ohio", " ohio", "OHIO.", "**Ohio**", '"Ohio"', "“Ohio”!", "(Ohio)", "Oh\u00adio"],
        ["New York", "new\n york", "New\u00a0York."],
        ["it's", "It’s!"],
        ["1-2", "1–2", "1\u20112"],
        ["東京", "東京。", "「東京」"],
        ["", "  "],
    ],
)
def test_spellings_of_one_answer_are_the_same(same: list[str]) -> None:
    assert len({normalise(text) for text in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5", "-5"),
        ("3.14", "314"),
        ("C", "C#"),
        ("C", "C++"),
        ("50", "50%"),
        ("1/2", "12"),
        ("🎉", "🔥"),
        ("?", "!"),
        ("+", "-"),
        ("Iowa", "Not Iowa"),
    ],
)
def test_different_answers_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text())
def test_no_text_is_refused(text: str) -> None:
    assert normalise(f" {text}\n") == normalise(text)
    assert all(word and not word.isspace() for word in words(text))
