"""`WrappingLLM`: what a model around another one passes on to it."""

from __future__ import annotations

from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import LLM
from pydantic import Field


class WrappingLLM(FunctionCallingLLM):
    """A model around another.

    Attributes:
        llm: The other model.
    """

    llm: LLM = Field(exclude=True, repr=False)
