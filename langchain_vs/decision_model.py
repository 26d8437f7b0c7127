"""`VerbalizedDecisionModel`: LangChain's decision model, around any chat model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from langchain_core.decisions import (
    BaseDecisionModel,
    ClassifierRequest,
    ClassifierResponse,
    Question,
)
from langchain_core.decisions.types import State
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import ensure_config, merge_configs
from langchain_core.runnables.utils import ConfigurableFieldSpec, get_unique_config_specs
from pydantic import ConfigDict, Field, model_validator
from typing_extensions import Self

from langchain_vs._asked_model import AskedModel
from langchain_vs._convert import LangChainDialect, usage_of
from langchain_vs._decision_media import require_media
from langchain_vs._decision_questions import answer_to, label_questions
from langchain_vs._decision_state import Rendering, prompt_of
from langchain_vs._leading import LeadingSettings
from langchain_vs._loadable import Loadable
from langchain_vs._model import Askable, Model
from langchain_vs._nesting import NOSTREAM
from langchain_vs._shaping import models_in, require_shapeable, settled
from langchain_vs.chat_model import ChatVerbalizedSampling
from vs_core import PromptError, Trace, VerbalizedDistribution
from vs_core.adapters import Rounds
from vs_core.adapters.decisions import (
    DecisionSettings,
    decision_rounds,
    decisions_of,
    names_in_reply,
)
from vs_core.calibration import Calibration
from vs_core.decisions import Decision, LabelQuestion

_PROVIDER = "verbalized_sampling"
_QUIET: RunnableConfig = {"tags": [NOSTREAM]}


class VerbalizedDecisionResponse(ClassifierResponse):
    """Answers of langchain-core's own classes, and how they came about.

    Attributes:
        decisions: For each question what the model stated, and how far the calls differed.
        trace: What the calls cost, what was left out, and what had to be worked around.

    Example:
        >>> from langchain_core.decisions import Noul
        >>> from langchain_vs import SimulatedChatModel, VerbalizedDecisionModel
        >>> model = VerbalizedDecisionModel(SimulatedChatModel(seed=1))
        >>> questions = {"late": Noul(instructions="Is a parcel late?")}
        >>> response = model.invoke({"state": "Where is my parcel?", "questions": questions})
        >>> response.trace.calls, response.decisions["late"].calibrated
        (1, False)
    """

    decisions: dict[str, Decision] = Field(default_factory=dict)
    trace: Trace = Field(default_factory=Trace)


class VerbalizedDecisionModel(LeadingSettings, Loadable, BaseDecisionModel, DecisionSettings):
    """Answers questions with a probability for each label, by asking any chat model for them.

    All questions of a request are asked in one call. Whatever the model writes is read; a question
    that it leaves open is asked once more. A label that an answered question lacks has probability
    0; a question without an answer is an error, never a 0. The state is shown as data, in a tag
    that nothing in it can end: what it says is no instruction to the model.

    The probabilities are what the model states, made to sum to 1: how plausible each label seems to
    it, and no frequency, unless a `calibration` is given. An answer's `confidence` is the
    probability of its label, of a `Score` that of its most probable level.

    The model's own runs report the tokens; the response has their sum in `usage`.

    Attributes:
        llm: Any chat model, or any Runnable or function from messages to a message or a string; or
            a name such as `openai:gpt-4o-mini`. It may be given without its name. No
            `ChatVerbalizedSampling`, which answers with one draw.
        model: What the model is called in traces and responses; by default as it calls itself.
        calibration: What turns the stated probabilities into calibrated ones: one `Calibration`
            for all questions, or one for each id, where ids without one stay as stated. It must
            have been fitted on decisions made in the same way, with the same `n`.
            The other settings are those of `vs_core.adapters.decisions.DecisionSettings`.

    Raises:
        PromptError: When invoked without a question or a state, or with a `Box`.
        VerbalizedSamplingParserError: When a question got no answer; `llm_output` has the reply.
        VerbalizedSamplingRefusalError: When the provider reports that the model refused.
        UnexpectedToolCallError: When the model called a tool that is bound to it.

    Example:
        >>> from langchain_core.decisions import Choice
        >>> from langchain_vs import SimulatedChatModel, VerbalizedDecisionModel
        >>> model = VerbalizedDecisionModel(SimulatedChatModel(seed=1))
        >>> criteria = {"billing": "Charges, invoices.", "delivery": "Where a parcel is."}
        >>> questions = {"team": Choice(instructions="Which team?", criteria=criteria)}
        >>> response = model.invoke({"state": "My parcel is late.", "questions": questions})
        >>> list(response.choices["team"].probabilities)
        ['billing', 'delivery']
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    _leading: ClassVar[tuple[str, ...]] = ("llm",)

    llm: Model
    model: str = ""
    calibration: Calibration | Mapping[str, Calibration] | None = None

    if TYPE_CHECKING:

        def __init__(self, llm: Askable, **settings: Any) -> None: ...

        def invoke(
            self, input: ClassifierRequest, config: RunnableConfig | None = None, **_: Any
        ) -> VerbalizedDecisionResponse:
            """What comes back is known to checkers too."""

        async def ainvoke(
            self, input: ClassifierRequest, config: RunnableConfig | None = None, **_: Any
        ) -> VerbalizedDecisionResponse:
            """As `invoke`."""

    @model_validator(mode="after")
    def _model_states_and_draws_nothing(self) -> Self:
        models = models_in(self.llm, RunnableConfig())
        if any(isinstance(model, ChatVerbalizedSampling) for model in models):
            raise ValueError(
                "llm is or holds a ChatVerbalizedSampling, which answers with one draw, where all "
                "probabilities are asked for: give the model that it wraps"
            )
        return self

    @model_validator(mode="after")
    def _model_can_shape_replies(self) -> Self:
        require_shapeable(self.llm, self.exchange())
        return self

    @model_validator(mode="after")
    def _model_has_a_name(self) -> Self:
        if not self.model:
            self.model = _name_of(self._chat_model) or type(self.llm).__name__
        return self

    @property
    def config_specs(self) -> list[ConfigurableFieldSpec]:
        """What can be configured at run time, the inner model's fields included."""
        return get_unique_config_specs([*super().config_specs, *self.llm.config_specs])

    @property
    def _provider(self) -> str:
        model = self._chat_model
        told = model._get_ls_params().get("ls_provider") if model is not None else None  # noqa: SLF001  # what LangChain's own tracing asks
        return told or _PROVIDER

    @property
    def _chat_model(self) -> BaseChatModel | None:
        models = models_in(self.llm, RunnableConfig())
        return next((model for model in models if isinstance(model, BaseChatModel)), None)

    def _classify(self, state: State, questions: dict[str, Question]) -> VerbalizedDecisionResponse:
        decided = self._decided(state, questions)
        return self._response(decided, decided.model.run(decided.rounds))

    async def _aclassify(
        self, state: State, questions: dict[str, Question]
    ) -> VerbalizedDecisionResponse:
        decided = self._decided(state, questions)
        return self._response(decided, await decided.model.arun(decided.rounds))

    def _classify_and_record(self, request: ClassifierRequest) -> ClassifierResponse:
        # The base class would record the usage, which the model's own runs have recorded.
        return self._classify(*_parts_of(request))

    async def _aclassify_and_record(self, request: ClassifierRequest) -> ClassifierResponse:
        return await self._aclassify(*_parts_of(request))

    def _decided(self, state: State, questions: dict[str, Question]) -> _Decided:
        rendering = Rendering()
        asked = label_questions(questions, rendering)
        shown = "" if _is_empty(state) else rendering.text(state)
        if not shown.strip():
            raise PromptError("the state is empty: pass the text, messages or data to judge")
        require_media(models_in(self.llm, ensure_config()), rendering.media)
        config = merge_configs(ensure_config(), _QUIET)
        settings = settled(self.exchange(), self.llm, config)
        named = names_in_reply(list(asked.values()))
        rounds = decision_rounds(
            [prompt_of(shown, rendering.media)], named, settings, LangChainDialect(), self.n
        )
        return _Decided(AskedModel(self.llm, settings, config, {}), rounds, named, questions)

    def _response(
        self, decided: _Decided, found: VerbalizedDistribution[Any]
    ) -> VerbalizedDecisionResponse:
        decisions = {
            id_: self._calibrated(decision)
            for id_, decision in decisions_of(found, decided.named).items()
        }
        return VerbalizedDecisionResponse(
            model=found.trace.model or self.model,
            answers={
                question.id: answer_to(
                    question, decisions[question.id], decided.questions[question.id]
                )
                for question in decided.named.values()
            },
            usage=_usage_in(found.trace),
            decisions=decisions,
            trace=found.trace,
        )

    def _calibrated(self, decision: Decision) -> Decision:
        calibration = self.calibration
        if isinstance(calibration, Mapping):
            calibration = calibration.get(decision.id)
        return decision if calibration is None else decision.calibrated_by(calibration)


class _Decided(NamedTuple):
    """What is to be asked, and of whom."""

    model: AskedModel
    rounds: Rounds[BaseMessage]
    named: dict[str, LabelQuestion]
    questions: dict[str, Question]


def _is_empty(state: Any) -> bool:
    return state is None or (isinstance(state, (Sequence, Mapping)) and not state)


def _parts_of(request: Any) -> tuple[State, dict[str, Question]]:
    if not isinstance(request, Mapping) or not request.keys() >= {"state", "questions"}:
        raise PromptError(
            "a decision model takes a mapping with 'state' and 'questions': "
            "{'state': ..., 'questions': {'urgent': Noul(instructions=...)}}"
        )
    questions = request["questions"]
    return request["state"], dict(questions) if isinstance(questions, Mapping) else questions


def _name_of(model: BaseChatModel | None) -> str | None:
    names = (getattr(model, field, None) for field in ("model_name", "model"))
    return next((name for name in names if isinstance(name, str) and name), None)


def _usage_in(trace: Trace) -> UsageMetadata | None:
    if trace.input_tokens is None and trace.output_tokens is None:
        return None
    return usage_of(trace.input_tokens or 0, trace.output_tokens or 0)
