"""Answering with one draw, as a model around another model does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vs_core.values.candidate import Candidate
from vs_core.values.distribution import VerbalizedDistribution

_WORD = re.compile(r"\s*\S+\s*|\s+")

_STRUCTURE = (
    "tools",
    "functions",
    "response_format",
    "response_schema",
    "output_format",
    "format",
)
"""Request parameters of the usual providers that ask for tool calls or structured output."""


class DrawSettings(BaseModel):
    """How the one answer is chosen.

    Attributes:
        select: `sample` draws in proportion to the probabilities, `best` takes the most probable.
        seed: None draws afresh each time; a seed fixes *each* draw.
        uniform: Give every candidate the same chance.
        draw_temperature: Draw from p^(1/draw_temperature): below 1 sharper, above 1 flatter.

    Example:
        >>> from vs_core import parse_reply
        >>> from vs_core.adapters import DrawSettings
        >>> DrawSettings(select="best").draw(parse_reply('{"heads": 0.6, "tails": 0.4}')).text
        'heads'
    """

    model_config = ConfigDict(extra="forbid")

    select: Literal["sample", "best"] = "sample"
    seed: int | None = None
    uniform: bool = False
    draw_temperature: float = Field(default=1.0, gt=0.0, allow_inf_nan=False)

    def draw(self, distribution: VerbalizedDistribution[Any]) -> Candidate[Any]:
        """The candidate to answer with.

        Args:
            distribution: What there is to choose from.

        Raises:
            EmptyDistributionError: There is nothing.
        """
        if self.select == "best":
            return distribution.best()
        return distribution.sample(
            seed=self.seed, uniform=self.uniform, temperature=self.draw_temperature
        )


def requests_structure(parameters: Mapping[str, Any]) -> bool:
    """Whether a request to a model asks for tool calls or structured output.

    Args:
        parameters: The request's parameters, as the usual providers name them.

    Example:
        >>> from vs_core.adapters import requests_structure
        >>> requests_structure({"temperature": 1.0, "response_format": {"type": "json_object"}})
        True
    """
    return any(parameters.get(name) for name in _STRUCTURE)


def in_words(text: str) -> list[str]:
    """A text in pieces of a word, for a stream; joined, the pieces are the text.

    Args:
        text: Any text.

    Example:
        >>> from vs_core.adapters import in_words
        >>> in_words("Why decaf?  Why not.")
        ['Why ', 'decaf?  ', 'Why ', 'not.']
    """
    return _WORD.findall(text)
