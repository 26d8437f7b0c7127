"""A model without its cache: the same question, asked again, is to be answered again."""

from __future__ import annotations

from typing import Any

from langchain_core.globals import get_llm_cache
from langchain_core.language_models import BaseLanguageModel, LanguageModelInput
from langchain_core.runnables import Runnable, RunnableWithFallbacks
from langchain_core.runnables.base import RunnableBindingBase

Model = Runnable[LanguageModelInput, Any]


def uncached(llm: Model) -> Model:
    """The model, or a copy of it that neither reads nor writes LangChain's cache of replies.

    Looks into bindings, retries and fallbacks.

    Args:
        llm: The model.
    """
    if isinstance(llm, BaseLanguageModel):
        uses_cache = get_llm_cache() is not None if llm.cache is None else bool(llm.cache)
        return llm.model_copy(update={"cache": False}) if uses_cache else llm
    if isinstance(llm, RunnableBindingBase):
        return llm.model_copy(update={"bound": uncached(llm.bound)})
    if isinstance(llm, RunnableWithFallbacks):
        others = [uncached(other) for other in llm.fallbacks]
        return llm.model_copy(update={"runnable": uncached(llm.runnable), "fallbacks": others})
    return llm
