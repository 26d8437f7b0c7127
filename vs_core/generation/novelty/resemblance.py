"""`Resemblance`: why an answer is not new."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Resemblance(BaseModel):
    """The earlier answer that one resembles, and in what.

    Attributes:
        text: The earlier answer, as text.
        index: Its place among the accepted answers, from 0.
        how: "same": equal but for case, spaces and punctuation around it. "near": nearly the same
            words. "meaning": the vectors of an embedding model are close.
        similarity: 1 for "same", the Jaccard similarity of their wording for "near", the cosine
            for "meaning".

    Example:
        >>> from vs_core import Candidate
        >>> from vs_core.generation import Novelty
        >>> novelty = Novelty(near_duplicate=None)
        >>> novelty.admit(Candidate(value="Ohio"))
        >>> novelty.admit(Candidate(value="ohio."))
        Resemblance(text='Ohio', index=0, how='same', similarity=1.0)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    index: int = Field(ge=0)
    how: Literal["same", "near", "meaning"]
    similarity: float = Field(ge=-1.0, le=1.0, allow_inf_nan=False)
