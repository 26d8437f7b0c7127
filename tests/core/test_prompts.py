"""What is sent to a model."""

from __future__ import annotations

import itertools
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from vs_core import (
    HYPOTHETICAL_ANSWERS,
    QUERY_REWRITES,
    Definition,
    Layout,
    Method,
    PromptSettings,
    instruction,
)
from vs_core.adapters import format_instructions
from vs_core.prompts.instruction import follow_up, re_ask, top_up

VERBALIZED: list[Method] = ["standard", "cot", "multi"]
IN_ONE_CALL: list[Method] = ["standard", "cot", "sequence"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
DEFINITIONS: tuple[Definition, ...] = get_args(Definition)

EXPLICIT = (
    "the estimated probability from 0.0 to 1.0 of this response given the input prompt "
    "(relative to the full distribution)"
)
NOTATION = {
    "xml": ('<response id="1">', "<text>", "<{field}>"),
    "json": ('"responses"', '"text"', '"{field}"'),
    "lines": ("1. (", "{field}"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_verbalized_prompt_names_its_notation(layout: Layout) -> None:
    for method, mark in itertools.product(VERBALIZED, NOTATION[layout]):
        settings = PromptSettings(method=method, layout=layout, definition="explicit")
        assert mark.format(field="probability") in instruction(settings), method


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_number_of_candidates_is_said_last(layout: Layout) -> None:
    for method in IN_ONE_CALL:
        asked = instruction(PromptSettings(k=7, method=method, layout=layout))
        assert asked.endswith("\nGive 7 different responses."), method


def test_one_candidate_is_asked_for_in_the_singular() -> None:
    asked = instruction(PromptSettings(k=1))
    assert asked.startswith("Generate a response to the input prompt. ")
    assert asked.endswith("\nGive 1 response.")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_form_has_a_line_for_each_response_up_to_five(layout: Layout) -> None:
    one = {"xml": "<text>...</text>", "json": '"..."', "lines": "..."}[layout]
    for method in IN_ONE_CALL:
        asked = {k: PromptSettings(k=k, method=method, layout=layout) for k in (1, 5, 20)}
        forms = {k: instruction(settings).count(one) for k, settings in asked.items()}
        around = forms[1] - 1
        assert forms == {k: around + min(k, 5) for k in asked}, method


@pytest.mark.parametrize("method", ["standard", "cot", "multi", "sequence"])
def test_json_is_asked_for_by_name_as_the_json_mode_of_providers_needs_it(method: Method) -> None:
    settings = PromptSettings(method=method, layout="json")
    assert all("JSON" in turn for turn in (instruction(settings), re_ask(settings, 5)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_request_grows_with_k_up_to_five_only(layout: Layout) -> None:
    longest = instruction(PromptSettings(k=5, layout=layout))
    assert len(instruction(PromptSettings(k=1000, layout=layout))) == len(longest) + 3


def test_the_explicit_definition_has_the_papers_words() -> None:
    assert EXPLICIT in instruction(PromptSettings())


@pytest.mark.parametrize(
    ("method", "definition"),
    [("standard", "explicit"), ("cot", "explicit"), ("multi", "confidence")],
)
def test_the_definition_follows_the_method(method: Method, definition: Definition) -> None:
    by_default = instruction(PromptSettings(method=method))
    assert by_default == instruction(PromptSettings(method=method, definition=definition))


def test_each_definition_asks_for_something_else() -> None:
    texts = {instruction(PromptSettings(definition=definition)) for definition in DEFINITIONS}
    assert len(texts) == len(DEFINITIONS)


@pytest.mark.parametrize(
    ("definition", "field"),
    [("confidence", "confidence"), ("perplexity", "perplexity"), ("nll", "nll")],
)
def test_a_number_that_is_no_probability_has_its_own_name(
    definition: Definition, field: str
) -> None:
    assert f"<{field}>" in instruction(PromptSettings(definition=definition))


def test_the_field_of_the_number_is_named_where_its_meaning_is_said() -> None:
    for definition in DEFINITIONS:
        own_name = definition in ("confidence", "perplexity", "nll")
        field = definition if own_name else "probability"
        in_words = instruction(PromptSettings(definition=definition))
        assert f" The {field} is " in in_words, definition
        shaped = PromptSettings(definition=definition, structured_output="json_schema")
        assert f' with its "{field}": ' in instruction(shaped), definition


def test_the_full_distribution_is_sampled_by_default() -> None:
    assert "Please sample at random from the full distribution." in instruction(PromptSettings())


@pytest.mark.parametrize(
    ("threshold", "written"), [(0.1, "0.10"), (0.125, "0.125"), (1e-5, "0.00001"), (1.0, "1")]
)
def test_a_tail_names_its_threshold(threshold: float, written: str) -> None:
    text = instruction(PromptSettings(max_probability=threshold))
    assert f"such that the probability of each response is less than {written}." in text


def test_a_tail_of_percentages_is_a_percentage() -> None:
    settings = PromptSettings(max_probability=0.1, definition="percentage")
    assert "less than 10%." in instruction(settings)


@pytest.mark.parametrize("method", ["direct", "sequence"])
def test_a_baseline_asks_for_no_number(method: Method) -> None:
    for layout in LAYOUTS:
        text = instruction(PromptSettings(method=method, layout=layout))
        words = ("probabilit", "confidence", "distribution", "0.12")
        assert [word for word in words if word in text] == [], layout


def test_direct_asks_for_one_response() -> None:
    assert instruction(PromptSettings(k=5, method="direct")).startswith("Generate a response to")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_cot_asks_for_reasoning_first(layout: Layout) -> None:
    text = instruction(PromptSettings(method="cot", layout=layout)).lower()
    assert text.index("reasoning") < text.index("probability")


def test_multi_asks_for_the_first_few() -> None:
    text = instruction(PromptSettings(k=5, method="multi", per_call=3))
    assert "a total of 5 responses" in text
    assert "First, sample 3 responses" in text


@pytest.mark.parametrize("method", ["standard", "direct", "sequence"])
def test_words_set_a_target_length(method: Method) -> None:
    assert "approximately 40 words" in instruction(PromptSettings(method=method, words=40))


@pytest.mark.parametrize("method", ["standard", "direct", "sequence"])
def test_own_instructions_come_first_with_braces_intact(method: Method) -> None:
    own = "Write {json: true} like $name, not like {{this}}."
    text = instruction(PromptSettings(method=method, instructions=own))
    assert text.startswith(f"{own}\n\n")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_follow_up_turns_restate_the_notation(layout: Layout) -> None:
    settings = PromptSettings(k=5, layout=layout, max_probability=0.1)
    notation = format_instructions(settings)
    turns = [follow_up(settings, 2), top_up(settings, found=2), re_ask(settings, 5)]
    assert all(notation.splitlines()[0] in turn for turn in turns)
    assert turns[2] == instruction(settings)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_re_ask_is_the_request_once_more(layout: Layout) -> None:
    every: list[dict[str, Any]] = [{"method": "cot", "words": 30}, {"max_probability": 0.1}]
    for asked in every:
        settings = PromptSettings(layout=layout, **asked)
        assert re_ask(settings, 5) == instruction(settings)


def test_a_re_ask_of_the_first_turn_of_several_asks_for_that_turn() -> None:
    asked = re_ask(PromptSettings(k=5, method="multi"), 2)
    assert asked.startswith("Generate different responses to the input prompt. ")
    assert asked.endswith("\nGive 2 different responses.")


def test_a_top_up_asks_for_what_is_missing() -> None:
    assert "Sample 3 alternative responses" in top_up(PromptSettings(k=5), found=2)


def test_a_top_up_and_a_re_ask_say_first_what_did_not_fit() -> None:
    settings = PromptSettings(k=5)
    unfit = ["answer: Field required", "should be a valid integer", "answer: Field required"]
    reasons = "3 did not match: answer: Field required (2); should be a valid integer (1). "
    asked_again = follow_up(settings, 3)
    assert top_up(settings, 2, unfit) == f"That was 2 of 5. {reasons}{asked_again}"
    assert re_ask(settings, 5, unfit) == f"{reasons}{instruction(settings)}"


SIMPLE = (
    "You are a helpful assistant. For each query, please generate a set of five possible "
    "responses, each within a separate <response> tag. Responses should each include a <text> and "
    "a numeric <probability>. Please sample at random from the "
)


def test_the_papers_simple_prompt_is_sent_word_for_word() -> None:
    asked = instruction(PromptSettings(wording="simple"))
    assert asked == f"{SIMPLE}full distribution."


def test_the_papers_tail_prompt_is_sent_word_for_word() -> None:
    asked = instruction(PromptSettings(wording="simple", max_probability=0.1))
    assert asked == (
        f"{SIMPLE}tails of the distribution, such that the probability of each response is less "
        "than 0.10."
    )


@pytest.mark.parametrize(
    ("k", "written"), [(1, "one possible response,"), (10, "ten possible"), (20, "20 possible")]
)
def test_the_papers_prompt_takes_another_number(k: int, written: str) -> None:
    assert f"a set of {written}" in instruction(PromptSettings(wording="simple", k=k))


def test_the_papers_prompt_takes_another_bound() -> None:
    asked = instruction(PromptSettings(wording="simple", max_probability=0.05))
    assert asked.endswith("the probability of each response is less than 0.05.")


def test_own_instructions_stand_in_front_of_the_papers_prompt() -> None:
    asked = instruction(PromptSettings(wording="simple", instructions="Be {brief}."))
    assert asked == f"Be {{brief}}.\n\n{SIMPLE}full distribution."


def test_further_calls_of_the_papers_prompt_ask_for_the_rest_in_tags() -> None:
    settings = PromptSettings(wording="simple", k=4, per_call=2)
    assert "a set of two possible responses" in instruction(settings)
    assert "<response" in follow_up(settings, 2)


@pytest.mark.parametrize(
    "unsaid",
    [
        {"method": "cot"},
        {"method": "multi"},
        {"layout": "json"},
        {"definition": "confidence"},
        {"words": 20},
        {"value_schema": int},
        {"structured_output": "json_schema"},
    ],
    ids=str,
)
def test_what_the_papers_prompt_does_not_say_is_refused(unsaid: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refusal:
        PromptSettings(wording="simple", **unsaid)
    [(name, value)] = unsaid.items()
    assert f"does not say {name}={value!r}: leave that out" in str(refusal.value)


@pytest.mark.parametrize("method", ["direct", "sequence"])
def test_the_baselines_have_one_wording(method: Method) -> None:
    by_default = instruction(PromptSettings(method=method, layout="json"))
    assert instruction(PromptSettings(method=method, layout="json", wording="simple")) == by_default


def test_rewrites_are_asked_for_as_search_queries_in_every_turn() -> None:
    settings = PromptSettings(k=3, instructions=QUERY_REWRITES)
    asked = "Generate different search queries for the input prompt, no answers to it."
    assert asked in instruction(settings)
    assert asked in re_ask(settings, 3)
    assert "Sample 2 alternative search queries for the original" in top_up(settings, found=1)
    turns = [instruction(settings), re_ask(settings, 3), follow_up(settings, 3)]
    assert all(turn.endswith("\nGive 3 different search queries.") for turn in turns)


def test_one_rewrite_is_asked_for_in_the_singular() -> None:
    asked = instruction(PromptSettings(k=1, instructions=QUERY_REWRITES))
    assert "Generate a search query for the input prompt" in asked
    assert asked.endswith("\nGive 1 search query.")


def test_hypothetical_answers_are_responses() -> None:
    asked = instruction(PromptSettings(instructions=HYPOTHETICAL_ANSWERS))
    assert "Generate different responses to the input prompt." in asked


@pytest.mark.parametrize(
    ("wrong", "allowed"),
    [
        ({"k": 0}, "greater than or equal to 1"),
        ({"max_probability": 0.0}, "greater than 0"),
        ({"max_probability": 1.01}, "less than or equal to 1"),
        ({"method": "standrad"}, "'standard', 'cot', 'multi', 'direct' or 'sequence'"),
        ({"layout": "yaml"}, "'xml', 'json' or 'lines'"),
        ({"wording": "paper"}, "'standard' or 'simple'"),
        ({"definition": "odds"}, "'explicit'"),
        ({"words": 0}, "greater than or equal to 1"),
        ({"per_call": 0}, "greater than or equal to 1"),
        ({"placement": "footer"}, "'system' or 'user'"),
        ({"instructions": "  "}, "instructions is blank"),
        ({"max_probabilty": 0.1}, "not permitted"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_bad_setting_is_refused_by_name(wrong: dict[str, Any], allowed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        PromptSettings(**wrong)
    message = str(refusal.value)
    name, value = next(iter(wrong.items()))
    assert name in message
    assert allowed in message
    assert repr(value) in message
