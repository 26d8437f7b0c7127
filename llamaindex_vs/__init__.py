"""Verbalized sampling as LlamaIndex components.

`VerbalizedSampler` asks any model for a distribution of answers; the other names put that to work
in queries, retrieval, re-ranking, answers, and wherever a model is expected.
"""

try:
    import llama_index.core as _llama_index_core  # noqa: F401  # only whether it is there
except ImportError as error:
    from vs_core import MissingExtraError

    raise MissingExtraError.for_extra("llamaindex_vs", "llamaindex", "llama-index-core") from error

from llamaindex_vs.chat_engine import VerbalizedSamplingChatEngine
from llamaindex_vs.comparison import acompare, compare
from llamaindex_vs.errors import VerbalizedSamplingParserError
from llamaindex_vs.events import (
    UnmentionedNodesEvent,
    VerbalizedSamplingEvent,
    VerbalizedSamplingRetrievalEvent,
)
from llamaindex_vs.llm import VerbalizedSamplingLLM
from llamaindex_vs.output_parser import VerbalizedSamplingOutputParser
from llamaindex_vs.postprocessor import VerbalizedSamplingPostprocessor
from llamaindex_vs.query_bundle import VerbalizedQueryBundle
from llamaindex_vs.query_transform import VerbalizedSamplingQueryTransform
from llamaindex_vs.retriever import VerbalizedSamplingRetriever
from llamaindex_vs.sampler import VerbalizedSampler
from llamaindex_vs.score_sampling import ScoreSamplingPostprocessor
from llamaindex_vs.simulated import SimulatedLLM
from llamaindex_vs.synthesizer import VerbalizedSamplingSynthesizer
from llamaindex_vs.transform_query_engine import AsyncTransformQueryEngine
from llamaindex_vs.transform_retriever import AsyncTransformRetriever

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
    "acompare",
    "compare",
]
