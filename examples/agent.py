"""An agent asked the same question again and again, without and with verbalized sampling.

pip install '.[agents,langchain-openai]'
python examples/agent.py
VS_MODEL=openai:gpt-4.1-mini python examples/agent.py
"""

from __future__ import annotations

import os
import sys
from typing import Any

from langchain.agents import create_agent
from langchain.chat_models import init_chat_model
from langchain_core.tools import tool

from langchain_vs import SimulatedChatModel, VerbalizedSamplingMiddleware
from vs_core.simulation import SIMULATION_NOTICE

QUESTION = "Suggest a name for our new coffee shop. Answer with the name alone."
TIMES = 5


@tool
def about_the_shop() -> str:
    """What is known about the new coffee shop."""
    return "It opens in May, in an old boathouse at the harbour. It roasts its own beans."


def answers(agent: Any) -> list[str]:
    """The final answers of several conversations that begin with the same question."""
    states = agent.batch([{"messages": [("user", QUESTION)]}] * TIMES)
    return [state["messages"][-1].text for state in states]


def main() -> None:
    """Compare the two agents."""
    name = os.environ.get("VS_MODEL")
    print(f"model: {name}" if name else SIMULATION_NOTICE, file=sys.stderr)
    model = init_chat_model(name) if name else SimulatedChatModel()
    # Tool calls pass through the middleware unchanged. The simulation makes none.
    tools = [about_the_shop] if name else []
    plain = create_agent(model, tools=tools)
    verbalized = create_agent(model, tools=tools, middleware=[VerbalizedSamplingMiddleware(k=5)])
    for title, agent in (("plain", plain), ("with the middleware", verbalized)):
        given = answers(agent)
        print(f"{title}: {len(set(given))} different of {TIMES}")
        for answer in given:
            print(f"  {answer}")


if __name__ == "__main__":
    main()
