"""`Candidate`: one response of a verbalized distribution."""

from __future__ import annotations

import json
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

T = TypeVar("T")

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)
_SOURCES_OF_WEIGHT = ("stated", "raw_probability", "weight")


class Candidate(BaseModel, Generic[T]):
    """One response, with the probability the model stated for it.

    `Candidate[T]` is for typing and for validating JSON; components return the plain class.

    Attributes:
        value: The response: text, or the object it was validated to.
        probability: Its share of the distribution it belongs to, a fraction; the probabilities
            of one distribution sum to 1. Outside of a distribution it means nothing.
        stated: The number the model wrote, read as a fraction (for the definitions `nll` and
            `perplexity`: as it stands). None if there was none, or none that could be used.
        raw_probability: That number as written (`"12 %"`).
        reasoning: The reasoning the model gave before answering (method `cot`).
        repairs: What had to be mended to read this candidate, in plain words.
        weight: Unnormalised weight, once a transform has changed it; None while the stated
            number decides.
        turn: Which reply of the exchange it came from, 0 for the first.

    Example:
        >>> from vs_core import Candidate
        >>> joke = Candidate(value="Decaf? I'm out.", stated=0.12, raw_probability="12%")
        >>> joke.text, joke.stated
        ("Decaf? I'm out.", 0.12)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: T
    probability: float = Field(default=0.0, ge=0.0, le=1.0, allow_inf_nan=False)
    stated: float | None = Field(default=None, ge=0.0, allow_inf_nan=False)
    raw_probability: str | None = None
    reasoning: str | None = None
    repairs: tuple[str, ...] = ()
    weight: float | None = Field(default=None, ge=0.0, allow_inf_nan=False)
    turn: int = Field(default=0, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _probability_alone_is_the_weight(cls, data: Any) -> Any:
        # A candidate written by hand as Candidate(value=..., probability=0.7) means what it says.
        if (
            isinstance(data, dict)
            and "probability" in data
            and not any(name in data for name in _SOURCES_OF_WEIGHT)
        ):
            return {**data, "weight": data["probability"]}
        return data

    @property
    def text(self) -> str:
        """The value as text: itself if it is a string, or written as one in JSON, else JSON.

        Example:
            >>> from vs_core import Candidate
            >>> Candidate(value={"name": "Bean there"}).text
            '{"name": "Bean there"}'
        """
        if type(self.value) is str:
            return str(self.value)
        if isinstance(self.value, BaseModel):
            return self.value.model_dump_json()
        written = _ANYTHING.dump_python(self.value, mode="json", fallback=str)
        return written if isinstance(written, str) else json.dumps(written, ensure_ascii=False)
