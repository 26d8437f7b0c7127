"""`SimulatedChatModel`: the built-in simulation as a LangChain chat model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForLLMRun,
    CallbackManagerForLLMRun,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field, PrivateAttr

from langchain_vs._convert import LangChainDialect, text_of, usage_of
from langchain_vs._loadable import Loadable
from vs_core.simulation import SimulatedModel, pieces

_METADATA = {"model_name": "simulated", "simulated": True}


class SimulatedChatModel(Loadable, BaseChatModel):
    """A simulation of mode collapse and of verbalized sampling; no language model, no key.

    See `vs_core.simulation.SimulatedModel` for the theory. Its replies are marked
    `response_metadata["simulated"]`; say so wherever you show them.

    Attributes:
        seed: Fixes the replies; None draws differently in each instance.
        alpha: Weight of the typicality bias, 0 or more.
        beta: Weight of the KL penalty, above 0.
        noise: Spread of the stated probabilities, 0 or more.

    Example:
        >>> from langchain_vs import SimulatedChatModel
        >>> SimulatedChatModel(seed=1).invoke("Roll a die.").content
        '4'
    """

    seed: int | None = None
    alpha: float = Field(default=0.6, ge=0.0, allow_inf_nan=False)
    beta: float = Field(default=0.2, gt=0.0, allow_inf_nan=False)
    noise: float = Field(default=0.15, ge=0.0, allow_inf_nan=False)

    _model: SimulatedModel = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Build the simulation once the settings are known to be valid."""
        super().model_post_init(context)
        self._model = SimulatedModel(self.seed, alpha=self.alpha, beta=self.beta, noise=self.noise)

    @property
    def _llm_type(self) -> str:
        return "simulated"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"seed": self.seed, "alpha": self.alpha, "beta": self.beta, "noise": self.noise}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = self._reply(messages, stop)
        message = AIMessage(
            content=reply,
            response_metadata=dict(_METADATA),
            usage_metadata=self._usage(messages, reply),
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._generate(messages, stop)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for chunk in self._chunks(messages, stop):
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self._chunks(messages, stop):
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    def _chunks(
        self, messages: list[BaseMessage], stop: list[str] | None
    ) -> Iterator[ChatGenerationChunk]:
        reply = self._reply(messages, stop)
        for piece in pieces(reply):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        last = AIMessageChunk(
            content="",
            response_metadata=dict(_METADATA),
            usage_metadata=self._usage(messages, reply),
            chunk_position="last",
        )
        yield ChatGenerationChunk(message=last)

    def _reply(self, messages: list[BaseMessage], stop: list[str] | None) -> str:
        reply = self._model.reply([(_role(m), text_of(m)) for m in messages])
        return _until(reply, stop or [])

    def _usage(self, messages: list[BaseMessage], reply: str) -> UsageMetadata:
        sent = sum(self._model.count_tokens(text_of(message)) for message in messages)
        return usage_of(sent, self._model.count_tokens(reply))


def _role(message: BaseMessage) -> str:
    role = LangChainDialect().role(message)
    # What comes from elsewhere, such as a tool's result, is something the model is told.
    return role if role in {"system", "user", "assistant"} else "user"


def _until(reply: str, stop: list[str]) -> str:
    return reply[: min((at for mark in stop if (at := reply.find(mark)) >= 0), default=len(reply))]
