"""Verbalized sampling as LlamaIndex components.

`VerbalizedSampler` asks any model for a distribution of answers; the other names put that to work
in queries, routing, retrieval, re-ranking, answers, and wherever a model is expected.
"""

try:
    import llama_index.core as _llama_index_core  # noqa: F401  # only whether it is there
except ImportError as error:
    from vs_core import MissingExtraError

    raise MissingExtraError.for_extra("llamaindex_vs", "llamaindex", "llama-index-core") from error

from llamaindex_vs.answering.chat_engine import VerbalizedSamplingChatEngine
from llamaindex_vs.answering.synthesizer import VerbalizedSamplingSynthesizer
from llamaindex_vs.asking.sampler import VerbalizedSampler
from llamaindex_vs.comparison import acompare, compare
from llamaindex_vs.errors import VerbalizedSamplingParserError
from llamaindex_vs.events import (
    UnmentionedNodesEvent,
    VerbalizedSamplingEvent,
    VerbalizedSamplingRetrievalEvent,
    VerbalizedSelectionEvent,
)
from llamaindex_vs.generation import agenerate, generate
from llamaindex_vs.model.llm import VerbalizedSamplingLLM
from llamaindex_vs.output_parser import VerbalizedSamplingOutputParser
from llamaindex_vs.queries.query_bundle import VerbalizedQueryBundle
from llamaindex_vs.queries.query_transform import VerbalizedSamplingQueryTransform
from llamaindex_vs.queries.transform_query_engine import AsyncTransformQueryEngine
from llamaindex_vs.reranking.postprocessor import VerbalizedSamplingPostprocessor
from llamaindex_vs.reranking.score_sampling import ScoreSamplingPostprocessor
from llamaindex_vs.retrieval.retriever import VerbalizedSamplingRetriever
from llamaindex_vs.retrieval.transform_retriever import AsyncTransformRetriever
from llamaindex_vs.routing.result import VerbalizedSelection, VerbalizedSelectorResult
from llamaindex_vs.routing.selector import VerbalizedSelector
from llamaindex_vs.simulated import SimulatedLLM
from llamaindex_vs.tuning import atune, tune
from llamaindex_vs.worker import ray_engine_for

__all__ = [
    "AsyncTransformQueryEngine",
    "AsyncTransformRetriever",
    "ScoreSamplingPostprocessor",
    "SimulatedLLM",
    "UnmentionedNodesEvent",
    "VerbalizedQueryBundle",
    "VerbalizedSampler",
    "VerbalizedSamplingChatEngine",
    "VerbalizedSamplingEvent",
    "VerbalizedSamplingLLM",
    "VerbalizedSamplingOutputParser",
    "VerbalizedSamplingParserError",
    "VerbalizedSamplingPostprocessor",
    "VerbalizedSamplingQueryTransform",
    "VerbalizedSamplingRetrievalEvent",
    "VerbalizedSamplingRetriever",
    "VerbalizedSamplingSynthesizer",
    "VerbalizedSelection",
    "VerbalizedSelectionEvent",
    "VerbalizedSelector",
    "VerbalizedSelectorResult",
    "acompare",
    "agenerate",
    "atune",
    "compare",
    "generate",
    "ray_engine_for",
    "tune",
]
