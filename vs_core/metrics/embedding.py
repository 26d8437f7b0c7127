"""Embedding models of any framework, as one plain function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Embed: TypeAlias = Callable[[list[str]], Sequence[Sequence[float]]]


def as_embed(embeddings: Any) -> Embed:
    """Turn an embedding model into a function from texts to vectors.

    Args:
        embeddings: A LangChain `Embeddings`, a LlamaIndex `BaseEmbedding`, or a function that
            takes a list of texts and gives a vector for each.

    Raises:
        TypeError: It is none of these.

    Example:
        >>> from vs_core.metrics import as_embed
        >>> embed = as_embed(lambda texts: [[float(len(text)), 1.0] for text in texts])
        >>> embed(["tea", "coffee"])
        [[3.0, 1.0], [6.0, 1.0]]
    """
    if not isinstance(embeddings, type):
        # A LlamaIndex model can be called, too, but with nodes.
        for method in ("embed_documents", "get_text_embedding_batch", "__call__"):
            embed: Embed | None = getattr(embeddings, method, None)
            if callable(embed):
                return embed
    raise TypeError(
        f"{embeddings!r} embeds nothing: pass a LangChain Embeddings, a LlamaIndex BaseEmbedding, "
        "or a function from a list of texts to a list of vectors"
    )


def remembered(embed: Embed) -> Embed:
    """Embed each different text once, however often it is asked for.

    Args:
        embed: A function as `as_embed` gives it. What it raises passes through, and nothing of
            that call is kept.

    Returns:
        The same function with a memory of its own, which holds all vectors.

    Raises:
        ValueError: When called: there is not one vector for each text.

    Example:
        >>> from vs_core.metrics import remembered
        >>> embed = remembered(lambda texts: print(texts) or [[1.0] for _ in texts])
        >>> embed(["tea", "chai"]) == embed(["chai", "tea", "tea"])[:2]
        ['tea', 'chai']
        True
    """
    known: dict[str, Sequence[float]] = {}

    def recall(texts: list[str]) -> list[Sequence[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, vectors_of(new, embed), strict=True))
        return [known[text] for text in texts]

    return recall


def vectors_of(texts: list[str], embed: Embed) -> Sequence[Sequence[float]]:
    """Embed texts, and see that there is a vector for each.

    Raises:
        ValueError: There are more or fewer vectors than texts.
    """
    vectors = embed(texts)
    if len(vectors) != len(texts):
        raise ValueError(f"{len(vectors)} vectors came back for {len(texts)} texts")
    return vectors
