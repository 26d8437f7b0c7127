"""`VerbalizedSamplingRetriever` passes LangChain's standard suite, over its in-memory store."""

from __future__ import annotations

from typing import Any

from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_tests.integration_tests import RetrieversIntegrationTests

from langchain_vs import SimulatedChatModel, VerbalizedSamplingRetriever

TEXTS = ["Espresso is strong.", "Tea is mild.", "Coffee grows on bushes.", "Milk froths.", "Water."]


class TestVerbalizedSamplingRetriever(RetrieversIntegrationTests):
    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return VerbalizedSamplingRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        store = InMemoryVectorStore.from_texts(TEXTS, DeterministicFakeEmbedding(size=16))
        return {"retriever": store.as_retriever(), "llm": SimulatedChatModel(seed=1)}

    @property
    def retriever_query_example(self) -> str:
        return "Tell me a joke about coffee"

    @property
    def num_results_arg_name(self) -> str:
        return "top_k"
