"""`ScoreSamplingPostprocessor`: nodes drawn by the scores the retriever gave them."""

from __future__ import annotations

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle
from pydantic import ConfigDict

from vs_core.adapters import Select, SelectionSettings
from vs_core.adapters.relevance import distribution_of_scores


class ScoreSamplingPostprocessor(SelectionSettings, BaseNodePostprocessor):
    """Draws nodes by their scores, so that the same query need not find the same nodes each time.

    No model is asked. A node's weight is its score. If any score is negative, all are moved up
    so that the lowest is 0: order and distances stay, whereas clipping at 0 would make equals of
    logits, which are often all negative. A score that is None, infinite or no number gets the
    mean weight of the others; if none is left, or all weights are 0, all nodes count alike.
    Scores must be the larger the better, as LlamaIndex's are. Similarities of embeddings often
    lie close together: a `temperature` below 1 tells them apart.

    The nodes returned are new `NodeWithScore`s with the scores they had.

    Attributes:
        top_n: Most nodes to return; None returns all.
        select: `sample` draws nodes without replacement, in proportion to their weights; those of
            weight 0 come last. `tail` puts those first whose share of all weights is below
            `max_probability`, then those nearest above it. `top` sorts by score.
        max_probability: The threshold of `tail`, a fraction in (0, 1].
        seed: Makes `sample` repeatable: each call then draws alike. None draws afresh each time.
        temperature: `sample` draws in proportion to weight^(1/temperature): below 1 sharper,
            above 1 flatter.
        uniform: `sample` gives every node the same chance.

    Example:
        >>> from llama_index.core.schema import NodeWithScore, TextNode
        >>> from llamaindex_vs import ScoreSamplingPostprocessor
        >>> nodes = [
        ...     NodeWithScore(node=TextNode(text=text), score=score)
        ...     for text, score in [("tea", 0.8), ("coffee", 0.7), ("rice", 0.1)]
        ... ]
        >>> draw = ScoreSamplingPostprocessor(top_n=2, seed=4)
        >>> [node.text for node in draw.postprocess_nodes(nodes)]
        ['coffee', 'tea']
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    select: Select = "sample"

    @classmethod
    def class_name(cls) -> str:
        """The component's name in LlamaIndex."""
        return "ScoreSamplingPostprocessor"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        order = self.order(distribution_of_scores([node.score for node in nodes]))
        return [nodes[position].model_copy() for position in order[: self.top_n]]
