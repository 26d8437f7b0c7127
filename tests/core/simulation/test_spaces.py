"""Which answer space a question finds."""

from __future__ import annotations

import math

import pytest

from vs_core.simulation import AnswerSpace, find_space

SPACES = {
    "Tell me a joke about coffee": "jokes about coffee",
    "Some JOKES, please. Topic: Coffee!": "jokes about coffee",
    "Tell me a joke about a bear.": "jokes about a bear",
    "Name a US state.": "US states",
    "Which of the U.S. states do you like?": "US states",
    "Name one of the United States": "US states",
    "Roll a die": "die with 6 sides",
    "Simulate a dice roll": "die with 6 sides",
    "Roll a 20-sided die": "die with 20 sides",
    "Flip a coin": "coin flip",
    "Pick a number from 1 to 100": "number from 1 to 100",
    "Give me a random number between 5 and 9": "number from 5 to 9",
    "Name a color": "colours",
    "Suggest a name for my coffee shop": "coffee shop names",
    "I need a product name": "product names",
    "Write a quiz question about history": "questions about history",
    "Write a short story about a lost dog": "story openings about a lost dog",
    "Write a poem on autumn": "poem lines on autumn",
    "Explain quantum tunnelling": "angles on quantum tunnelling",
    "The state of matter tells us a lot": "angles on state of matter tells us a lot",
}


def test_a_question_finds_its_space() -> None:
    assert {question: find_space(question).name for question in SPACES} == SPACES


def test_a_space_offers_enough_answers() -> None:
    wanted = {
        "a joke about coffee": 24,
        "Name a US state": 50,
        "Pick a number": 100,
        "Name a colour": 20,
        "a story about rain": 20,
        "a poem about rain": 20,
        "How do tides work?": 20,
    }
    found = {question: len(find_space(question).answers) for question in wanted}
    assert all(found[question] >= size for question, size in wanted.items()), found


def test_open_questions_have_hundreds_of_answers_and_closed_ones_have_theirs() -> None:
    open_ones = (
        *("Name a startup", "Write a question about history"),
        *("Write a poem about rain", "How do tides work?"),
    )
    found = {question: len(find_space(question).answers) for question in open_ones}
    assert min(found.values()) >= 400, found
    closed = {"Name a US state": 50, "Roll a die": 6, "Flip a coin": 2, "a joke about coffee": 30}
    assert {question: len(find_space(question).answers) for question in closed} == closed


def test_california_is_the_likeliest_state() -> None:
    states = find_space("Name a US state")
    assert max(zip(states.probabilities, states.answers, strict=True))[1] == "California"


def test_peoples_favourite_numbers_are_on_top() -> None:
    numbers = find_space("Pick a number from 1 to 100")
    ranked = sorted(zip(numbers.probabilities, numbers.answers, strict=True), reverse=True)
    assert {number for _, number in ranked[:4]} == {"7", "42", "37", "73"}


def test_any_question_has_distinct_answers() -> None:
    for question in (
        "",
        "?",
        "{topic} {0} %s",
        "커피에 대해 말해줘",
        "<b>&amp;</b>",
        "why " * 500,
        "a\n\n\nb",
    ):
        assert len(find_space(question).answers) >= 20


def test_a_generic_answer_takes_up_the_words_of_the_question() -> None:
    answers = find_space("Explain {x} in quantum tunnelling").answers
    assert all("{x} in quantum tunnelling" in answer for answer in answers)


def test_probabilities_are_normalised() -> None:
    assert math.fsum(find_space("Name a US state").probabilities) == pytest.approx(1.0)


def test_the_entropy_of_equal_answers_is_the_log_of_their_number() -> None:
    assert find_space("Roll a die").entropy() == pytest.approx(math.log(6))


def test_alignment_sharpens_to_the_power_of_gamma() -> None:
    space = AnswerSpace("two", ("a", "b"), (0.8, 0.2))
    assert space.aligned(2.0)[0] == pytest.approx(0.64 / 0.68)


def test_extreme_alignment_stays_a_distribution() -> None:
    assert AnswerSpace("two", ("a", "b"), (0.8, 0.2)).aligned(1e6) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("answers", "weights", "complaint"),
    [
        ((), (), "at least one"),
        (("a", "a"), (1, 1), "distinct"),
        (("a", "b"), (1,), "2 answers"),
        (("a", "b"), (1, 0), "positive"),
        (("a", "b"), (1, math.inf), "finite"),
    ],
)
def test_an_unusable_space_is_refused(
    answers: tuple[str, ...], weights: tuple[float, ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        AnswerSpace("bad", answers, weights)
