"""Rewrites that are worth a search, and those that are the query once more or an answer to it."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vs_core import HYPOTHETICAL_ANSWERS, QUERY_REWRITES, PromptSettings
from vs_core.adapters.retrieval import objections_to_rewrites
from vs_core.retrieval.rewrites import ANSWER, COPY, REPEATED, is_answer, is_near_copy

QUERY = "How is espresso brewed?"
REWRITING = PromptSettings(instructions=QUERY_REWRITES)

words = st.text(string.ascii_letters + "äßñ+#%", min_size=1, max_size=8)
queries = st.lists(words, min_size=1, max_size=8).map(" ".join)
labels = st.sampled_from(
    [
        "",
        "1. ",
        "2) ",
        "(3) ",
        "- ",
        "Rewrite: ",
        "Query 2: ",
        "**Rewritten query:** ",
        "1. Query: ",
    ]
)


def test_the_query_once_more_is_a_copy() -> None:
    copies = [
        "How is espresso brewed?",
        "how is Espresso brewed",
        "  How is  espresso brewed ?!",
        '"How is espresso brewed?"',
        "1. How is espresso brewed?",
        "Rewrite: How is espresso brewed?",
        "Rewritten query: how is espresso brewed",
        "- Search query 2: How is espresso brewed?",
        "How espresso is brewed?",
        "Ｈow is espresso brewed？",
    ]
    assert [text for text in copies if not is_near_copy(text, QUERY)] == []


def test_other_words_make_another_query() -> None:
    others = [
        ("How is espresso made?", QUERY),
        ("espresso brewing", QUERY),
        ("How is espresso brewed in Italy?", QUERY),
        ("C# for beginners", "C for beginners"),
        ("C++ for beginners", "C for beginners"),
        ("tea at 80%", "tea at 80"),
        ("\U0001f600 meaning", "\U0001f602 meaning"),
        ("", "python"),
    ]
    assert [pair for pair in others if is_near_copy(*pair)] == []


@given(queries, labels, st.sampled_from([".", "?", "!", " ", '"', "\n"]), st.randoms())
def test_case_order_punctuation_and_labels_make_no_other_query(
    query: str, label: str, end: str, random: object
) -> None:
    shuffled = query.split()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert is_near_copy(f"{label}{'  '.join(shuffled).upper()}{end}", query.upper())
    assert is_near_copy(f"{label}{query}{end}", query)


@given(queries, words)
def test_a_word_more_makes_another_query(query: str, word: str) -> None:
    assert not is_near_copy(f"{query} {word}", query)


def test_a_statement_is_an_answer() -> None:
    answers = [
        "Espresso is brewed by forcing hot water through finely ground coffee",
        "Espresso is brewed by forcing hot water\u2026",
        "1. Espresso is brewed under high pressure.",
        "The espresso machine is used to force hot water through the grounds.",
        "You can brew espresso by forcing hot water through coffee.",
        "These can be brewed by forcing hot water through coffee",
        "How is espresso brewed? Espresso is brewed by forcing hot water through coffee.",
        "Grind the beans finely. Tamp them down firmly. Brew for thirty seconds.",
        "Espresso wird gebrüht, indem heißes Wasser durch Kaffee gepresst wird.",
        "L'espresso est préparé en forçant de l'eau chaude.",
        "El café espresso es una bebida preparada con presión.",
        "water " * 41,
    ]
    assert [text for text in answers if not is_answer(text)] == []


def test_what_may_be_a_query_is_no_answer() -> None:
    queries = [
        "espresso brewing pressure",
        "How is espresso made?",
        "what is the process by which espresso is brewed",
        "Is espresso brewed under pressure",
        "Explain how espresso is brewed.",
        "I want to know how espresso is brewed at home.",
        "Espresso brewing methods and their pressure requirements.",
        "Guide to how espresso is brewed in Italy.",
        "ways espresso is brewed",
        "methods that are used to brew espresso in Italian bars today",
        "pressure at which espresso is brewed",
        "best coffee that is organic and is sold in Berlin near me",
        "Python is not recognized",
        "St. Petersburg is which country",
        "Dr. No vs. Mr. Bean vs. St. Elmo",
        "what does it mean if espresso is sour. how to fix",
        "Wie wird Espresso gebrüht?",
        "cómo se prepara el espresso",
        "なぜエスプレッソは苦いのですか",
        "espresso machines\nmoka pots",
        "World War II causes and consequences.",
        "Common uses of baking soda.",
        "Weather in Rome in May.",
        "Market forces and price elasticity.",
        "Complete works of Shakespeare online free.",
        "Living will vs power of attorney.",
        "Red hat linux certification cost 2024.",
        "Father and son relationship advice for parents.",
        "Best way to make sure espresso is brewed correctly.",
        'Lyrics of the song "All You Need Is Love".',
        "Foods one should eat during pregnancy.",
        "Coffee contains how much caffeine.",
        "Beer can chicken recipe with lemon herbs and garlic",
        "Free will versus determinism in modern philosophy and neuroscience",
        "Symptoms that are caused by stress.",
        "Anleitung, mit der Espresso zubereitet wird.",
        "",
    ]
    assert [text for text in queries if is_answer(text)] == []


@given(st.text())
def test_a_question_is_never_an_answer(text: str) -> None:
    question = " ".join(text.split()).translate(str.maketrans(".!?\u2026", "    ")) + "?"
    assume(not set(question) & set("\u3002\uff01\uff1f\uff0e\uff61\u2025\u2024"))
    assert not is_answer(question)


@given(st.text(), st.text())
def test_any_text_is_judged(rewrite: str, query: str) -> None:
    refused = objections_to_rewrites(query, REWRITING)
    assert refused is not None
    assert refused(rewrite) in (None, COPY, ANSWER)
    assert refused(rewrite) is not None


def test_an_earlier_rewrite_once_more_is_refused() -> None:
    refused = objections_to_rewrites("python", REWRITING)
    assert refused is not None
    said = [
        refused(text) for text in ("snake skin", "Skin, snake", "2. snake skin", "skin of snakes")
    ]
    assert said == [None, REPEATED, REPEATED, None]


@pytest.mark.parametrize("settings", [{"method": "direct"}, {"split": "parallel"}])
def test_calls_that_do_not_know_of_each_other_may_repeat_each_other(
    settings: dict[str, object],
) -> None:
    refused = objections_to_rewrites("python", REWRITING.model_copy(update=settings))
    assert refused is not None
    assert [refused(text) for text in ("snake", "snake", "Python!")] == [None, None, COPY]


def test_a_wording_of_ones_own_may_ask_for_answers_and_not_for_copies() -> None:
    refused = objections_to_rewrites("python", PromptSettings(instructions="Write a sentence."))
    assert refused is not None
    assert refused("Python is a language that is read easily.") is None
    assert refused("Python.") == COPY


def test_where_the_query_is_a_statement_so_may_rewrites_be() -> None:
    refused = objections_to_rewrites("Docker is not starting after the update.", REWRITING)
    assert refused is not None
    assert refused("The Docker daemon is failing to start since the upgrade.") is None


def test_of_hypothetical_answers_nothing_is_refused() -> None:
    settings = PromptSettings(instructions=HYPOTHETICAL_ANSWERS)
    assert objections_to_rewrites("python", settings) is None
