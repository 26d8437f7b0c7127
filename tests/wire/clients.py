"""The real clients as the wire's tests make them."""

from __future__ import annotations

from typing import Any

from langchain_openai import ChatOpenAI
from llama_index.llms.openai import OpenAI
from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped]
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


def llm(server: WireServer, *, max_retries: int = 0, **settings: Any) -> OpenAI:
    """LlamaIndex's client; it needs the name of a real model to know the context window."""
    settings = {"model": "gpt-4o-mini", "api_key": "test", **settings}
    return OpenAI(api_base=server.url, max_retries=max_retries, timeout=PATIENCE, **settings)


def llm_like(server: WireServer, *, max_retries: int = 0, **settings: Any) -> OpenAILike:
    """LlamaIndex's client for other servers with OpenAI's interface."""
    settings = {"is_chat_model": True, "is_function_calling_model": True, **settings}
    return OpenAILike(
        model="test",
        api_base=server.url,
        api_key="test",
        max_retries=max_retries,
        timeout=PATIENCE,
        **settings,
    )
