"""`AnswerSampler`: asks for several answers to one question, and draws one of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from typing import Any

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.llms.llm import LLM
from llama_index_instrumentation import get_dispatcher

from llamaindex_vs.answering.answer import Answer
from llamaindex_vs.answering.refinement import FilledPrompt, Refinement
from llamaindex_vs.asking.asked_model import AskedModel, resolve_llm, with_system_prompt
from llamaindex_vs.asking.exchange import arun_exchange, run_exchange
from llamaindex_vs.asking.sampler import VerbalizedSampler
from llamaindex_vs.asking.shaping import require_shapeable
from llamaindex_vs.events import VerbalizedSamplingEvent
from vs_core import VerbalizedDistribution
from vs_core.adapters import DrawSettings

_dispatcher = get_dispatcher(__name__)


@dataclass(frozen=True)
class AnswerSampler:
    """Asks the last prompt of a question for a distribution, and draws; those before it plainly.

    Attributes:
        component: Whose events these are.
        sampler: Has the model and the settings of the exchange.
        drawing: How one of the answers is chosen.
    """

    component: str
    sampler: VerbalizedSampler
    drawing: DrawSettings

    def llm(self) -> LLM:
        """The model to ask.

        Raises:
            UnsuitableModelError: It cannot answer as the settings say.
        """
        llm = resolve_llm(self.sampler.llm)
        require_shapeable(llm, self.sampler)
        return llm

    def answer(self, query: str, refinement: Refinement) -> Answer:
        """One answer, drawn.

        Args:
            query: The question, for the event.
            refinement: Its prompts.
        """
        llm, prompt = refinement.llm, refinement.next_prompt()
        while refinement.more:
            refinement.take(llm.predict(prompt.template, **prompt.variables))
            prompt = refinement.next_prompt()
        model, messages = self._asked(llm, prompt)
        return self._drawn(query, run_exchange(model, messages, self.sampler.num_workers))

    async def aanswer(self, query: str, refinement: Refinement) -> Answer:
        """As `answer`, without blocking."""
        llm, prompt = refinement.llm, refinement.next_prompt()
        while refinement.more:
            refinement.take(await llm.apredict(prompt.template, **prompt.variables))
            prompt = refinement.next_prompt()
        model, messages = self._asked(llm, prompt)
        return self._drawn(query, await arun_exchange(model, messages, self.sampler.num_workers))

    def stream(self, query: str, refinement: Refinement) -> Generator[str, None, None]:
        """The answer word by word, once it has been drawn."""
        yield from self.answer(query, refinement).pieces()

    async def astream(self, query: str, refinement: Refinement) -> AsyncGenerator[str, None]:
        """As `stream`, without blocking."""
        for piece in (await self.aanswer(query, refinement)).pieces():
            yield piece

    def _asked(self, llm: LLM, prompt: FilledPrompt) -> tuple[AskedModel, list[ChatMessage]]:
        messages = with_system_prompt(llm, prompt.messages(llm))
        return AskedModel(llm, self.sampler, {}), messages

    def _drawn(self, query: str, distribution: VerbalizedDistribution[Any]) -> Answer:
        _dispatcher.event(
            VerbalizedSamplingEvent(
                component=self.component, query=query, distribution=distribution
            )
        )
        return Answer.of(self.drawing.draw(distribution), distribution)
