"""Embeddings of answers, without blocking."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from vs_core.generation.outcome import Vectors
from vs_core.generation.running.conduct import AEmbed
from vs_core.metrics.embedding import as_embed, vectors_of


def aembed_by(embeddings: Any) -> AEmbed | None:
    """What embeds texts in a thread; None if there is no embedding model.

    Args:
        embeddings: What `vs_core.metrics.as_embed` takes, or None.

    Raises:
        TypeError: It embeds nothing.

    Example:
        >>> import asyncio
        >>> from vs_core.adapters.generation import aembed_by
        >>> aembed = aembed_by(lambda texts: [[float(len(text))] for text in texts])
        >>> asyncio.run(aembed(["tea", "coffee"]))
        [[3.0], [6.0]]
    """
    if embeddings is None:
        return None
    embed = as_embed(embeddings)

    async def aembed(texts: Sequence[str]) -> Vectors:
        vectors = await asyncio.to_thread(embed, list(texts))
        if not isinstance(vectors, Sequence) and not hasattr(vectors, "__len__"):
            raise TypeError(f"a {type(vectors).__name__} came back instead of a list of vectors")
        return vectors_of(list(texts), lambda _: vectors)

    return aembed
