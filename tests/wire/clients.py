"""The real clients as the wire's tests make them."""

from __future__ import annotations

from typing import Any

from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.wire.server import WireServer

PROMPT = "Tell me a joke about coffee"
TEXT = "Why did the espresso keep checking its watch? It was pressed for time."
PATIENCE = 20.0
"""Seconds within which whatever a test waits for must have happened."""


def chat(server: WireServer, *, max_retries: int = 0, **settings: Any) -> ChatOpenAI:
    """LangChain's client for this server."""
    return ChatOpenAI(
        model="test",
        base_url=server.url,
        api_key=SecretStr("test"),
        max_retries=max_retries,
        timeout=PATIENCE,
        **settings,
    )
