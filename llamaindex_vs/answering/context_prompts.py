"""The templates that put a question and its context into prompts. Pure: it calls no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.indices.prompt_helper import PromptHelper
from llama_index.core.llms.llm import LLM
from llama_index.core.prompts import BasePromptTemplate
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.settings import Settings

from llamaindex_vs.answering.multimodal import (
    configured_chat_prompt_helper,
    message_templates,
    require_chat,
)
from llamaindex_vs.answering.refinement import (
    MessageRefinement,
    Refinement,
    with_room_for_instruction,
)
from vs_core import PromptSettings
from vs_core.adapters.retrieval import require_query

if TYPE_CHECKING:
    from llama_index.core.indices.prompt_helper import ChatPromptHelper


@dataclass(frozen=True)
class Question:
    """A question and what belongs to it besides the context.

    Attributes:
        query: The question.
        answer: One to refine, if there is any.
        variables: Further variables of the templates.

    Raises:
        PromptError: The question is blank.
    """

    query: str
    answer: str | None
    variables: Mapping[str, Any]

    def __post_init__(self) -> None:
        require_query(self.query)

    @property
    def known(self) -> dict[str, Any]:
        """The variables of a template that are known before the context is."""
        return {"query_str": self.query, **self.variables}


@dataclass(frozen=True)
class ContextPrompts:
    """The templates, and what says how much of a context fits into a prompt.

    Attributes:
        text_qa_template: For the first texts.
        refine_template: For further texts.
        prompt_helper: The user's own; None takes the one that is configured, or the model's.
        chat_prompt_helper: Likewise, for messages.
        message_templates: For messages, by LlamaIndex's names for them; none without `multimodal`.
    """

    text_qa_template: BasePromptTemplate
    refine_template: BasePromptTemplate
    prompt_helper: PromptHelper | None
    chat_prompt_helper: ChatPromptHelper | None
    message_templates: Mapping[str, BasePromptTemplate] = field(default_factory=dict)

    def of_texts(
        self, question: Question, chunks: Sequence[str], llm: LLM, settings: PromptSettings
    ) -> Refinement:
        """The prompts of a question about texts.

        Args:
            question: The question.
            chunks: The context.
            llm: The model that is to be asked.
            settings: What is asked of it besides.
        """
        known = question.known
        return Refinement(
            llm,
            self.text_qa_template.partial_format(**known),
            self.refine_template.partial_format(**known),
            with_room_for_instruction(self._helper(llm), settings),
            chunks,
            question.answer,
        )

    def of_messages(
        self, question: Question, chunks: Sequence[ChatMessage], llm: LLM, settings: PromptSettings
    ) -> MessageRefinement:
        """As `of_texts`, about messages, which may have images in them."""
        known = question.known
        require_chat(llm)
        templates = self.message_templates or message_templates()
        helper = configured_chat_prompt_helper(self.chat_prompt_helper, llm)
        return MessageRefinement(
            llm,
            templates["chat_content_qa_template"].partial_format(**known),
            templates["chat_content_refine_template"].partial_format(**known),
            with_room_for_instruction(helper, settings),
            chunks,
            question.answer,
        )

    def shown(self) -> PromptDictType:
        """The templates as LlamaIndex's prompt access shows them."""
        return {
            "text_qa_template": self.text_qa_template,
            "refine_template": self.refine_template,
            **self.message_templates,
        }

    def updated(self, prompts: PromptDictType) -> ContextPrompts:
        """With other templates, as LlamaIndex's prompt access gives them.

        Args:
            prompts: Templates by name; others stay.
        """
        return replace(
            self,
            text_qa_template=prompts.get("text_qa_template", self.text_qa_template),
            refine_template=prompts.get("refine_template", self.refine_template),
            message_templates={
                name: prompts.get(name, template)
                for name, template in self.message_templates.items()
            },
        )

    def _helper(self, llm: LLM) -> PromptHelper:
        # As the base class looks for it; the public property of `Settings` would make one.
        configured = self.prompt_helper or Settings._prompt_helper  # noqa: SLF001
        return configured or PromptHelper.from_llm_metadata(llm.metadata)
