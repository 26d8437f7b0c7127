"""Verbalized sampling as LlamaIndex components.

`VerbalizedSampler` asks any model for a distribution of answers; the other names put that to work
in queries, retrieval, re-ranking, answers, and wherever a model is expected.
"""

try:
    import llama_index.core as _llama_index_core  # noqa: F401  # only whether it is there
except ImportError as error:
    from vs_core import MissingExtraError

    raise MissingExtraError.for_extra("llamaindex_vs", "llamaindex", "llama-index-core") from error

from llamaindex_vs.errors import VerbalizedSamplingParserError
from llamaindex_vs.events import VerbalizedSamplingEvent
from llamaindex_vs.sampler import VerbalizedSampler
from llamaindex_vs.simulated import SimulatedLLM

__all__ = [
    "SimulatedLLM",
    "VerbalizedSampler",
    "VerbalizedSamplingEvent",
    "VerbalizedSamplingParserError",
]
