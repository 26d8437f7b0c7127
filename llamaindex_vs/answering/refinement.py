"""A context that may be longer than one prompt, prompt by prompt. Pure: it calls no model.

LlamaIndex's own `Refine` makes every call itself, the last one included.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.indices.prompt_helper import PromptHelper
from llama_index.core.llms.llm import LLM
from llama_index.core.prompts import BasePromptTemplate
from llama_index.core.prompts.prompt_utils import get_biggest_prompt

from llamaindex_vs.asking.instruction_tokens import instruction_tokens
from vs_core import PromptSettings, UnsuitableModelError

if TYPE_CHECKING:
    from llama_index.core.indices.prompt_helper import ChatPromptHelper

Helper = TypeVar("Helper", PromptHelper, "ChatPromptHelper")

# What LlamaIndex's Refine leaves for the answer that the next chunk refines.
_ROOM_FOR_ANSWER = 500


class FilledPrompt(NamedTuple):
    """A template and a chunk of the context for it."""

    template: BasePromptTemplate
    variables: dict[str, Any]

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
        prompt_helper: PromptHelper | ChatPromptHelper,
        chunks: Sequence[Any],
        answer: str | None,
    ) -> None:
        self.llm = llm
        self._text_qa = text_qa
        self._refine = refine
        # Each kind of helper packs its kind of chunk.
        self._helper: Any = prompt_helper
        self._answer = answer
        self._pending = deque(self._packed(chunks))

    @property
    def more(self) -> bool:
        """Whether another prompt must follow the last one given."""
        return bool(self._pending)

    def next_prompt(self) -> FilledPrompt:
        """The next prompt."""
        template, pending = self._template(), [self._pending.popleft()]
        # An answer longer than expected leaves less room for the chunk.
        chunk, *rest = self._helper.repack(template, pending, llm=self.llm) or pending
        self._pending.extendleft(reversed(rest))
        return FilledPrompt(template, self._variables(chunk))

    def take(self, answer: str) -> None:
        """Go on from an answer; a blank one changes nothing, as in LlamaIndex."""
        self._answer = answer or self._answer

    def _packed(self, chunks: Sequence[Any]) -> list[Any]:
        packed = list(self._helper.repack(self._template(), chunks, llm=self.llm))
        if len(packed) == 1:
            return packed
        largest = get_biggest_prompt([self._text_qa, self._refine])
        return list(self._helper.repack(largest, chunks, llm=self.llm, padding=_ROOM_FOR_ANSWER))

    def _template(self) -> BasePromptTemplate:
        if self._answer is None:
            return self._text_qa
        return self._refine.partial_format(existing_answer=self._answer)

    def _variables(self, chunk: Any) -> dict[str, Any]:
        return {"context_str" if self._answer is None else "context_msg": chunk}


class MessageRefinement(Refinement):
    """As `Refinement`, for a context of messages, which may have images in them."""

    def _packed(self, chunks: Sequence[ChatMessage]) -> list[ChatMessage]:
        # Of messages without content the helper leaves none; the question is asked all the same.
        return super()._packed(chunks) or [ChatMessage(blocks=[])]

    def _variables(self, chunk: ChatMessage) -> dict[str, Any]:
        return {"context_messages": [chunk]}


def with_room_for_instruction(helper: Helper, settings: PromptSettings) -> Helper:
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
