"""Every way to run an exchange in either framework, with what it sent and what came out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import BaseMessage
from llama_index.core.base.llms.types import ChatMessage, TextBlock

from langchain_vs import VerbalizedSamplingRunnable
from llamaindex_vs import VerbalizedSampler
from tests.lc.models import ScriptedChatModel
from tests.li.models import ScriptedLLM
from vs_core import NoCandidatesError, RefusalError, VerbalizedDistribution

Distribution = VerbalizedDistribution[Any]
Driver = Callable[[Any, Any], Awaitable[Distribution]]
Sent = list[list[tuple[str, str]]]


async def _invoke(vs: VerbalizedSamplingRunnable, prompt: Any) -> Distribution:
    return vs.invoke(prompt)


async def _ainvoke(vs: VerbalizedSamplingRunnable, prompt: Any) -> Distribution:
    return await vs.ainvoke(prompt)


async def _batch(vs: VerbalizedSamplingRunnable, prompt: Any) -> Distribution:
    return vs.batch([prompt])[0]


async def _abatch(vs: VerbalizedSamplingRunnable, prompt: Any) -> Distribution:
    return (await vs.abatch([prompt]))[0]


async def _run(vs: VerbalizedSampler, prompt: Any) -> Distribution:
    return vs.run(prompt)


async def _arun(vs: VerbalizedSampler, prompt: Any) -> Distribution:
    return await vs.arun(prompt)


async def _stream(vs: VerbalizedSamplingRunnable | VerbalizedSampler, prompt: Any) -> Distribution:
    return sum(vs.stream(prompt), VerbalizedDistribution())


async def _astream(vs: VerbalizedSamplingRunnable | VerbalizedSampler, prompt: Any) -> Distribution:
    return sum([chunk async for chunk in vs.astream(prompt)], VerbalizedDistribution())


LANGCHAIN: dict[str, Driver] = {
    "invoke": _invoke,
    "ainvoke": _ainvoke,
    "stream": _stream,
    "astream": _astream,
}
LANGCHAIN_BATCHES: dict[str, Driver] = {"batch": _batch, "abatch": _abatch}
LLAMAINDEX: dict[str, Driver] = {
    "run": _run,
    "arun": _arun,
    "stream": _stream,
    "astream": _astream,
}


@dataclass(frozen=True)
class Exchange:
    """What a driver sent, and what came out.

    Attributes:
        driver: Its name.
        sent: Role and text of each message, call by call.
        outcome: The distribution, or the error.
    """

    driver: str
    sent: Sent
    outcome: Distribution | Exception

    @property
    def comparable(self) -> Any:
        """The outcome without what is each framework's own."""
        if not isinstance(self.outcome, Exception):
            return self.outcome
        # Each has a class of its own, and adds advice of its own to the message.
        for kind in (NoCandidatesError, RefusalError):
            if isinstance(self.outcome, kind):
                return kind, self.outcome.reply
        return type(self.outcome), str(self.outcome)

    @property
    def unordered(self) -> Any:
        """The outcome of calls that reach the model in any order."""
        if isinstance(self.outcome, Exception):
            return self.comparable
        candidates = [(c.text, c.stated, c.probability) for c in self.outcome]
        return sorted(candidates), self.outcome.trace


async def run_langchain(
    prompt: Any, script: Sequence[Any], settings: dict[str, Any], how: str = "invoke"
) -> Exchange:
    """The exchange that the runnable has with a scripted model."""
    model = ScriptedChatModel(script=list(script))
    vs = VerbalizedSamplingRunnable(llm=model, **settings)
    driver = {**LANGCHAIN, **LANGCHAIN_BATCHES}[how]
    outcome = await _outcome(driver(vs, prompt))
    sent = [[_told_langchain(message) for message in call] for call in model.calls]
    return Exchange(f"LangChain {how}", sent, outcome)


async def run_llamaindex(
    prompt: Any, script: Sequence[Any], settings: dict[str, Any], how: str = "run"
) -> Exchange:
    """The exchange that the sampler has with a scripted model."""
    model = ScriptedLLM(script=list(script))
    vs = VerbalizedSampler(llm=model, **settings)
    outcome = await _outcome(LLAMAINDEX[how](vs, prompt))
    sent = [[_told_llamaindex(message) for message in call] for call in model.calls]
    return Exchange(f"LlamaIndex {how}", sent, outcome)


async def _outcome(running: Awaitable[Distribution]) -> Distribution | Exception:
    try:
        return await running
    except Exception as error:  # noqa: BLE001  # errors are compared like results
        return error


def _told_langchain(message: BaseMessage) -> tuple[str, str]:
    role = {"human": "user", "ai": "assistant"}.get(message.type, message.type)
    if isinstance(message.content, str):
        return role, message.content
    blocks = [block for block in message.content if isinstance(block, dict)]
    return role, _parts([block.get("text") for block in blocks])


def _told_llamaindex(message: ChatMessage) -> tuple[str, str]:
    blocks = message.blocks
    if len(blocks) == 1 and isinstance(blocks[0], TextBlock):
        return message.role.value, blocks[0].text
    texts = [block.text if isinstance(block, TextBlock) else None for block in blocks]
    return message.role.value, _parts(texts)


def _parts(texts: Sequence[Any]) -> str:
    """Texts of a message with several blocks; the line breaks between them are the framework's."""
    return "|".join("<other>" if text is None else text.strip("\n") for text in texts)
