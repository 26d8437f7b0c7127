"""How much of a model's context the instruction takes. Pure: no I/O."""

from __future__ import annotations

import json

from llama_index.core.utilities.token_counting import TokenCounter

from vs_core import PromptSettings, instruction
from vs_core.adapters import reply_schema

# What LlamaIndex counts for a message besides its text: its role, and three more.
_TOKENS_OF_A_MESSAGE = 4


def instruction_tokens(settings: PromptSettings) -> int:
    """Tokens of what a model is told besides the prompt, as LlamaIndex estimates them.

    Args:
        settings: What is asked.
    """
    counter = TokenCounter()
    # Not as a message: LlamaIndex counts those in an event loop that it makes for each.
    tokens = counter.get_string_tokens(instruction(settings)) + _TOKENS_OF_A_MESSAGE
    if settings.shaping:
        tokens += counter.get_string_tokens(json.dumps(reply_schema(settings)))
    return tokens
