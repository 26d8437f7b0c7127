"""A context that may be longer than one prompt, prompt by prompt. Pure: it calls no model.

LlamaIndex's own `Refine` makes every call itself, the last one included.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.indices.prompt_helper import PromptHelper
from llama_index.core.llms.llm import LLM
from llama_index.core.prompts import BasePromptTemplate
from llama_index.core.prompts.prompt_utils import get_biggest_prompt

from llamaindex_vs._room import instruction_tokens
from vs_core import PromptSettings, UnsuitableModelError

# What LlamaIndex's Refine leaves for the answer that the next chunk refines.
_ROOM_FOR_ANSWER = 500


class FilledPrompt(NamedTuple):
    """A template and a chunk of the context for it."""

    template: BasePromptTemplate
    variables: dict[str, str]

    def messages(self, llm: LLM) -> list[ChatMessage]:
        """The messages for a model."""
        return self.template.format_messages(llm=llm, **self.variables)


class Refinement:
    """Gives the prompts of one question, each with as much of its context as fits.

    All but the last are for plain calls: `while more`, send a prompt and `take` the answer, which
    the next prompt asks to refine.

    Args:
        llm: The model that is to be asked.
        text_qa: The template for the first chunk; it has its query already.
        refine: The template for further chunks; likewise.
        prompt_helper: Says how much fits.
        chunks: The context.
        answer: One to start from, if there is any.
    """

    def __init__(
        self,
        llm: LLM,
        text_qa: BasePromptTemplate,
        refine: BasePromptTemplate,
        prompt_helper: PromptHelper,
        chunks: Sequence[str],
        answer: str | None,
    ) -> None:
        self.llm = llm
        self._text_qa = text_qa
        self._refine = refine
        self._helper = prompt_helper
        self._answer = answer
        self._pending = deque(self._packed(chunks))

    @property
    def more(self) -> bool:
        """Whether another prompt must follow the last one given."""
        return bool(self._pending)

    def next_prompt(self) -> FilledPrompt:
        """The next prompt."""
        template, variable = self._template()
        # An answer longer than expected leaves less room for the chunk.
        chunk, *rest = self._helper.repack(template, [self._pending.popleft()], llm=self.llm)
        self._pending.extendleft(reversed(rest))
        return FilledPrompt(template, {variable: chunk})

    def take(self, answer: str) -> None:
        """Go on from an answer; a blank one changes nothing, as in LlamaIndex."""
        self._answer = answer or self._answer

    def _packed(self, chunks: Sequence[str]) -> list[str]:
        template, _ = self._template()
        packed = self._helper.repack(template, chunks, llm=self.llm)
        if len(packed) == 1:
            return packed
        largest = get_biggest_prompt([self._text_qa, self._refine])
        return self._helper.repack(largest, chunks, llm=self.llm, padding=_ROOM_FOR_ANSWER)

    def _template(self) -> tuple[BasePromptTemplate, str]:
        if self._answer is None:
            return self._text_qa, "context_str"
        return self._refine.partial_format(existing_answer=self._answer), "context_msg"


def with_room_for_instruction(helper: PromptHelper, settings: PromptSettings) -> PromptHelper:
    """A copy that leaves room for what is asked of the model besides the prompt.

    Args:
        helper: Says how much fits.
        settings: What is asked.

    Raises:
        UnsuitableModelError: Nothing else would fit.
    """
    taken = instruction_tokens(settings)
    room = helper.context_window - taken
    if room <= helper.num_output:
        raise UnsuitableModelError(
            f"the instruction takes {taken} tokens and the reply {helper.num_output}, and the "
            f"context window has {helper.context_window}: shorten instructions or value_schema, "
            "or give a prompt_helper with a larger context_window"
        )
    return helper.model_copy(update={"context_window": room})
