"""The four ways to say something in a LlamaIndex chat, and a memory for one."""

from __future__ import annotations

from typing import Any

import pytest
from llama_index.core.memory import ChatMemoryBuffer


async def by_chat(engine: Any, message: str) -> str:
    return str(engine.chat(message))


async def by_achat(engine: Any, message: str) -> str:
    return str(await engine.achat(message))


async def by_stream_chat(engine: Any, message: str) -> str:
    return "".join(engine.stream_chat(message).response_gen)


async def by_astream_chat(engine: Any, message: str) -> str:
    response = await engine.astream_chat(message)
    return "".join([word async for word in response.async_response_gen()])


every_chat = pytest.mark.parametrize("chat", [by_chat, by_achat, by_stream_chat, by_astream_chat])


def memory() -> ChatMemoryBuffer:
    """Without a database, which LlamaIndex's default memory leaves open."""
    return ChatMemoryBuffer.from_defaults(token_limit=3000)
