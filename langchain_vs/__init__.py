"""Verbalized sampling as LangChain components.

`VerbalizedSamplingRunnable` asks any chat model for a distribution of answers; the other names
are the halves it is made of, and steps that choose from a distribution.
What not every chain needs is loaded when it is asked for: the retriever, `compare`, `tune`,
`generate`, the simulated model, `VerbalizedSamplingMiddleware`, which needs `langchain`, and
`VerbalizedDecisionModel`, which needs langchain-core 1.8.
"""

import importlib as _importlib
import importlib.util as _importlib_util
import typing as _typing

try:
    import langchain_core as _langchain_core  # only whether it is there
except ImportError as error:
    from vs_core import MissingExtraError

    raise MissingExtraError.for_extra("langchain_vs", "langchain", "langchain-core") from error

from langchain_vs.chat_model import ChatVerbalizedSampling
from langchain_vs.errors import VerbalizedSamplingParserError, VerbalizedSamplingRefusalError
from langchain_vs.output_parser import VerbalizedSamplingOutputParser
from langchain_vs.prompt import VerbalizedSamplingPrompt
from langchain_vs.runnable import VerbalizedSamplingRunnable
from langchain_vs.steps.choose import BestCandidate, SampleCandidate, SampleCandidates
from langchain_vs.steps.diverse import DiverseCandidates
from langchain_vs.steps.filter import FilterCandidates
from langchain_vs.steps.map import MapCandidates
from langchain_vs.steps.reweight import ReweightCandidates

if _typing.TYPE_CHECKING:
    from langchain_vs.comparison import acompare, compare
    from langchain_vs.decision_model import VerbalizedDecisionModel, VerbalizedDecisionResponse
    from langchain_vs.generation import agenerate, generate
    from langchain_vs.middleware import VerbalizedSamplingMiddleware
    from langchain_vs.retriever import VerbalizedSamplingRetriever
    from langchain_vs.simulated import SimulatedChatModel
    from langchain_vs.tuning import atune, tune
    from langchain_vs.worker import ray_engine_for

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
    "VerbalizedDecisionModel",
    "VerbalizedDecisionResponse",
    "VerbalizedSamplingMiddleware",
    "VerbalizedSamplingOutputParser",
    "VerbalizedSamplingParserError",
    "VerbalizedSamplingPrompt",
    "VerbalizedSamplingRefusalError",
    "VerbalizedSamplingRetriever",
    "VerbalizedSamplingRunnable",
    "acompare",
    "agenerate",
    "atune",
    "compare",
    "generate",
    "ray_engine_for",
    "tune",
]

_LOADED_WHEN_ASKED_FOR = {
    "SimulatedChatModel": "simulated",
    "VerbalizedDecisionModel": "decision_model",
    "VerbalizedDecisionResponse": "decision_model",
    "VerbalizedSamplingMiddleware": "middleware",
    "VerbalizedSamplingRetriever": "retriever",
    "acompare": "comparison",
    "agenerate": "generation",
    "atune": "tuning",
    "compare": "comparison",
    "generate": "generation",
    "ray_engine_for": "worker",
    "tune": "tuning",
}

_NEEDS = {
    "VerbalizedDecisionModel": "langchain_core.decisions",
    "VerbalizedDecisionResponse": "langchain_core.decisions",
    "VerbalizedSamplingMiddleware": "langchain",
}

# Type checkers have the imports above.
if not _typing.TYPE_CHECKING:
    for _name, _needed in _NEEDS.items():
        if _importlib_util.find_spec(_needed) is None:
            # A star import takes what is there; asking by name says what to install.
            __all__.remove(_name)  # noqa: PYI056  # not seen by checkers

    def __getattr__(name: str) -> object:
        if name not in _LOADED_WHEN_ASKED_FOR:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            module = _importlib.import_module(f"langchain_vs.{_LOADED_WHEN_ASKED_FOR[name]}")
        except ModuleNotFoundError as error:
            from vs_core import MissingExtraError  # noqa: PLC0415

            if _NEEDS.get(name) == error.name == "langchain_core.decisions":
                raise MissingExtraError(
                    f"{name} needs langchain-core 1.8 or newer, for Python 3.11 or newer, and "
                    f"{_langchain_core.__version__} is installed. Run:\n"
                    "    pip install --upgrade 'langchain-core>=1.8'"
                ) from error
            raise MissingExtraError.for_extra(name, "agents", "langchain") from error
        globals()[name] = getattr(module, name)
        return globals()[name]

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
