"""One call serves many: its reply is kept in LangChain's cache, and each draw from it is fresh.

pip install '.[agents,langchain-openai]'
python examples/many_draws.py octopuses
VS_MODEL=openai:gpt-4.1-mini python examples/many_draws.py octopuses
"""

from __future__ import annotations

import os
import sys
from collections import Counter

from langchain.chat_models import init_chat_model
from langchain_core.caches import RETURN_VAL_TYPE, InMemoryCache
from langchain_core.language_models import BaseChatModel

from langchain_vs import SampleCandidate, SimulatedChatModel, VerbalizedSamplingRunnable
from vs_core.simulation import SIMULATION_NOTICE

VISITORS = 50


class CountingCache(InMemoryCache):
    """Counts what it is given: only what the model has just answered, and so what was paid for."""

    calls = 0

    def update(self, prompt: str, llm_string: str, return_val: RETURN_VAL_TYPE) -> None:
        """Keep a reply."""
        self.calls += 1
        super().update(prompt, llm_string, return_val)


def chat_model() -> BaseChatModel:
    """The model that VS_MODEL names; the built-in simulation if it is not set."""
    name = os.environ.get("VS_MODEL")
    print(f"model: {name}" if name else SIMULATION_NOTICE, file=sys.stderr)
    return init_chat_model(name) if name else SimulatedChatModel()


def main() -> None:
    """Tell every visitor a joke about a topic."""
    cache = CountingCache()
    model = chat_model().model_copy(update={"cache": cache})
    vs = VerbalizedSamplingRunnable(llm=model, k=5)
    question = f"Tell me a joke about {' '.join(sys.argv[1:]) or 'coffee'}"
    # A stream would not ask the cache: `invoke` does.
    told = Counter((vs | SampleCandidate()).invoke(question) for _ in range(VISITORS))
    trace = vs.invoke(question).trace
    tokens = ((trace.input_tokens or 0) + (trace.output_tokens or 0)) / VISITORS
    print(f"{VISITORS} visitors, calls of the model: {cache.calls}, tokens a visitor: {tokens:.1f}")
    for joke, times in told.most_common():
        print(f"{times:4} times  {joke}")


if __name__ == "__main__":
    main()
