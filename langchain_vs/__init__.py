"""Verbalized sampling as LangChain components.

`VerbalizedSamplingRunnable` asks any chat model for a distribution of answers; the other names
are the halves it is made of, and steps that choose from a distribution.
"""

try:
    import langchain_core as _langchain_core  # noqa: F401  # only whether it is there
except ImportError as error:
    from vs_core import MissingExtraError

    raise MissingExtraError.for_extra("langchain_vs", "langchain", "langchain-core") from error

from langchain_vs.errors import VerbalizedSamplingParserError
from langchain_vs.output_parser import VerbalizedSamplingOutputParser
from langchain_vs.prompt import VerbalizedSamplingPrompt
from langchain_vs.runnable import VerbalizedSamplingRunnable
from langchain_vs.simulated import SimulatedChatModel
from langchain_vs.steps.choose import BestCandidate, SampleCandidate, SampleCandidates
from langchain_vs.steps.filter import FilterCandidates
from langchain_vs.steps.map import MapCandidates

__all__ = [
    "BestCandidate",
    "FilterCandidates",
    "MapCandidates",
    "SampleCandidate",
    "SampleCandidates",
    "SimulatedChatModel",
    "VerbalizedSamplingOutputParser",
    "VerbalizedSamplingParserError",
    "VerbalizedSamplingPrompt",
    "VerbalizedSamplingRunnable",
]
