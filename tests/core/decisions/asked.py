"""Questions of the tests, and what becomes of them with a scripted model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from vs_core import VerbalizedDistribution
from vs_core.adapters import Ask, DictDialect, ReplyPiece, read_reply, run_rounds
from vs_core.adapters.decisions import (
    DecisionSettings,
    decision_rounds,
    decisions_of,
    names_in_reply,
    state_prompt,
)
from vs_core.decisions import Decision, LabelQuestion, yes_no
from vs_core.parsing.decisions.reading import StatedLabels, read_labels

Message = dict[str, Any]
Scripted = str | ReplyPiece | Exception

INTENT = LabelQuestion(
    id="intent", instructions="What is it about?", labels=("billing", "technical", "other")
)
URGENT = yes_no("urgent", "Does it need an answer today?")
ANGER = LabelQuestion(id="anger", instructions="How angry?", labels=("0", "1", "2"), kind="score")


def choice(*labels: str, id: str = "intent") -> LabelQuestion:
    """A question with some labels."""
    return LabelQuestion(id=id, instructions="Which one is it?", labels=labels)


def asked_form(labels: dict[str, Any], name: str = "intent") -> str:
    """The form in which a model is asked to answer."""
    return json.dumps({name: [{"label": x, "probability": p} for x, p in labels.items()]})


def read(reply: str, *questions: LabelQuestion, truncated: bool | None = None) -> StatedLabels:
    """What a reply states of some questions."""
    return read_labels(reply, names_in_reply(questions), truncated=truncated)


def numbers(reply: str, *questions: LabelQuestion) -> dict[str, dict[str, float]]:
    """The numbers that a reply states."""
    return read(reply, *questions).numbers


def reasons(stated: StatedLabels) -> dict[str, str]:
    """What was left out, and why."""
    return {dropped.fragment: dropped.reason for dropped in stated.dropped}


class Exchange:
    """A request to a model whose replies are scripted.

    Args:
        questions: What is asked.
        script: The replies and errors, in the order of the calls.
        state: The input.
        n: How many calls are asked the same.
        settings: Further settings.
    """

    def __init__(
        self,
        questions: Sequence[LabelQuestion],
        script: Sequence[Scripted],
        *,
        state: str = "I was charged twice!",
        n: int = 1,
        **settings: Any,
    ) -> None:
        self.asks: list[Ask[Message]] = []
        self.script = iter(script)
        self.questions = names_in_reply(questions)
        dialect = DictDialect()
        options = {"structured_output": None, **settings}
        self.rounds = decision_rounds(
            [dialect.user(state_prompt(state))],
            self.questions,
            DecisionSettings(**options).exchange(),
            dialect,
            n,
        )

    def call(self, ask: Ask[Message]) -> ReplyPiece:
        """The next reply, or error, of the script."""
        self.asks.append(ask)
        said = next(self.script)
        if isinstance(said, Exception):
            raise said
        return ReplyPiece(text=said) if isinstance(said, str) else said

    def run(self) -> VerbalizedDistribution[Any]:
        """All that is read."""
        return run_rounds(self.rounds, self.call, read_reply, workers=1)

    def decide(self) -> Mapping[str, Decision]:
        """The decisions."""
        return decisions_of(self.run(), self.questions)

    def sent(self, call: int) -> list[tuple[str, str]]:
        """Role and text of the messages of a call."""
        return [(m["role"], m["content"]) for m in self.asks[call].messages]
