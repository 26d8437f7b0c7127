"""What LlamaIndex's messages and replies become, however an integration writes them."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ImageBlock,
    MessageRole,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
)

from llamaindex_vs.asking.messages import LlamaIndexDialect
from llamaindex_vs.asking.replies import DeltaReader, read_response, text_of
from tests.every import for_every
from vs_core.adapters import ReplyPiece

PIXEL = "data:image/png;base64,iVBORw0KGgo="
DIALECT = LlamaIndexDialect()


class FinishReason(enum.Enum):
    STOP = "STOP"
    MAX_TOKENS = "MAX_TOKENS"


def said(*blocks: Any, **additional: Any) -> ChatMessage:
    return ChatMessage(
        role=MessageRole.ASSISTANT, blocks=list(blocks), additional_kwargs=additional
    )


def text(words: str) -> TextBlock:
    return TextBlock(text=words)


def call(arguments: Any) -> ToolCallBlock:
    return ToolCallBlock(tool_name="give_responses", tool_kwargs=arguments)


def reply(raw: Any = None, **additional: Any) -> ChatResponse:
    return ChatResponse(message=said(text("Hi")), raw=raw, additional_kwargs=additional)


# --- messages -------------------------------------------------------------------------------------


@for_every(
    ("role", "expected"),
    [
        (MessageRole.SYSTEM, "system"),
        (MessageRole.DEVELOPER, "system"),
        (MessageRole.USER, "user"),
        (MessageRole.ASSISTANT, "assistant"),
        (MessageRole.CHATBOT, "assistant"),
        (MessageRole.MODEL, "assistant"),
        (MessageRole.TOOL, "tool"),
    ],
)
def test_roles_are_told_in_the_cores_words(role: MessageRole, expected: str) -> None:
    assert DIALECT.role(ChatMessage(role=role, content="")) == expected


@for_every(
    ("blocks", "expected"),
    [
        ([], [text("before  after")]),
        ([text("")], [text("before  after")]),
        ([text("it")], [text("before it after")]),
        ([text("a"), text("b")], [text("before "), text("a"), text("b"), text(" after")]),
    ],
    ids=["nothing", "blank", "one text", "two texts"],
)
def test_text_is_put_around_text(blocks: list[Any], expected: list[Any]) -> None:
    message = ChatMessage(blocks=blocks)
    assert DIALECT.joined(message, before="before ", after=" after").blocks == expected


def test_texts_beside_each_other_stay_apart_in_clients_that_put_them_together() -> None:
    joined = DIALECT.joined(ChatMessage(blocks=[text("a"), text("b")]), after="\n\nlast")
    assert "".join(block.text for block in joined.blocks if isinstance(block, TextBlock)) == (
        "ab\n\nlast"
    )


def test_a_text_beside_an_image_has_no_line_breaks_of_its_own() -> None:
    image = ImageBlock(url=PIXEL)
    joined = DIALECT.joined(ChatMessage(blocks=[image]), before="first\n\n")
    assert joined.blocks == [text("first"), image]


def test_what_belongs_to_a_message_stays_with_it() -> None:
    message = ChatMessage(role=MessageRole.SYSTEM, content="it", additional_kwargs={"name": "Ann"})
    joined = DIALECT.joined(message, after=" after")
    assert (joined.role, joined.additional_kwargs) == (message.role, message.additional_kwargs)


def test_a_message_says_its_text_and_what_it_calls() -> None:
    message = said(ThinkingBlock(content="hm"), text("Sure: "), call('{"a": 1}'), call({"b": "ü"}))
    assert text_of(message) == 'Sure: {"a": 1}{"b": "ü"}'


@pytest.mark.parametrize("arguments", [None, "", {}], ids=repr)
def test_a_call_without_arguments_says_nothing(arguments: Any) -> None:
    assert not text_of(said(tool_calls=[{"function": {"arguments": arguments}}]))


def test_arguments_that_are_no_json_are_written_all_the_same() -> None:
    assert text_of(said(call({"a": FinishReason.STOP}))) == '{"a": "FinishReason.STOP"}'


# --- whole replies --------------------------------------------------------------------------------

COUNTS = {
    "openai": {"raw": {"usage": {"prompt_tokens": 7, "completion_tokens": 3}}},
    "anthropic": {"raw": {"usage": SimpleNamespace(input_tokens=7, output_tokens=3)}},
    "gemini": {"raw": {"usage_metadata": {"prompt_token_count": 7, "candidates_token_count": 3}}},
    "ollama": {"raw": {"prompt_eval_count": 7, "eval_count": 3}},
    "objects": {
        "raw": SimpleNamespace(usage=SimpleNamespace(prompt_tokens=7, completion_tokens=3))
    },
    "additional": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
}


@for_every("given", COUNTS.values(), ids=COUNTS.keys())
def test_tokens_are_found_where_integrations_report_them(given: dict[str, Any]) -> None:
    piece = read_response(reply(**given))
    assert (piece.input_tokens, piece.output_tokens) == (7, 3)


def test_tokens_of_a_completion_are_found_in_its_message() -> None:
    message = said(text("Hi"), prompt_tokens=7, completion_tokens=3)
    piece = read_response(ChatResponse(message=message))
    assert (piece.input_tokens, piece.output_tokens) == (7, 3)


@for_every("raw", [None, "text", 7, [], {"usage": None}, {"usage": {}}], ids=repr)
def test_a_reply_that_reports_nothing_is_read_as_text(raw: Any) -> None:
    assert read_response(reply(raw)) == ReplyPiece(text="Hi")


FINISHED: dict[str, dict[str, Any]] = {
    "openai": {"raw": {"choices": [{"finish_reason": "length"}]}},
    "objects": {"raw": SimpleNamespace(choices=[SimpleNamespace(finish_reason="length")])},
    "anthropic": {"raw": {"stop_reason": "max_tokens"}},
    "gemini": {"raw": {"finish_reason": FinishReason.MAX_TOKENS}},
    "ollama": {"raw": {"done_reason": "length"}},
    "additional": {"finish_reason": "length"},
}


@for_every("given", FINISHED.values(), ids=FINISHED.keys())
def test_a_reply_cut_by_its_length_limit_is_marked(given: dict[str, Any]) -> None:
    assert read_response(reply(**given)).truncated


@for_every("reason", ["stop", "tool_calls", None, FinishReason.STOP])
def test_a_reply_that_ended_by_itself_is_not_marked(reason: Any) -> None:
    assert not read_response(reply({"choices": [{"finish_reason": reason}]})).truncated


def test_the_models_name_is_found() -> None:
    assert read_response(reply({"model": "gpt-x"})).model == "gpt-x"
    assert read_response(reply(SimpleNamespace(model="gpt-x"))).model == "gpt-x"
    assert read_response(reply({"model": object()})).model is None


# --- streams --------------------------------------------------------------------------------------


def read(responses: Iterable[ChatResponse]) -> tuple[list[str], ReplyPiece]:
    """What each part added, and what was told at the end."""
    reader = DeltaReader()
    pieces = [reader.read(response) for response in responses]
    return [piece.text + piece.arguments for piece in pieces], reader.end()


def growing(*texts: str, deltas: bool) -> list[ChatResponse]:
    """A message that grows, with or without deltas."""
    shown = ["".join(texts[:end]) for end in range(1, len(texts) + 1)]
    return [
        ChatResponse(message=said(text(whole)), delta=delta if deltas else None)
        for whole, delta in zip(shown, texts, strict=True)
    ]


@pytest.mark.parametrize("deltas", [True, False])
def test_a_stream_is_read_part_by_part(deltas: bool) -> None:
    assert read(growing("1", "2 ", "2", deltas=deltas)) == (["1", "2 ", "2"], ReplyPiece())


def test_a_message_behind_empty_deltas_is_read_at_the_end() -> None:
    parts = [ChatResponse(message=said(text(whole)), delta="") for whole in ("1", "12", "123")]
    assert read(parts) == (["", "", ""], ReplyPiece(text="123"))


def test_deltas_without_a_message_are_enough() -> None:
    parts = [ChatResponse(message=said(), delta=delta) for delta in "abc"]
    assert read(parts) == (["a", "b", "c"], ReplyPiece())


def test_a_last_part_with_another_message_adds_nothing() -> None:
    parts = [*growing("ab", "c", deltas=True), ChatResponse(message=said(text("c")), delta="")]
    assert read(parts) == (["ab", "c", ""], ReplyPiece())


def test_arguments_are_read_as_they_grow() -> None:
    parts = [ChatResponse(message=said(call('{"a": 1}'[:end])), delta="") for end in (2, 5, 8)]
    assert read(parts) == (['{"', 'a":', " 1}"], ReplyPiece())


def test_arguments_are_read_behind_a_text() -> None:
    parts = [
        ChatResponse(message=said(text("Now: ")), delta="Now: "),
        ChatResponse(message=said(text("Now: "), call('{"a"')), delta=""),
        ChatResponse(message=said(text("Now: "), call('{"a": 1}')), delta=""),
    ]
    assert read(parts) == (["Now: ", '{"a"', ": 1}"], ReplyPiece())


def test_parsed_arguments_are_read_once_at_the_end() -> None:
    parts = [
        ChatResponse(message=said(call(a)), delta="") for a in ({}, {"a": 1}, {"a": 1, "b": 2})
    ]
    assert read(parts) == (["", "", ""], ReplyPiece(arguments='{"a": 1, "b": 2}'))


def test_arguments_that_were_written_are_not_read_again_when_parsed() -> None:
    parts = [
        ChatResponse(message=said(call('{"a":1}')), delta=""),
        ChatResponse(message=said(call({"a": 1})), delta=""),
    ]
    assert read(parts) == (['{"a":1}', ""], ReplyPiece())


def test_what_a_stream_reports_is_told_once_at_its_end() -> None:
    parts = growing("1", "2", deltas=True)
    parts[0].raw = {"model": "gpt-x", "usage": {"prompt_tokens": 7, "completion_tokens": 1}}
    parts[1].raw = {"choices": [{"finish_reason": "length"}], "usage": {"completion_tokens": 3}}
    assert read(parts) == (
        ["1", "2"],
        ReplyPiece(model="gpt-x", input_tokens=7, output_tokens=3, truncated=True),
    )


def test_an_empty_stream_says_nothing() -> None:
    assert read([]) == ([], ReplyPiece())


# --- refusals and other tools' calls --------------------------------------------------------------

NO = "I can't help with that."
RESPONSE = SimpleNamespace(
    output=[SimpleNamespace(content=[SimpleNamespace(type="refusal", refusal=NO)])]
)


@for_every(
    "raw",
    [
        {"choices": [{"message": {"refusal": NO}}]},
        SimpleNamespace(choices=[SimpleNamespace(message=SimpleNamespace(refusal=NO))]),
        RESPONSE,
        SimpleNamespace(response=RESPONSE),
    ],
    ids=["mapping", "object", "OpenAI's Responses", "its last event"],
)
def test_the_words_of_a_refusal_are_found_where_clients_leave_them(raw: Any) -> None:
    assert read_response(reply(raw)).refusal == NO


@pytest.mark.parametrize("raw", [{"stop_reason": "refusal"}, {"finish_reason": "SAFETY"}])
def test_a_refusal_without_words_is_known_by_how_the_reply_ended(raw: Any) -> None:
    assert read_response(reply(raw)).refused


def refusing(*pieces: str) -> str:
    reader = DeltaReader()
    for piece in pieces:
        raw = {"choices": [{"delta": {"refusal": piece}}]}
        reader.read(ChatResponse(message=said(), delta="", raw=raw))
    return reader.end().refusal


def test_a_refusal_is_put_together_whether_it_comes_in_pieces_or_grows() -> None:
    assert refusing("I can't", " help", " with that.") == NO
    assert refusing("I can't", "I can't help", NO, NO) == NO


def test_calls_of_other_tools_are_told_apart() -> None:
    other = ToolCallBlock(tool_name="search", tool_kwargs={"query": "coffee"})
    piece = read_response(ChatResponse(message=said(call('{"responses": []}'), other)))
    assert piece.arguments == '{"responses": []}'
    assert [(c.name, c.arguments) for c in piece.calls] == [("search", '{"query": "coffee"}')]


def test_calls_that_older_integrations_put_elsewhere_are_told_apart_too() -> None:
    calls = [{"function": {"name": "search", "arguments": "{}"}}, {"name": "find", "input": {}}]
    piece = read_response(ChatResponse(message=said(text("Hi"), tool_calls=calls)))
    assert ([c.name for c in piece.calls], piece.arguments) == (["search", "find"], "")
