"""`VerbalizedSamplingPostprocessor`: nodes ranked by how likely a model says they help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal

from llama_index.core.llms.llm import LLM
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.prompts.mixin import PromptDictType, PromptMixin, PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle
from llama_index_instrumentation import get_dispatcher
from pydantic import ConfigDict, Field, model_validator
from typing_extensions import Self

from llamaindex_vs.asking.asked_model import resolve_llm
from llamaindex_vs.asking.instruction_template import INSTRUCTIONS, as_template, text_of_template
from llamaindex_vs.identity.identified_llm import IdentifiedLLM
from llamaindex_vs.reranking.judging import (
    Batch,
    Judge,
    Judgement,
    batches,
    pooled,
    relevance_settings,
    unjudged,
)
from llamaindex_vs.reranking.reports import reranking, tell_judged, tell_unmentioned
from vs_core import Candidate, PromptError, VerbalizedDistribution
from vs_core.adapters import (
    InstructionSettings,
    ReaskSettings,
    SelectionSettings,
    aeach,
    each,
    exchange_options,
)
from vs_core.adapters.relevance import RELEVANCE
from vs_core.adapters.retrieval import could_not_be_read, require_query

Nodes = list[NodeWithScore]

_dispatcher = get_dispatcher(__name__)


class VerbalizedSamplingPostprocessor(
    PromptMixin, SelectionSettings, InstructionSettings, ReaskSettings, BaseNodePostprocessor
):
    r"""Ranks nodes by the probability, stated by a model, that each helps to answer the query.

    Each node is judged by itself, so that the numbers of all batches can be compared: they are
    pooled as stated and normalised once. The model is shown each node's content as LlamaIndex
    gives it to models (`MetadataMode.LLM`), unaltered, under a number; never its id.

    The nodes returned are new `NodeWithScore`s around the same nodes; `score` is the normalised
    probability. Nodes that the model did not mention come last, in the retriever's order, with a
    probability of 0, whatever `select` says; `UnmentionedNodesEvent` has them. If all numbers are
    0, the nodes mentioned are equally probable.

    Models name a passage in many ways, and all are read: by its number or a label (`[3]`,
    `Passage 3`), in a field of its own or in front of the text, or by its own words, whole or the
    beginning; see `vs_core.retrieval.passages`. Where the words of one passage stand beside the
    number of another, the words count. A judgement that names two numbers, or one that no passage
    has, is left out, and so are further numbers for the same passage. The trace of the
    distribution reports them; it goes out as a `VerbalizedSamplingEvent` whose values are node
    ids, each with the number as stated.

    Normalised probabilities say how nodes compare, not whether any helps: a lone node has 1, and
    so no model is asked about it. `min_stated` cuts by the numbers as stated, and
    `score="stated"` returns them; then a lone node is judged too.

    A dump tells which model is asked; it comes back with `from_dict(dump, llm=...)`.

    Attributes:
        llm: The model that judges; None asks `Settings.llm` as it is at each call. A
            `VerbalizedSamplingLLM` is unwrapped.
        top_n: Most nodes to return; None returns all.
        choice_batch_size: Most nodes to be judged in one call.
        select: `top` ranks by probability. `sample` draws nodes without replacement, in
            proportion to their probabilities. `tail` puts those first whose stated probability
            is below `max_probability`, then those nearest above it.
        max_probability: The threshold of `tail`, a fraction in (0, 1].
        seed: Makes `sample` repeatable: each call then draws alike. None draws afresh each time.
        temperature: `sample` draws in proportion to p^(1/temperature): below 1 sharper, above 1
            flatter.
        uniform: `sample` gives every node that was mentioned the same chance.
        instructions: Your own wording of when a node helps; None takes
            `vs_core.adapters.relevance.RELEVANCE`. Plain text: braces are left alone.
        method: `standard`, or `cot` to let the model think first.
        layout: Notation to ask for. Whatever comes back is read.
        placement: Put the instruction into the `system` message, or in front of the query and the
            nodes in the `user` message.
        max_reasks: How many times a batch is put again when nothing could be read, or no number.
        min_stated: Drop nodes whose stated probability is below this, a fraction from 0 to 1, and
            those that the model left out of its judgement or gave no readable number. Nodes of a
            batch of which nothing could be read, or no number, are kept, as nobody has judged
            them. All may be dropped. None drops none.
        score: What becomes the nodes' score: the normalised `probability`, or the number as
            `stated`, which is None where there is none and which a cutoff by similarity behind
            this postprocessor can use.
        on_failure: What becomes of a batch when that did not help, or the model fails. Its nodes
            can keep the `retriever_order`: they then count as not mentioned, the event says why,
            and the log has a warning. `retriever_order_if_unread` does so only where the model
            answered and nothing could be read (a refusal is such an answer), and raises the error
            of a call that failed. `raise` raises either.
        num_workers: Most batches at a time.

    Raises:
        PromptError: When the query is missing or blank.
        VerbalizedSamplingParserError: When no passage could be recognised in a reply, and
            `on_failure` is `raise`.

    Example:
        >>> from llama_index.core.llms import MockFunctionCallingLLM
        >>> from llama_index.core.schema import NodeWithScore, TextNode
        >>> from llamaindex_vs import VerbalizedSamplingPostprocessor
        >>> reply = "Passage 2: 0.6\nPassage 1: 0.2"
        >>> llm = MockFunctionCallingLLM(blocks_to_content_callback=lambda blocks, calls: reply)
        >>> rank = VerbalizedSamplingPostprocessor(llm=llm)
        >>> nodes = [NodeWithScore(node=TextNode(text=text)) for text in ("tea", "coffee", "rice")]
        >>> ranked = rank.postprocess_nodes(nodes, query_str="What is in an espresso?")
        >>> [(found.text, round(found.score, 2)) for found in ranked]
        [('coffee', 0.75), ('tea', 0.25), ('rice', 0.0)]
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    llm: IdentifiedLLM | None = Field(default=None, repr=False)
    choice_batch_size: int = Field(default=10, ge=1)
    method: Literal["standard", "cot"] = "standard"
    min_stated: float | None = Field(default=None, ge=0.0, le=1.0)
    score: Literal["probability", "stated"] = "probability"
    on_failure: Literal["raise", "retriever_order_if_unread", "retriever_order"] = (
        "retriever_order_if_unread"
    )
    num_workers: int = Field(default=4, ge=1)

    @model_validator(mode="after")
    def _exchange_is_possible(self) -> Self:
        relevance_settings((), self._options)
        return self

    @classmethod
    def class_name(cls) -> str:
        """The component's name in LlamaIndex."""
        return "VerbalizedSamplingPostprocessor"

    def _postprocess_nodes(self, nodes: Nodes, query_bundle: QueryBundle | None = None) -> Nodes:
        query = _required(query_bundle)
        if self._is_clear(nodes):
            return [_scored(node, 1.0) for node in nodes]
        llm = resolve_llm(self.llm)
        judge = Judge(llm, query.query_str)
        with self._reranking(nodes, query, llm) as ended:
            judgements = each(judge.judge, self._batches(nodes), self.num_workers)
            return ended(self._ranked(nodes, query, judgements))

    @_dispatcher.span
    async def _apostprocess_nodes(
        self, nodes: Nodes, query_bundle: QueryBundle | None = None
    ) -> Nodes:
        query = _required(query_bundle)
        if self._is_clear(nodes):
            return [_scored(node, 1.0) for node in nodes]
        llm = resolve_llm(self.llm)
        judge = Judge(llm, query.query_str)
        with self._reranking(nodes, query, llm) as ended:
            judgements = await aeach(judge.ajudge, self._batches(nodes), self.num_workers)
            return ended(self._ranked(nodes, query, judgements))

    def _is_clear(self, nodes: Nodes) -> bool:
        """Whether the outcome does not depend on what a model says."""
        is_relative = self.min_stated is None and self.score == "probability"
        return not nodes or (len(nodes) == 1 and is_relative)

    @property
    def _options(self) -> dict[str, Any]:
        return {**exchange_options(self), "method": self.method}

    def _batches(self, nodes: Nodes) -> list[Batch]:
        return batches(nodes, self.choice_batch_size, self._options)

    def _reranking(
        self, nodes: Nodes, query: QueryBundle, llm: LLM
    ) -> AbstractContextManager[Callable[[Nodes], Nodes]]:
        return reranking(
            nodes,
            query,
            top_n=self.top_n or len(nodes),
            model_name=llm.metadata.model_name,
            callbacks=self.callback_manager,
        )

    def _ranked(self, nodes: Nodes, query: QueryBundle, judgements: Sequence[Judgement]) -> Nodes:
        said = pooled(judgements)
        relevant = said.filter(self._is_relevant)
        if said:
            told = said.map(lambda position: nodes[position].node_id)
            if dropped := len(said) - len(relevant):
                note = f"min_stated={self.min_stated:g}: {dropped} of {len(said)} were dropped"
                told = VerbalizedDistribution.of(told.unsettled()[0], told.trace.noting(note))
            tell_judged(self.class_name(), query.query_str, told)
        self._raise_first_error(judgements)
        tell_unmentioned(self.class_name(), query.query_str, judgements)
        ranked = [relevant[at] for at in self.order(relevant)]
        found = [_scored(nodes[judged.value], self._score_of(judged)) for judged in ranked]
        unstated = 0.0 if self.score == "probability" else None
        behind = unjudged(judgements, failed_only=self.min_stated is not None)
        rest = [_scored(nodes[at], unstated) for at in behind]
        return [*found, *rest][: self.top_n]

    def _is_relevant(self, judged: Candidate[int]) -> bool:
        if self.min_stated is None:
            return True
        return judged.stated is not None and judged.stated >= self.min_stated

    def _score_of(self, judged: Candidate[int]) -> float | None:
        return judged.stated if self.score == "stated" else judged.probability

    def _raise_first_error(self, judgements: Sequence[Judgement]) -> None:
        for judgement in judgements:
            error = judgement.error
            if error is not None and self._is_fatal(error):
                raise error

    def _is_fatal(self, error: Exception) -> bool:
        if self.on_failure == "retriever_order_if_unread":
            return not could_not_be_read(error)
        return self.on_failure == "raise"

    def _get_prompts(self) -> PromptDictType:
        return {INSTRUCTIONS: as_template(self.instructions or RELEVANCE)}

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _update_prompts(self, prompts_dict: PromptDictType) -> None:
        if INSTRUCTIONS in prompts_dict:
            self.instructions = text_of_template(prompts_dict[INSTRUCTIONS])


def _required(query: QueryBundle | None) -> QueryBundle:
    if query is None:
        raise PromptError(
            "no query was given: pass query_bundle or query_str, for which the nodes are ranked"
        )
    require_query(query.query_str)
    return query


def _scored(node: NodeWithScore, score: float | None) -> NodeWithScore:
    return node.model_copy(update={"score": score})
