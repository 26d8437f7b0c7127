"""`VerbalizedSamplingOutputParser`: the prompting and the reading, for models of your own."""

from __future__ import annotations

from typing import Any, Literal

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.types import BaseOutputParser
from pydantic import ConfigDict, model_validator
from typing_extensions import Self

from llamaindex_vs.asking.messages import LlamaIndexDialect
from llamaindex_vs.errors import as_llama_index_error
from vs_core import PromptSettings, VerbalizedDistribution, instruction
from vs_core.adapters import DrawSettings, ReplyPiece, expect_reply, place_instruction


class VerbalizedSamplingOutputParser(PromptSettings, BaseOutputParser):
    """Adds the verbalized-sampling instruction to a prompt, and reads the reply.

    On a model, `OpenAI(output_parser=VerbalizedSamplingOutputParser(select="sample"))`, it makes
    `predict` and `apredict` answer with a draw (LlamaIndex streams through no parser). In
    `LLMTextCompletionProgram(output_cls=VerbalizedDistribution, output_parser=...)` it gives the
    distribution.

    It is one call: what is missing is not asked for again, and of the turns of `multi` it makes
    the first. For these see `VerbalizedSampler` and `VerbalizedSamplingLLM`. Around a
    `VerbalizedSamplingLLM` it has no place, as that asks for a distribution by itself.

    Takes the settings of `vs_core.PromptSettings`, except `structured_output`.

    Attributes:
        select: None gives the distribution; `sample` the text of a candidate drawn in proportion
            to the probabilities, `best` that of the most probable. A model's `output_parser` needs
            one of these, as LlamaIndex turns what is parsed into a string.
        seed: None draws afresh each time; a seed fixes *each* draw.

    Example:
        >>> from llamaindex_vs import VerbalizedSamplingOutputParser
        >>> VerbalizedSamplingOutputParser().parse("1. (0.3) heads").texts
        ['heads']
        >>> VerbalizedSamplingOutputParser(select="best").parse('{"heads": 0.6, "tails": 0.4}')
        'heads'
    """

    model_config = ConfigDict(extra="forbid")

    select: Literal["sample", "best"] | None = None
    seed: int | None = None

    @model_validator(mode="after")
    def _reply_is_a_text(self) -> Self:
        if self.shaping:
            raise ValueError(
                f"structured_output={self.structured_output!r} needs a tool in the request, and a "
                "parser sees texts only: leave it None, or take VerbalizedSampler"
            )
        return self

    def format(self, query: str) -> str:
        """The prompt with the instruction in front.

        Args:
            query: A prompt in which all variables are filled in.
        """
        return f"{instruction(self)}\n\n{query}"

    def format_messages(self, messages: list[ChatMessage]) -> list[ChatMessage]:
        """A copy of the messages with the instruction where `placement` says.

        Args:
            messages: Messages in which all variables are filled in. They stay as they are.
        """
        return place_instruction(messages, instruction(self), self.placement, LlamaIndexDialect())

    def parse(self, output: str) -> VerbalizedDistribution[Any] | str:
        """Read a reply.

        Args:
            output: The reply as the model wrote it.

        Returns:
            The distribution, or with `select` the text of one candidate.

        Raises:
            VerbalizedSamplingParserError: No candidate could be read; `reply` has the reply.
        """
        reply = expect_reply(self)
        distribution = reply.feed(ReplyPiece(text=output)) + reply.close()
        with as_llama_index_error():
            reply.require_candidates()
        if self.select is None:
            return distribution
        return DrawSettings(select=self.select, seed=self.seed).draw(distribution).text
