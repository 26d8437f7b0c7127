"""A text that begins with a word for a number is a text where the stated number is another one."""

from __future__ import annotations

import pytest

from vs_core import parse_reply


@pytest.mark.parametrize(
    ("reply", "texts"),
    [
        ("1. Chance of rain: 30% (0.2)\n2. Sunny (0.5)", ["Chance of rain: 30%", "Sunny"]),
        (
            "- Chance of rain: 30% (Probability: 0.2)\n- Sunny (Probability: 0.5)",
            ["Chance of rain: 30%", "Sunny"],
        ),
        ("1. Chance of rain: 30% - 0.2\n2. Sunny - 0.5", ["Chance of rain: 30%", "Sunny"]),
        ("1. Score: 3-2 (0.2)\n2. draw (0.5)", ["Score: 3-2", "draw"]),
        ("1. Score: 3-2 (0.2)\n2. Score: 1-0 (0.5)", ["Score: 3-2", "Score: 1-0"]),
        ("1. Weight: 70 kg (0.2)\n2. Height: 180 cm (0.5)", ["Weight: 70 kg", "Height: 180 cm"]),
        ("1. Likelihood of snow: low (0.2)\n2. Sunny (0.5)", ["Likelihood of snow: low", "Sunny"]),
        ("Chance of rain: 30% (0.2)\nSunny (0.5)", ["Chance of rain: 30%", "Sunny"]),
        (
            "1. Score: 3-2\n   Probability: 0.2\n\n2. draw\n   Probability: 0.5",
            ["Score: 3-2", "draw"],
        ),
    ],
)
def test_a_text_with_a_label_and_a_number_of_its_own_keeps_both(
    reply: str, texts: list[str]
) -> None:
    read = parse_reply(reply)
    assert read.texts == texts
    assert [candidate.stated for candidate in read] == [0.2, 0.5]
    assert not read.trace.dropped


@pytest.mark.parametrize(
    "reply",
    [
        "1. tea\n   Score: 2/10 (0.2)\n2. coffee\n   Score: 5/10 (0.5)",
        "1. tea\n   Chance: 20% (0.2)\n2. coffee\n   Chance: 50% (0.5)",
        "1. tea\nLikelihood of this answer: low (0.2)\n2. coffee\nLikelihood of it: low (0.5)",
        "1. Score: 8\nProbability: 0.2\nText: tea\n2. Score: 7\nProbability: 0.5\nText: coffee",
    ],
)
def test_a_number_said_twice_or_with_a_word_for_it_is_no_text(reply: str) -> None:
    read = parse_reply(reply)
    assert read.texts == ["tea", "coffee"]
    assert [candidate.stated for candidate in read] == [0.2, 0.5]


@pytest.mark.parametrize("texts", [["Gain weight", "Beat the odds"], ["Keep score", "By chance"]])
def test_a_short_word_for_a_number_is_text_unless_a_sign_stands_behind_it(
    texts: list[str],
) -> None:
    first, second = texts
    for reply, expected in (
        (f"- {first} 30%\n- {second} 20%", texts),
        ("1. A, odds: 30%\n2. B, odds: 20%", ["A", "B"]),
    ):
        read = parse_reply(reply)
        assert read.texts == expected
        assert [candidate.stated for candidate in read] == [0.3, 0.2]
