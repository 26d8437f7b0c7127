"""A chain: one call gives a distribution of answers, and several steps choose from it.

pip install '.[agents,langchain-openai]'
python examples/lcel_chain.py octopuses
VS_MODEL=openai:gpt-4.1-mini python examples/lcel_chain.py octopuses
"""

from __future__ import annotations

import os
import sys

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableParallel, RunnablePassthrough

from langchain_vs import (
    BestCandidate,
    FilterCandidates,
    SampleCandidate,
    SimulatedChatModel,
    VerbalizedSamplingRunnable,
)
from vs_core.simulation import SIMULATION_NOTICE


def chat_model() -> BaseChatModel:
    """The model that VS_MODEL names; the built-in simulation if it is not set."""
    name = os.environ.get("VS_MODEL")
    print(f"model: {name}" if name else SIMULATION_NOTICE, file=sys.stderr)
    return init_chat_model(name) if name else SimulatedChatModel()


def main() -> None:
    """Tell jokes about a topic."""
    prompt = ChatPromptTemplate.from_template("Tell me a joke about {topic}")
    vs = VerbalizedSamplingRunnable(llm=chat_model(), k=5)
    choices = RunnableParallel(
        distribution=RunnablePassthrough(),
        best=BestCandidate(),
        drawn=SampleCandidate(),
        rare=FilterCandidates(tail=0.10) | SampleCandidate(),
    )
    found = (prompt | vs | choices).invoke({"topic": " ".join(sys.argv[1:]) or "coffee"})
    print("probability  stated  candidate")
    for candidate in found["distribution"]:
        print(f"{candidate.probability:11.2f}  {candidate.stated!s:6}  {candidate.text}")
    print(f"\nmost probable:         {found['best']}")
    print(f"drawn:                 {found['drawn']}")
    print(f"drawn among the rare:  {found['rare']}")


if __name__ == "__main__":
    main()
