"""Nodes judged by a model, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.llms.llm import LLM
from llama_index.core.schema import MetadataMode, NodeWithScore

from llamaindex_vs.asking.asked_model import AskedModel, with_system_prompt
from llamaindex_vs.asking.exchange import arun, run
from llamaindex_vs.asking.messages import LlamaIndexDialect
from vs_core import VerbalizedDistribution
from vs_core.adapters import ExchangeSettings, Rounds, exchange, place_instruction
from vs_core.adapters.relevance import (
    passage_number,
    pooled_judgements,
    relevance_instruction,
    relevance_prompt,
    relevance_re_ask,
)


@dataclass(frozen=True)
class Batch:
    """Nodes that are judged in one exchange.

    Attributes:
        first: How many nodes stand in front of it.
        nodes: The nodes; the model knows them by their numbers, from 1.
        settings: What is asked.
    """

    first: int
    nodes: Sequence[NodeWithScore]
    settings: ExchangeSettings

    @property
    def positions(self) -> range:
        """The places of its nodes among all, from 0."""
        return range(self.first, self.first + len(self.nodes))


@dataclass(frozen=True)
class Judgement:
    """What became of a batch.

    Attributes:
        batch: The batch.
        outcome: What the model said, by the numbers of the nodes; or the error.
    """

    batch: Batch
    outcome: VerbalizedDistribution[Any] | Exception

    @property
    def error(self) -> Exception | None:
        """What went wrong, if anything did."""
        return self.outcome if isinstance(self.outcome, Exception) else None

    @property
    def unmentioned(self) -> list[NodeWithScore]:
        """The nodes of the batch that the model did not mention, in their order."""
        numbers = () if isinstance(self.outcome, Exception) else self.outcome.values
        return [node for number, node in enumerate(self.batch.nodes, 1) if number not in numbers]


def batches(nodes: Sequence[NodeWithScore], size: int, options: dict[str, Any]) -> list[Batch]:
    """The nodes in batches, in their order.

    Args:
        nodes: The nodes.
        size: Most nodes in a batch.
        options: Settings of the exchange that all batches share.
    """
    return [
        Batch(first, batch, relevance_settings(batch, options))
        for first in range(0, len(nodes), size)
        for batch in [nodes[first : first + size]]
    ]


def pooled(judgements: Sequence[Judgement]) -> VerbalizedDistribution[int]:
    """What was said of all nodes, by their positions.

    Args:
        judgements: Of all batches; those that failed say nothing.
    """
    return pooled_judgements(
        (judgement.batch.first, judgement.outcome)
        for judgement in judgements
        if not isinstance(judgement.outcome, Exception)
    )


def unjudged(judgements: Sequence[Judgement], *, failed_only: bool) -> list[int]:
    """The positions of the nodes of which nothing was said, in the retriever's order.

    Args:
        judgements: Of all batches.
        failed_only: Leave out those whose batch was judged without them.
    """
    said = set(pooled(judgements).values)
    asked = [judgement for judgement in judgements if judgement.error or not failed_only]
    return [at for judgement in asked for at in judgement.batch.positions if at not in said]


def relevance_settings(nodes: Sequence[NodeWithScore], options: dict[str, Any]) -> ExchangeSettings:
    """What is asked about the passages of some nodes.

    A passage that the model leaves out is not asked for again: that says something about it.

    Args:
        nodes: The nodes.
        options: Other settings of the exchange.

    Raises:
        pydantic.ValidationError: An option is not allowed.
    """
    number = passage_number(
        len(nodes),
        # Models quote a passage with or without the metadata that they are shown with it.
        texts=[(shown_of(node), node.get_content(MetadataMode.NONE)) for node in nodes],
        ids=[node.node_id for node in nodes],
    )
    return ExchangeSettings(k=max(1, len(nodes)), value_schema=number, max_topups=0, **options)


def shown_of(node: NodeWithScore) -> str:
    """What a model is shown of a node.

    Args:
        node: The node.
    """
    return node.get_content(metadata_mode=MetadataMode.LLM)


class Judge:
    """A model that is asked which nodes help with a query.

    Args:
        llm: The model.
        query: The query.
    """

    def __init__(self, llm: LLM, query: str) -> None:
        self._llm = llm
        self._query = query

    def judge(self, batch: Batch) -> Judgement:
        """Ask about a batch; an error is kept, as it concerns this batch only."""
        try:
            return Judgement(batch, run(self._model(batch), self._rounds(batch)))
        except Exception as error:  # noqa: BLE001  # the postprocessor decides what follows
            return Judgement(batch, error)

    async def ajudge(self, batch: Batch) -> Judgement:
        """As `judge`, without blocking."""
        try:
            return Judgement(batch, await arun(self._model(batch), self._rounds(batch)))
        except Exception as error:  # noqa: BLE001  # as above
            return Judgement(batch, error)

    def _model(self, batch: Batch) -> AskedModel:
        return AskedModel(self._llm, batch.settings, {})

    def _rounds(self, batch: Batch) -> Rounds[ChatMessage]:
        dialect, settings = LlamaIndexDialect(), batch.settings
        texts = [shown_of(node) for node in batch.nodes]
        question = dialect.user(relevance_prompt(self._query, texts))
        messages = place_instruction(
            with_system_prompt(self._llm, [question]),
            relevance_instruction(settings),
            settings.placement,
            dialect,
        )
        return exchange(
            messages,
            settings,
            dialect,
            re_ask_with=relevance_re_ask(settings),
            needs_numbers=True,
        )
