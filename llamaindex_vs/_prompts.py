"""The instruction template as LlamaIndex's prompt access shows and replaces it."""

from __future__ import annotations

from llama_index.core.prompts import BasePromptTemplate, PromptTemplate

INSTRUCTIONS = "instructions"
"""The key of the instruction template in `get_prompts()`."""


def as_template(instructions: str) -> PromptTemplate:
    """Instructions as a template without variables; it is shown, and never formatted.

    Args:
        instructions: The text.
    """
    return PromptTemplate(instructions)


def text_of_template(template: BasePromptTemplate) -> str:
    """The instructions that a template holds, braces and all.

    Args:
        template: What a user passed to `update_prompts`.
    """
    return template.get_template()
