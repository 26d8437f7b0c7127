"""`LabelQuestion`: a question whose answer is one of a few labels."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import Self

QuestionKind = Literal["yes_no", "choice", "score"]
"""Which kind of labels a question has: yes and no, any, or levels in ascending order."""

YES, NO = "yes", "no"


class LabelQuestion(BaseModel):
    """A question about some input, with the labels of which one is the answer.

    Attributes:
        id: What its answer is called in the result.
        instructions: The whole question; plain text.
        labels: The labels, in the order in which a model is shown them. Each is different from
            the others; labels that differ in case or punctuation alone are told apart only if a
            model writes them word for word.
        descriptions: What each label means; empty, or as many as there are labels, None where
            there is nothing to say.
        kind: `choice`; `yes_no` for the labels "yes" and "no"; `score` for levels in order.

    Raises:
        pydantic.ValidationError: There is no label, two are equal, or one is blank; the
            descriptions are not as many as the labels; or the labels of a question of the kind
            `yes_no` are others than yes and no.

    Example:
        >>> from vs_core.decisions import LabelQuestion
        >>> LabelQuestion(id="team", instructions="Which team?", labels=("sales", "support")).kind
        'choice'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    instructions: str
    labels: tuple[str, ...] = Field(min_length=1)
    descriptions: tuple[str | None, ...] = ()
    kind: QuestionKind = "choice"

    @model_validator(mode="after")
    def _labels_are_told_apart(self) -> Self:
        twice = next((label for label, n in Counter(self.labels).items() if n > 1), None)
        if twice is not None:
            raise ValueError(f"the labels of {self.id!r} hold {twice!r} twice: name each once")
        if not all(map(str.strip, self.labels)):
            raise ValueError(f"a label of {self.id!r} is blank: give each a name")
        if self.descriptions and len(self.descriptions) != len(self.labels):
            raise ValueError(
                f"{self.id!r} has {len(self.labels)} labels and {len(self.descriptions)} "
                "descriptions: give one for each label, None where there is nothing to say"
            )
        if self.kind == "yes_no" and {*self.labels} != {YES, NO}:
            raise ValueError(
                f"{self.id!r} is of the kind yes_no, and its labels are {self.labels}: name them "
                "yes and no, or make it a choice"
            )
        return self

    def described(self) -> list[tuple[str, str | None]]:
        """Each label with what it means, None where nothing is said.

        Example:
            >>> from vs_core.decisions import LabelQuestion
            >>> LabelQuestion(id="team", instructions="Which team?", labels=("sales",)).described()
            [('sales', None)]
        """
        return list(zip(self.labels, self.descriptions or (None,) * len(self.labels), strict=True))


def yes_no(
    id: str,  # as the field is called
    instructions: str,
    yes: str | None = None,
    no: str | None = None,
) -> LabelQuestion:
    """A question that is answered by yes or no.

    Args:
        id: What its answer is called.
        instructions: The whole question.
        yes: What yes means, if that needs saying.
        no: What no means.

    Example:
        >>> from vs_core.decisions import yes_no
        >>> yes_no("urgent", "Is it urgent?").labels
        ('yes', 'no')
    """
    return LabelQuestion(
        id=id, instructions=instructions, labels=(YES, NO), descriptions=(yes, no), kind="yes_no"
    )
