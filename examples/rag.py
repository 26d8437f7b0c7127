"""Retrieval with LlamaIndex, where neither the search nor the answer collapses to the usual one.

pip install '.[llamaindex-openai]'
python examples/rag.py
VS_MODEL=openai:gpt-4.1-mini python examples/rag.py "Why does my coffee taste bitter?"
"""

from __future__ import annotations

import os
import re
import sys
import zlib
from collections import Counter

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.query_engine import RetrieverQueryEngine

from llamaindex_vs import SimulatedLLM, VerbalizedSamplingRetriever, VerbalizedSamplingSynthesizer
from vs_core.simulation import SIMULATION_NOTICE

NOTES = """Bitter coffee was often ground too fine: a coarser grind extracts less.
Water just below the boil makes coffee less bitter than boiling water.
A pinch of salt makes bitter coffee taste milder.
Old oil in the machine makes coffee taste rancid: clean it every week.
Filter coffee drips for about four minutes."""


class WordCounts(BaseEmbedding):
    """Stands in for a real embedding model, so that this runs without a key."""

    def _get_text_embedding(self, text: str) -> list[float]:
        words = Counter(zlib.crc32(w.encode()) % 512 for w in re.findall(r"\w+", text.lower()))
        return [float(words[place]) for place in range(512)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


if __name__ == "__main__":
    if name := os.environ.get("VS_MODEL"):
        from llama_index.llms.openai import OpenAI
    print(f"model: {name}" if name else SIMULATION_NOTICE, file=sys.stderr)
    llm = OpenAI(name.removeprefix("openai:")) if name else SimulatedLLM()
    documents = [Document(text=note) for note in NOTES.splitlines()]
    index = VectorStoreIndex.from_documents(documents, embed_model=WordCounts())
    engine = RetrieverQueryEngine(
        VerbalizedSamplingRetriever(index.as_retriever(similarity_top_k=3), llm, num_queries=4),
        response_synthesizer=VerbalizedSamplingSynthesizer(llm, k=3),
    )
    response = engine.query(" ".join(sys.argv[1:]) or "How do I make my coffee less bitter?")
    print(f"drawn answer: {response}\n\nall answers, with their probabilities:")
    for candidate in (response.metadata or {})["verbalized_sampling"]["candidates"]:
        print(f"  {candidate['probability']:.2f}  {candidate['value']}")
    print("\nsources of all of them:", *(found.text for found in response.source_nodes), sep="\n  ")
