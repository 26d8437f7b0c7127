"""The instruction template as LlamaIndex's prompt access shows and replaces it."""

from __future__ import annotations

from llama_index.core.prompts import BasePromptTemplate, ChatPromptTemplate, PromptTemplate

INSTRUCTIONS = "instructions"
"""The key of the instruction template in `get_prompts()`."""


def as_template(instructions: str) -> PromptTemplate:
    """Instructions as a template without variables; it is shown, and never formatted.

    Args:
        instructions: The text.
    """
    return PromptTemplate(instructions)


def text_of_template(template: BasePromptTemplate) -> str | None:
    """The instructions that a template holds, braces and all; None if it is blank.

    Args:
        template: What a user passed to `update_prompts`.
    """
    if isinstance(template, ChatPromptTemplate):
        # Its own text would name the roles, and end in the assistant's.
        text = "\n\n".join(message.content or "" for message in template.message_templates)
    else:
        text = template.get_template()
    return text if text.strip() else None
