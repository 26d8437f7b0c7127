"""Verbalized sampling as LangChain components.

`VerbalizedSamplingRunnable` asks any chat model for a distribution of answers; the other names
are the halves it is made of, and steps that choose from a distribution.
`VerbalizedSamplingMiddleware` needs `langchain`, and is loaded when asked for.
"""

import importlib.util as _importlib_util
import typing as _typing

try:
    import langchain_core as _langchain_core  # noqa: F401  # only whether it is there
except ImportError as error:
    from vs_core import MissingExtraError

    raise MissingExtraError.for_extra("langchain_vs", "langchain", "langchain-core") from error

from langchain_vs.chat_model import ChatVerbalizedSampling
from langchain_vs.comparison import acompare, compare
from langchain_vs.errors import VerbalizedSamplingParserError, VerbalizedSamplingRefusalError
from langchain_vs.output_parser import VerbalizedSamplingOutputParser
from langchain_vs.prompt import VerbalizedSamplingPrompt
from langchain_vs.retriever import VerbalizedSamplingRetriever
from langchain_vs.runnable import VerbalizedSamplingRunnable
from langchain_vs.simulated import SimulatedChatModel
from langchain_vs.steps.choose import BestCandidate, SampleCandidate, SampleCandidates
from langchain_vs.steps.diverse import DiverseCandidates
from langchain_vs.steps.filter import FilterCandidates
from langchain_vs.steps.map import MapCandidates
from langchain_vs.steps.reweight import ReweightCandidates

if _typing.TYPE_CHECKING:
    from langchain_vs.middleware import VerbalizedSamplingMiddleware

__all__ = [
    "BestCandidate",
    "ChatVerbalizedSampling",
    "DiverseCandidates",
    "FilterCandidates",
    "MapCandidates",
    "ReweightCandidates",
    "SampleCandidate",
    "SampleCandidates",
    "SimulatedChatModel",
    "VerbalizedSamplingMiddleware",
    "VerbalizedSamplingOutputParser",
    "VerbalizedSamplingParserError",
    "VerbalizedSamplingPrompt",
    "VerbalizedSamplingRefusalError",
    "VerbalizedSamplingRetriever",
    "VerbalizedSamplingRunnable",
    "acompare",
    "compare",
]

# Type checkers have the import above; at run time langchain is loaded when it is asked for.
if not _typing.TYPE_CHECKING:
    if _importlib_util.find_spec("langchain") is None:
        # A star import takes what is there; asking by name says what to install.
        __all__.remove("VerbalizedSamplingMiddleware")  # noqa: PYI056  # not seen by checkers

    def __getattr__(name: str) -> object:
        if name != "VerbalizedSamplingMiddleware":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            from langchain_vs.middleware import VerbalizedSamplingMiddleware  # noqa: PLC0415
        except ModuleNotFoundError as error:
            from vs_core import MissingExtraError  # noqa: PLC0415

            raise MissingExtraError.for_extra(name, "agents", "langchain") from error
        return VerbalizedSamplingMiddleware

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
