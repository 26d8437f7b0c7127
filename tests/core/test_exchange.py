"""The exchange without any framework: the shared scenarios, driven by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios import QUESTION, SCENARIOS, Said, Scenario, xml
from vs_core import NoCandidatesError, VerbalizedDistribution
from vs_core.adapters import (
    Ask,
    DictDialect,
    ExchangeSettings,
    IncomingReply,
    ReplyPiece,
    exchange,
    expect_reply,
    opening,
)

Message = dict[str, Any]
PROMPT: list[Message] = [{"role": "user", "content": QUESTION}]

SAID = '{"text": "said", "probability": 0.2}\n'
CALL = '{"text": "called", "probability": 0.1}\n'


def drive(
    scenario: Scenario, asks_made: list[Ask[Message]] | None = None
) -> VerbalizedDistribution[str]:
    script = iter(scenario.script)
    collected: VerbalizedDistribution[str] = VerbalizedDistribution()
    settings, dialect = ExchangeSettings(**scenario.settings), DictDialect()
    for asks in exchange(opening(PROMPT, settings, dialect), settings, dialect):
        for ask in asks:
            if asks_made is not None:
                asks_made.append(ask)
            reply = next(script)
            if isinstance(reply, Exception):
                ask.fail(reply)
            else:
                collected += ask.feed(_piece(reply))
            collected += ask.close()
    return collected


def _piece(reply: str | Said) -> ReplyPiece:
    said = Said(reply) if isinstance(reply, str) else reply
    return ReplyPiece(
        text=said.text,
        calls=said.calls,
        refusal=said.refusal,
        refused=said.ending == "refusal",
        truncated=said.ending == "length",
    )


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_scripted_outcome_needs_no_framework(scenario: Scenario) -> None:
    if scenario.error:
        with pytest.raises(scenario.error):
            drive(scenario)
    else:
        in_order = sorted if scenario.in_any_order else list
        assert in_order(drive(scenario).texts) == in_order(scenario.texts)


def test_an_unreadable_reply_is_carried_when_the_second_attempt_fails() -> None:
    name = "a second attempt that fails carries the first reply"
    with pytest.raises(NoCandidatesError) as failure:
        drive(next(s for s in SCENARIOS if s.name == name))
    assert failure.value.reply == "I cannot do that."
    assert "overloaded" in str(failure.value.__cause__)


def test_the_conversation_grows_by_reply_and_follow_up() -> None:
    asks: list[Ask[Message]] = []
    drive(next(s for s in SCENARIOS if s.name == "multi takes its own turn size"), asks)
    assert [m["role"] for m in asks[-1].messages] == ["system", "user", "assistant", "user"]
    assert asks[-1].messages[2]["content"] == xml("a", "b", "c")


def test_candidates_know_their_turn() -> None:
    scenario = next(s for s in SCENARIOS if s.name == "what is missing is asked for once")
    assert [candidate.turn for candidate in drive(scenario)] == [0, 0, 1]


def test_each_reply_decides_for_itself_whether_its_numbers_are_percentages() -> None:
    scenario = Scenario(
        "", (xml("a", probability="0.5"), xml("b", probability="30")), settings={"k": 2}
    )
    assert [candidate.stated for candidate in drive(scenario)] == [0.5, 0.3]


def read(reply: IncomingReply, *pieces: str) -> VerbalizedDistribution[str]:
    return sum((reply.feed(ReplyPiece(text=piece)) for piece in pieces), VerbalizedDistribution())


def test_a_single_reply_can_be_read_without_an_exchange() -> None:
    reply = expect_reply(ExchangeSettings(k=2))
    assert (read(reply, xml("a"), xml("b")) + reply.close()).texts == ["a", "b"]


def test_a_single_reply_without_candidates_can_be_refused() -> None:
    reply = expect_reply(ExchangeSettings(k=2))
    read(reply, "I cannot ", "do that.")
    reply.close()
    with pytest.raises(NoCandidatesError) as failure:
        reply.require_candidates()
    assert failure.value.reply == "I cannot do that."


def test_a_reply_reports_the_length_limit() -> None:
    reply = expect_reply(ExchangeSettings(k=1))
    reply.feed(ReplyPiece(text=xml("a"), truncated=True))
    assert reply.close().trace.truncated


@pytest.mark.parametrize(
    ("pieces", "texts"),
    [
        ([ReplyPiece(text=SAID, arguments=CALL)], ["called"]),
        ([ReplyPiece(text=SAID), ReplyPiece(arguments=CALL)], ["called"]),
        ([ReplyPiece(text=SAID)], ["said"]),
    ],
    ids=["at once", "piece by piece", "not called"],
)
def test_what_is_said_beside_the_wanted_call_counts_only_without_it(
    pieces: list[ReplyPiece], texts: list[str]
) -> None:
    reply = expect_reply(ExchangeSettings(k=2, structured_output="function_calling"))
    found: VerbalizedDistribution[str] = VerbalizedDistribution()
    for piece in pieces:
        found += reply.feed(piece)
    assert (found + reply.close()).texts == texts


@pytest.mark.parametrize(
    ("truncated", "said"), [(False, "perhaps a refusal"), (True, "a limit or a filter ended it")]
)
def test_an_empty_reply_is_called_what_it_is(*, truncated: bool, said: str) -> None:
    reply = expect_reply(ExchangeSettings(k=1))
    reply.feed(ReplyPiece(truncated=truncated))
    reply.close()
    with pytest.raises(NoCandidatesError, match=f"the reply was empty .*{said}"):
        reply.require_candidates()


def test_a_reply_can_be_kept() -> None:
    asked = ExchangeSettings(k=2, keep_replies=True)
    kept: VerbalizedDistribution[str] = VerbalizedDistribution()
    dialect, script = DictDialect(), iter((xml("a"), xml("b")))
    for asks in exchange(opening(PROMPT, asked, dialect), asked, dialect):
        for ask in asks:
            kept += ask.feed(ReplyPiece(text=next(script))) + ask.close()
    assert kept.trace.replies == (xml("a"), xml("b"))
    assert VerbalizedDistribution.model_validate_json(kept.model_dump_json()) == kept


@pytest.mark.parametrize(
    ("first", "texts"), [("I cannot do that.", ["I cannot do that."]), (" ", [])]
)
def test_half_an_answer_of_a_call_that_broke_is_never_the_whole_reply(
    first: str, texts: list[str]
) -> None:
    asked, dialect = ExchangeSettings(k=2, on_failure="whole_reply"), DictDialect()
    rounds = exchange(opening(PROMPT, asked, dialect), asked, dialect)
    for text, error in ((first, None), ("I really ca", ConnectionError("reset"))):
        (ask,) = next(rounds)
        ask.feed(ReplyPiece(text=text))
        if error:
            ask.fail(error)
        found = ask.close()
    assert found.texts == texts


@pytest.mark.parametrize("settings", [{"method": "direct"}, {"split": "parallel", "per_call": 1}])
def test_calls_with_the_same_messages_are_numbered(settings: Any) -> None:
    asked, dialect = ExchangeSettings(k=3, **settings), DictDialect()
    asks = next(exchange(opening(PROMPT, asked, dialect), asked, dialect))
    assert [ask.replica for ask in asks] == [0, 1, 2]


def test_a_call_made_again_after_a_blank_reply_is_numbered() -> None:
    asked, dialect = ExchangeSettings(k=1, max_reasks=2), DictDialect()
    rounds = exchange(opening(PROMPT, asked, dialect), asked, dialect)
    replicas = []
    for text in (" ", "I cannot.", "I will not."):
        (ask,) = next(rounds)
        replicas.append(ask.replica)
        ask.feed(ReplyPiece(text=text))
        ask.close()
    assert replicas == [0, 1, 0]


def repeats(*texts: str, **settings: Any) -> list[Any]:
    """Which of the values count as repeats of earlier ones."""
    asked, dialect = ExchangeSettings(k=len(texts), **settings), DictDialect()
    (ask,) = next(exchange(opening(PROMPT, asked, dialect), asked, dialect))
    reply = [f'{{"text": {text}, "probability": 0.1}}' for text in texts]
    found = ask.feed(ReplyPiece(text="\n".join(reply))) + ask.close()
    assert len(found) == len(texts)
    return [c.value for c in found if "repeats an earlier response" in c.repairs]


def test_the_same_words_are_a_repeat() -> None:
    for texts in (
        ("Yes", "yes."),
        ("Ohio", "**Ohio**"),
        ('\\"Hi\\"', "hi!"),
        ("New York", "new  york"),
        ("1", "1."),
    ):
        assert len(repeats(*(f'"{text}"' for text in texts))) == 1, texts


def test_other_words_or_signs_are_none() -> None:
    for texts in (
        ("C", "C++", "C#"),
        ("-5", "5"),
        (".NET", "NET"),
        ("!x", "x"),
        ("/home", "home"),
        ("A+", "A-"),
    ):
        assert repeats(*(f'"{text}"' for text in texts)) == [], texts


def test_values_of_other_types_are_no_repeats() -> None:
    assert repeats("1", '"1"', "true", "2", "2", value_schema=int | bool | str) == [2]


def test_values_count_by_all_that_is_in_them() -> None:
    lists = ('["a"]', '["A"]', '["a", "b"]', '["a"]')
    assert repeats(*lists, value_schema=list[str]) == [["a"]]
