"""Rewrites of a query: what a model writes, less what is of no use to a search."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import BaseMessage

from langchain_vs._convert import LangChainDialect
from langchain_vs.runnable import VerbalizedSamplingRunnable
from vs_core.adapters import ExchangeSettings, Rounds, exchange
from vs_core.adapters.retrieval import objections_to_rewrites


class QueryRewriting(VerbalizedSamplingRunnable):
    """Asks for rewrites of a query, and once more where too few are of use.

    Its input is the query. Nothing of use is no error: the distribution is then empty.
    """

    name: str | None = "VerbalizedSamplingRunnable"

    def _rounds(
        self,
        prompt: LanguageModelInput,
        messages: Sequence[BaseMessage],
        settings: ExchangeSettings,
    ) -> Rounds[BaseMessage]:
        objection = objections_to_rewrites(prompt, settings) if isinstance(prompt, str) else None
        return exchange(messages, settings, LangChainDialect(), objection=objection)
