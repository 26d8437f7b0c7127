"""LlamaIndex's templates and packing for nodes with images; older versions have none.

`core_version` has refused what needs them by the time that anything here is called.
"""
# ruff: noqa: PLC0415  # older versions have nothing to import

from __future__ import annotations

from typing import TYPE_CHECKING

from llama_index.core.llms.llm import LLM
from llama_index.core.prompts import BasePromptTemplate
from llama_index.core.settings import Settings

from vs_core import UnsuitableModelError

if TYPE_CHECKING:
    from llama_index.core.indices.prompt_helper import ChatPromptHelper


def message_templates(
    qa: BasePromptTemplate | None = None, refine: BasePromptTemplate | None = None
) -> dict[str, BasePromptTemplate]:
    """The templates that take `context_messages`, by LlamaIndex's names for them.

    Args:
        qa: For the first messages; None takes LlamaIndex's.
        refine: For further messages; likewise.
    """
    from llama_index.core.prompts.chat_prompts import (
        CHAT_CONTENT_QA_PROMPT,
        CHAT_CONTENT_REFINE_PROMPT,
    )

    return {
        "chat_content_qa_template": qa or CHAT_CONTENT_QA_PROMPT,
        "chat_content_refine_template": refine or CHAT_CONTENT_REFINE_PROMPT,
    }


def configured_chat_prompt_helper(given: ChatPromptHelper | None, llm: LLM) -> ChatPromptHelper:
    """What says how many messages fit into a prompt, as LlamaIndex's synthesizers look for it.

    Args:
        given: The user's own.
        llm: The model.
    """
    from llama_index.core.indices.prompt_helper import ChatPromptHelper

    # The public property of `Settings` would make one.
    configured = given or Settings._chat_prompt_helper  # noqa: SLF001
    return configured or ChatPromptHelper.from_llm_metadata(llm.metadata)


def require_chat(llm: LLM) -> None:
    """Refuse a model that takes no messages, and hence no images.

    Args:
        llm: The model.

    Raises:
        UnsuitableModelError: The message says what to do.
    """
    if not llm.metadata.is_chat_model:
        raise UnsuitableModelError(
            f"multimodal=True needs a chat model, and {type(llm).__name__} has "
            "is_chat_model=False: give one that takes images, or leave multimodal out"
        )
