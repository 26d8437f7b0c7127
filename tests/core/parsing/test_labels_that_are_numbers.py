"""Labels that are numbers are told apart from the numbers beside them."""

from __future__ import annotations

from tests.every import for_every
from vs_core.adapters import DictDialect, ReplyPiece, read_reply, run_rounds
from vs_core.adapters.decisions import (
    DecisionSettings,
    decision_rounds,
    decisions_of,
    names_in_reply,
    state_prompt,
)
from vs_core.decisions import LabelQuestion

LEVELS = LabelQuestion(id="route", instructions="Which?", labels=("1", "2", "3"))


def stated(*replies: str) -> dict[str, float]:
    """What is read of some replies, of which each asks again for what the last left open."""
    dialect, questions, script = DictDialect(), names_in_reply([LEVELS]), iter(replies)
    settings = DecisionSettings(structured_output=None, max_reasks=len(replies) - 1).exchange()
    rounds = decision_rounds([dialect.user(state_prompt("?"))], questions, settings, dialect)
    found = run_rounds(rounds, lambda _: ReplyPiece(text=next(script)), read_reply)
    return decisions_of(found, questions)["route"].stated


@for_every(
    "reply",
    [
        "1: 0.7\n2: 0.2\n3: 0.1",
        "1 (0.7), 2 (0.2), 3 (0.1)",
        "**1** - 70%, **2** - 20%, **3** - 10%",
        "P(1) = 0.7, P(2) = 0.2, P(3) = 0.1",
        "1. 1: 0.7\n2. 2: 0.2\n3. 3: 0.1",
        "1. 3: 0.1\n2. 1: 0.7\n3. 2: 0.2",
        "| 1 | 0.7 |\n| 2 | 0.2 |\n| 3 | 0.1 |",
    ],
)
def test_a_number_that_is_joined_to_a_label_is_read(reply: str) -> None:
    assert stated(reply) == {"1": 0.7, "2": 0.2, "3": 0.1}


@for_every(
    "reply",
    [
        "[0.7, 0.2, 0.1]",
        '{"route": [0.7, 0.2, 0.1]}',
        "0.7, 0.2, 0.1",
        "1. 0.7\n2. 0.2\n3. 0.1",
        "Of the 3 choices 1 2 3 are equal.",
        "There are 2, 3 of them at least.",
    ],
)
def test_numbers_that_name_no_label_are_not_guessed_at(reply: str) -> None:
    assert stated(reply, '{"route": {"2": 1}}') == {"2": 1.0}
