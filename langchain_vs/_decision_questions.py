"""langchain-core's questions and answers, and the core's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from langchain_core.decisions import (
    Answer,
    Box,
    Choice,
    ChoiceAnswer,
    Noul,
    NoulAnswer,
    NoulCriteria,
    Question,
    Score,
    ScoreAnswer,
)
from pydantic import TypeAdapter, ValidationError

from langchain_vs._decision_state import Rendering
from vs_core import PromptError
from vs_core.decisions import Decision, LabelQuestion, yes_no

_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


def label_questions(questions: Any, rendering: Rendering) -> dict[str, LabelQuestion]:
    """The questions of a request, in the core's words.

    Args:
        questions: By id; also as mappings that have a question's fields.
        rendering: Renders what they say.

    Raises:
        PromptError: There is none, one is a `Box`, or one is no question.
    """
    if not isinstance(questions, Mapping) or not questions:
        raise PromptError("there is no question: give a mapping from ids to Noul, Choice or Score")
    other = next((id_ for id_ in questions if not isinstance(id_, str)), None)
    if other is not None:
        raise PromptError(f"the id {other!r} of a question is a {type(other).__name__}: give text")
    return {
        id_: _question(id_, _checked(id_, asked), rendering) for id_, asked in questions.items()
    }


def answer_to(question: LabelQuestion, decision: Decision, asked: Question) -> Answer:
    """A decision as langchain-core's own answer, which graphs can store.

    Args:
        question: The question.
        decision: What came of it.
        asked: The question as it was given.
    """
    if question.kind == "yes_no":
        return NoulAnswer(type="noul", noul=_share(decision.probabilities["yes"]))
    confidence = _share(decision.confidence)
    if question.kind == "choice":
        return ChoiceAnswer(
            type="choice",
            choice=decision.label,
            probabilities=decision.probabilities,
            confidence=confidence,
        )
    return ScoreAnswer(
        type="score",
        score=decision.expected_level,
        legend=dict(enumerate(_checked(question.id, asked).criteria)),  # type: ignore[union-attr, arg-type]
        probabilities=dict(enumerate(decision.probabilities.values())),
        confidence=confidence,
    )


def _checked(id_: str, asked: Any) -> Question:
    try:
        return _QUESTION.validate_python(asked)
    except ValidationError as error:
        wrong = error.errors()[0]["msg"]
        raise PromptError(
            f"the question {id_!r} is none: give a Noul, Choice or Score ({wrong})"
        ) from error


def _question(id_: str, asked: Question, rendering: Rendering) -> LabelQuestion:
    if isinstance(asked, Box):
        raise PromptError(
            f"the question {id_!r} is a Box, which asks for coordinates in an image; what a chat "
            "model states are probabilities of labels: ask a Noul, Choice or Score"
        )
    instructions = rendering.text(asked.instructions)
    if isinstance(asked, Noul):
        criteria = asked.criteria or NoulCriteria()
        yes, no = (_meaning(each, rendering) for each in (criteria.true, criteria.false))
        return yes_no(id_, instructions, yes, no)
    labels, kind = _labels(asked)
    try:
        return LabelQuestion(
            id=id_,
            instructions=instructions,
            labels=tuple(labels),
            descriptions=tuple(_meaning(each, rendering) for each in labels.values()),
            kind=kind,
        )
    except ValidationError as error:
        raise PromptError(
            f"the question {id_!r} cannot be asked: {error.errors()[0]['msg']}"
        ) from error


def _labels(asked: Choice | Score) -> tuple[dict[str, Any], Any]:
    if isinstance(asked, Choice):
        return asked.criteria, "choice"
    return {str(level): meaning for level, meaning in enumerate(asked.criteria)}, "score"


def _meaning(criterion: Any, rendering: Rendering) -> str | None:
    return None if criterion is None else rendering.text(criterion)


def _share(number: float) -> float:
    # Rounding is not to put it outside.
    return min(1.0, max(0.0, number))
