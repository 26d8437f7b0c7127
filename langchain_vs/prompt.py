"""`VerbalizedSamplingPrompt`: the prompting half, alone."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import LanguageModelInput
from langchain_core.prompt_values import ChatPromptValue, PromptValue
from langchain_core.runnables import RunnableConfig, RunnableSerializable
from pydantic import ConfigDict

from langchain_vs._convert import LangChainDialect, to_messages
from langchain_vs._loadable import Loadable
from vs_core import PromptSettings
from vs_core.adapters import opening


class VerbalizedSamplingPrompt(
    Loadable, RunnableSerializable[LanguageModelInput, PromptValue], PromptSettings
):
    """Adds the verbalized-sampling instruction to a prompt.

    With `VerbalizedSamplingOutputParser` behind the model this is one exchange by hand;
    top-ups and the method `multi` are `VerbalizedSamplingRunnable`'s. The settings are those of
    `vs_core.PromptSettings`.

    Raises:
        PromptError: When invoked with an empty prompt, None, or a dict.

    Example:
        >>> from langchain_vs import (
        ...     SimulatedChatModel, VerbalizedSamplingOutputParser, VerbalizedSamplingPrompt)
        >>> chain = (
        ...     VerbalizedSamplingPrompt(k=3)
        ...     | SimulatedChatModel(seed=1)
        ...     | VerbalizedSamplingOutputParser()
        ... )
        >>> len(chain.invoke("Tell me a joke about coffee"))
        3
    """

    model_config = ConfigDict(extra="forbid")

    def invoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> PromptValue:
        """The prompt with the instruction in its place."""
        return self._call_with_config(self._place, input, config, run_type="prompt", **kwargs)

    async def ainvoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> PromptValue:
        """The prompt with the instruction in its place."""
        return await self._acall_with_config(
            self._aplace, input, config, run_type="prompt", **kwargs
        )

    def _place(self, prompt: LanguageModelInput) -> PromptValue:
        return ChatPromptValue(messages=opening(to_messages(prompt), self, LangChainDialect()))

    async def _aplace(self, prompt: LanguageModelInput) -> PromptValue:
        return self._place(prompt)
