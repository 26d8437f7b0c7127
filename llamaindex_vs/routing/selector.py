"""`VerbalizedSelector`: routes with their probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from llama_index.core.base.base_selector import BaseSelector, MetadataType
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.llms.llm import LLM
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.schema import QueryBundle, QueryType
from llama_index.core.tools import ToolMetadata
from llama_index_instrumentation import get_dispatcher
from typing_extensions import Self

from llamaindex_vs.asking.asked_model import AskedModel, resolve_llm, with_system_prompt
from llamaindex_vs.asking.exchange import arun, run
from llamaindex_vs.asking.instruction_template import INSTRUCTIONS, as_template, text_of_template
from llamaindex_vs.asking.messages import LlamaIndexDialect
from llamaindex_vs.asking.shaping import require_shapeable
from llamaindex_vs.events import VerbalizedSelectionEvent
from llamaindex_vs.pydantic_internals import settings_of
from llamaindex_vs.routing.choices import route_question
from llamaindex_vs.routing.result import VerbalizedSelectorResult, result_of
from llamaindex_vs.routing.settings import SelectorSettings, SelectRoute
from vs_core import Trace, VerbalizedDistribution
from vs_core.adapters import Placement, Rounds, StructuredOutput
from vs_core.adapters.decisions import ROUTING, decision_rounds, decisions_of, state_prompt
from vs_core.adapters.retrieval import require_query
from vs_core.calibration import Calibration
from vs_core.decisions import Decision, LabelQuestion

ONLY_CHOICE = "there is only one choice, and so no model was asked"

_dispatcher = get_dispatcher(__name__)


class VerbalizedSelector(BaseSelector):
    """Chooses among query engines, retrievers or other tools by probabilities that a model states.

    It stands wherever LlamaIndex takes a selector: `RouterQueryEngine`, `RouterRetriever`, or by
    itself. One call asks for the probability of each choice; whatever the model writes is read, and
    it is asked once more if nothing can be. A choice that the model leaves out has probability 0.
    The result has all probabilities, and so has a `VerbalizedSelectionEvent`.

    The model knows each choice by the name of its tool if every choice has a name of its own (at
    least one letter, no marks, not LlamaIndex's default, and no two alike but for case and
    punctuation), else by a number from 1; beside it stands the description. Names are safer:
    numbers of choices and numbers of probabilities can be confused. Query, names and descriptions
    pass through no template.

    The probabilities are what the model states, made to sum to 1: how plausible each choice seems
    to it, and no frequency, unless a `calibration` is given.

    Where there is one choice only, it is taken without a call. The selection is never empty.

    Args:
        llm: Any LlamaIndex model; None asks `Settings.llm` as it is at each call. A
            `VerbalizedSamplingLLM` is unwrapped.
        multi: Whether several choices may be taken; None for yes if `threshold` or `max_outputs`
            is given. (The `select_multi` of `RouterQueryEngine.from_defaults` says nothing to a
            selector that it is given.)
        select: `best` takes the most probable choice. `sample` draws one in proportion to the
            probabilities. Of several, `sample` draws as many as `best` would take, without
            replacement; a choice whose probability is 0 is not drawn.
        threshold: Of several: every choice is taken whose probability is at least this, a
            fraction from 0 to 1, and above 0; if none is, the most probable one, and the trace
            says so. None takes those that have at least an even share, 1 / number of choices.
        max_outputs: Of several: most choices to take. Named as in `LLMMultiSelector`.
        seed: Makes `sample` repeatable: equal probabilities then give equal choices. None draws
            afresh for each query.
        calibration: Turns the stated probabilities into calibrated ones. It must have been fitted
            on selections made in the same way, with the same model and settings.
        n: How many calls are asked the same; their probabilities are averaged, and the decision
            of the result has the spread between them.
        structured_output: As for `VerbalizedSampler`; `auto` has the provider enforce the labels
            where the model is known to do that.
        instructions: Your own wording of what to choose by; None takes
            `vs_core.adapters.decisions.ROUTING`. Plain text: braces are left alone.
        placement: Put the instruction into the `system` message, or in front of the query in the
            `user` message.
        max_reasks: How many times a call is put again whose reply says nothing of any choice.
        num_workers: Most calls at a time.
        keep_replies: Keep the raw text of each reply in the result's `trace.replies`.

    Raises:
        PromptError: When asked with a blank query, without choices, or with a choice that has
            neither a description nor a name.
        UnsuitableModelError: When the model cannot shape its reply as the settings ask.
        VerbalizedSamplingParserError: When no reply said anything of any choice; `reply` has the
            last one.
        RefusalError: When the provider reports that the model refused.

    Example:
        >>> from llama_index.core.llms import MockFunctionCallingLLM
        >>> from llamaindex_vs import VerbalizedSelector
        >>> llm = MockFunctionCallingLLM(blocks_to_content_callback=lambda *_: "1: 70 %, 2: 30 %")
        >>> selector = VerbalizedSelector(llm)
        >>> result = selector.select(["sums it up", "looks it up"], "What is it about?")
        >>> result.ind, result.probabilities
        (0, {0: 0.7, 1: 0.3})
    """

    def __init__(
        self,
        llm: LLM | None = None,
        *,
        multi: bool | None = None,
        select: SelectRoute = "best",
        threshold: float | None = None,
        max_outputs: int | None = None,
        seed: int | None = None,
        calibration: Calibration | None = None,
        n: int = 1,
        structured_output: StructuredOutput | None = "auto",
        instructions: str | None = None,
        placement: Placement = "system",
        max_reasks: int = 1,
        num_workers: int = 4,
        keep_replies: bool = False,
    ) -> None:
        with settings_of(self):
            self._settings = SelectorSettings(
                multi=multi,
                select=select,
                threshold=threshold,
                max_outputs=max_outputs,
                seed=seed,
                calibration=calibration,
                n=n,
                structured_output=structured_output,
                instructions=instructions,
                placement=placement,
                max_reasks=max_reasks,
                num_workers=num_workers,
                keep_replies=keep_replies,
            )
        require_shapeable(llm and resolve_llm(llm), self._settings.exchange())
        self._llm = llm

    @classmethod
    def from_defaults(cls, llm: LLM | None = None, **settings: Any) -> Self:
        """The same as the class, for code that makes LlamaIndex's selectors.

        Args:
            llm: The model.
            **settings: As the class takes them.
        """
        return cls(llm, **settings)

    @classmethod
    def class_name(cls) -> str:
        """The component's name in LlamaIndex."""
        return "VerbalizedSelector"

    def select(self, choices: Sequence[MetadataType], query: QueryType) -> VerbalizedSelectorResult:
        """Choose.

        Args:
            choices: Tools' metadata, or descriptions.
            query: A string, or a query bundle, of which the string is read.
        """
        return cast("VerbalizedSelectorResult", super().select(choices, query))

    async def aselect(
        self, choices: Sequence[MetadataType], query: QueryType
    ) -> VerbalizedSelectorResult:
        """As `select`, without blocking."""
        return cast("VerbalizedSelectorResult", await super().aselect(choices, query))

    def _select(
        self, choices: Sequence[ToolMetadata], query: QueryBundle
    ) -> VerbalizedSelectorResult:
        asked, question = require_query(query.query_str), self._question(choices)
        if len(question.labels) == 1:
            return self._only(asked, question)
        model = self._model()
        found = run(model, self._rounds(model, asked, question), self._settings.num_workers)
        return self._decided(asked, question, found)

    async def _aselect(
        self, choices: Sequence[ToolMetadata], query: QueryBundle
    ) -> VerbalizedSelectorResult:
        asked, question = require_query(query.query_str), self._question(choices)
        if len(question.labels) == 1:
            return self._only(asked, question)
        model = self._model()
        found = await arun(model, self._rounds(model, asked, question), self._settings.num_workers)
        return self._decided(asked, question, found)

    def _question(self, choices: Sequence[ToolMetadata]) -> LabelQuestion:
        return route_question(choices, self._settings.instructions or ROUTING)

    def _model(self) -> AskedModel:
        return AskedModel(resolve_llm(self._llm), self._settings.exchange(), {})

    def _rounds(
        self, model: AskedModel, query: str, question: LabelQuestion
    ) -> Rounds[ChatMessage]:
        dialect = LlamaIndexDialect()
        prompt = with_system_prompt(model.llm, [dialect.user(state_prompt(query))])
        questions = {question.id: question}
        return decision_rounds(prompt, questions, model.settings, dialect, self._settings.n)

    def _only(self, query: str, question: LabelQuestion) -> VerbalizedSelectorResult:
        decision = Decision(id=question.id, probabilities=dict.fromkeys(question.labels, 1.0))
        return self._told(query, decision, Trace(notes=(ONLY_CHOICE,)))

    def _decided(
        self, query: str, question: LabelQuestion, found: VerbalizedDistribution[Any]
    ) -> VerbalizedSelectorResult:
        decision, trace = decisions_of(found, {question.id: question})[question.id], found.trace
        if self._settings.calibration is not None:
            decision = decision.calibrated_by(self._settings.calibration)
        return self._told(query, decision, trace)

    def _told(self, query: str, decision: Decision, trace: Trace) -> VerbalizedSelectorResult:
        labels, shares = list(decision.probabilities), list(decision.probabilities.values())
        taken = self._settings.taken(shares)
        trace = trace.noting(*self._settings.remarks(shares))
        _dispatcher.event(
            VerbalizedSelectionEvent(
                component=self.class_name(),
                query=query,
                decision=decision,
                selected=tuple(labels[at] for at in taken),
                trace=trace,
            )
        )
        return result_of(decision, taken, trace)

    def _get_prompts(self) -> PromptDictType:
        return {INSTRUCTIONS: as_template(self._settings.instructions or ROUTING)}

    def _update_prompts(self, prompts_dict: PromptDictType) -> None:
        if INSTRUCTIONS in prompts_dict:
            text = text_of_template(prompts_dict[INSTRUCTIONS])
            self._settings = self._settings.model_copy(update={"instructions": text})
