"""Placing the instruction in a prompt, as a run of its own in front of the model's."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.prompt_values import ChatPromptValue, PromptValue
from langchain_core.runnables import Runnable, RunnableConfig

from langchain_vs._convert import LangChainDialect, to_messages
from vs_core import PromptSettings
from vs_core.adapters import opening


def placed(prompt: LanguageModelInput, settings: PromptSettings) -> PromptValue:
    """The prompt with the instruction in its place.

    Args:
        prompt: What a model takes.
        settings: What is asked.

    Raises:
        PromptError: The prompt is empty, None, or of a kind no model takes.
    """
    return ChatPromptValue(messages=opening(to_messages(prompt), settings, LangChainDialect()))


class InstructionPlacing(Runnable[LanguageModelInput, PromptValue]):
    """Puts the instruction in its place, by settings that have been validated already."""

    name = "VerbalizedSamplingPrompt"

    def __init__(self, settings: PromptSettings) -> None:
        self._settings = settings

    def invoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> PromptValue:
        """The prompt with the instruction in its place."""
        return self._call_with_config(self._place, input, config, run_type="prompt")

    async def ainvoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> PromptValue:
        """The prompt with the instruction in its place."""
        return await self._acall_with_config(self._aplace, input, config, run_type="prompt")

    def _place(self, prompt: LanguageModelInput) -> PromptValue:
        return placed(prompt, self._settings)

    async def _aplace(self, prompt: LanguageModelInput) -> PromptValue:
        return placed(prompt, self._settings)
