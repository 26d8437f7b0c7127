"""Near-duplicates: the same answer in nearly the same words, and no other of its template."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.every import for_every
from vs_core import Candidate
from vs_core.generation import Novelty, Resemblance

KEEPER = (
    "The lighthouse keeper had not spoken to another living soul in eleven years when the small"
    " boat drifted into the bay."
)
NURSE = (
    "Maria is a 34 year old nurse from Leeds who wants to save enough money for a deposit on her"
    " first flat within three years."
)
EVEN = "Write a function that takes a list of integers and returns the sum of all even numbers."
TOWN = "周末可以去附近的古镇漫步，品尝当地小吃，感受悠闲的慢生活，晚上住在河边的民宿。"
SPRING = "週末は近くの温泉に行って、ゆっくり体を休めながら美味しい料理を楽しみましょう。"
WORDS = [f"{a}{b}" for a in ("ba", "ko", "ri", "su", "te") for b in ("lan", "mer", "nop", "dil")]


def second(first: Any, other: Any, **settings: Any) -> Resemblance | None:
    novelty = Novelty(**settings)
    assert novelty.admit(Candidate(value=first)) is None
    return novelty.admit(Candidate(value=other))


@for_every(
    ("first", "again"),
    [
        (KEEPER, KEEPER.upper().replace(" WHEN", ", WHEN")),
        (KEEPER, KEEPER.replace("had not", "hadn\u2019t")),
        (KEEPER, KEEPER.replace("the small boat", "a small boat")),
        (KEEPER, KEEPER.replace("drifted", "slowly drifted")),
        (
            KEEPER,
            (
                "When the small boat drifted into the bay, the lighthouse keeper had not spoken to"
                " another living soul in eleven years."
            ),
        ),
        (NURSE, NURSE.replace("34 year old", "34-year-old").replace("a deposit", "the deposit")),
        (
            "It's always the third cup of tea that gets me.",
            "It is always the third cup of tea that gets me",
        ),
        (EVEN, EVEN.replace("that takes", "which takes")),
        (TOWN, TOWN.replace("，", ",").replace("当地小吃", "当地的小吃")),
        (SPRING, SPRING.replace("ゆっくり", "ゆっくりと")),
        (
            "สุดสัปดาห์นี้ลองไปเที่ยวทะเลใกล้กรุงเทพและกินอาหารทะเลสด",
            "สุดสัปดาห์นี้ ลองไปเที่ยวทะเลใกล้ๆ กรุงเทพ และกินอาหารทะเลสดๆ",
        ),
        (
            {"question": "Why do beans never gossip in a cafe?", "answer": "They will espresso."},
            {"answer": "They'll espresso!", "question": "Why do beans never gossip in the cafe?"},
        ),
    ],
)
def test_the_same_in_nearly_the_same_words_is_refused(first: Any, again: Any) -> None:
    found = second(first, again)
    assert found
    assert (found.how, found.index, found.text) == ("near", 0, Candidate(value=first).text)
    assert 0.75 <= found.similarity <= 1.0


@for_every(
    ("first", "other"),
    [
        ("What is the capital of France?", "What is the capital of Germany?"),
        (
            "What is the capital city of the country that is called France today?",
            "What is the capital city of the country that is called Germany today?",
        ),
        (NURSE, NURSE.replace("nurse", "teacher")),
        (NURSE, NURSE.replace("Maria", "Joan")),
        (NURSE, NURSE.replace("34", "35")),
        (NURSE, NURSE.replace("three", "four")),
        (KEEPER, KEEPER.replace("had not", "had")),
        (EVEN, EVEN.replace("even", "odd")),
        (
            "Why did the grape stop drinking wine? Because it was already pressed!",
            "Why did the grape stop drinking wine? Because it was tired of getting crushed!",
        ),
        (
            "Add 3 and 4 and then write down the result of the sum.",
            "Add 3 and 5 and then write down the result of the sum.",
        ),
        (
            "Compute 12 * 4 and say in simple words how you got there.",
            "Compute 12 / 4 and say in simple words how you got there.",
        ),
        (
            "At -5 degrees the water in the pipes of the old house freezes.",
            "At 5 degrees the water in the pipes of the old house freezes.",
        ),
        (
            "Write a program in C that reads a file and prints its longest line.",
            "Write a program in C# that reads a file and prints its longest line.",
        ),
        (
            "Option B is the correct answer because the force acts along the motion.",
            "Option C is the correct answer because the force acts along the motion.",
        ),
        (
            "What is the largest lake in Africa by its area?",
            "What is the second largest lake in Africa by its area?",
        ),
        (
            "Last week Tom lent Anna the old bike that he had got for his birthday.",
            "Last week Anna lent Tom the old bike that he had got for his birthday.",
        ),
        (
            "用户想知道从北京到上海坐高铁需要多长时间以及票价是多少",
            "用户想知道从上海到北京坐高铁需要多长时间以及票价是多少",
        ),
        (TOWN, TOWN.replace("古镇", "海边")),
        (SPRING, SPRING.replace("温泉", "公園")),
        ("我家的猫昨天晚上把花瓶从窗台上推了下来。", "我家的狗昨天晚上把花瓶从窗台上推了下来。"),
        (
            {"name": "Maria", "age": 34, "goal": "to save enough money for a deposit on a flat"},
            {"name": "Joan", "age": 34, "goal": "to save enough money for a deposit on a flat"},
        ),
        (
            {"age": 34, "children": 2, "goal": "to save enough money for a deposit on a flat"},
            {"age": 2, "children": 34, "goal": "to save enough money for a deposit on a flat"},
        ),
    ],
)
def test_another_answer_of_the_same_template_is_new(first: Any, other: Any) -> None:
    assert second(first, other) is None
    assert second(other, first) is None


def test_keys_are_no_part_of_the_wording() -> None:
    keys = [f"a_rather_long_name_of_the_field_number_{n}" for n in range(8)]
    first, other = (dict.fromkeys(keys, value) for value in ("tea", "coffee"))
    assert second(first, other) is None


def test_the_threshold_is_a_setting() -> None:
    longer = KEEPER.replace("drifted", "slowly and almost in silence drifted")
    assert second(KEEPER, longer) is None
    found = second(KEEPER, longer, near_duplicate=0.6)
    assert found
    assert 0.6 <= found.similarity < 0.8
    assert second(KEEPER, KEEPER.replace("drifted", "slowly drifted"), near_duplicate=1.0) is None


def test_in_a_short_answer_every_word_decides() -> None:
    assert (
        second("What a very fine day it was", "What a fine day it was", near_duplicate=0.1) is None
    )


def test_in_a_long_answer_one_word_in_a_hundred_may_be_replaced() -> None:
    rng = random.Random(1)
    words = rng.choices(WORDS, k=150)
    assert second(" ".join(words), " ".join([*words[:70], "other", *words[71:]]))
    words[20] = words[120] = "other"
    assert second(" ".join(rng.choices(WORDS, k=150)), " ".join(words)) is None


def test_the_most_similar_answer_is_named() -> None:
    novelty = Novelty()
    longer = KEEPER.replace("drifted", "slowly and silently drifted")
    for text in ("Something else, which is of no interest here at all.", longer):
        assert novelty.admit(Candidate(value=text)) is None
    assert novelty.admit(Candidate(value=f"Once upon a time in old days: {KEEPER}")) is None
    found = novelty.admit(Candidate(value=f"Once upon a time in the old days: {KEEPER}"))
    assert found
    assert found.index == 2


@given(st.lists(st.sampled_from(WORDS), min_size=12, max_size=60), st.data())
def test_an_added_word_is_found_wherever_it_stands(words: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(words)))
    again = " ".join([*words[:place], "so", *words[place:]])
    found = second(" ".join(words), again, near_duplicate=0.7)
    assert found is None or found.how == "near"
    # A text of few different words has few shingles, of which one more word can be a large part.
    if len(set(words)) >= 10:
        assert found


@given(st.lists(st.sampled_from(WORDS), min_size=8, max_size=90), st.data())
def test_a_replaced_word_makes_another_answer(words: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(words) - 1))
    other = " ".join([*words[:place], "violet", *words[place + 1 :]])
    assert second(" ".join(words), other, near_duplicate=0.01) is None


def test_a_template_filled_in_many_ways_gives_as_many_answers() -> None:
    novelty, template = Novelty(), NURSE.replace("Maria", "{}").replace("nurse", "{}")
    filled = [template.format(name, job) for name in WORDS for job in WORDS]
    assert [novelty.admit(Candidate(value=text)) for text in filled] == [None] * len(filled)
