"""`SimulatedLLM`: the built-in simulation as a LlamaIndex model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.generic_utils import (
    achat_to_completion_decorator,
    astream_chat_to_completion_decorator,
    chat_to_completion_decorator,
    stream_chat_to_completion_decorator,
)
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseAsyncGen,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseAsyncGen,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from llama_index.core.llms.llm import LLM
from pydantic import Field, PrivateAttr

from llamaindex_vs.asking.messages import LlamaIndexDialect
from llamaindex_vs.asking.replies import text_of
from vs_core.adapters.simulation import pieces
from vs_core.simulation import AnswerSpace, SimulatedModel


class SimulatedLLM(LLM):
    """A simulation of mode collapse and of verbalized sampling; no language model, no key.

    See `vs_core.simulation.SimulatedModel` for the theory. Its replies are marked
    `raw["simulated"]`; say so wherever you show them.

    Attributes:
        seed: Fixes the replies; None draws differently in each instance.
        alpha: Weight of the typicality bias, 0 or more.
        beta: Weight of the KL penalty, above 0.
        noise: Spread of the stated probabilities, 0 or more.
        space: A world of its own, whose answers are given to whatever is asked: for tests and
            benchmarks in a world of known size. None finds the answers of each question.

    Example:
        >>> from llamaindex_vs import SimulatedLLM
        >>> SimulatedLLM(seed=1).complete("Roll a die.").text
        '4'
    """

    seed: int | None = None
    alpha: float = Field(default=0.6, ge=0.0, allow_inf_nan=False)
    beta: float = Field(default=0.2, gt=0.0, allow_inf_nan=False)
    noise: float = Field(default=0.15, ge=0.0, allow_inf_nan=False)
    space: AnswerSpace | None = None

    _model: SimulatedModel = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Build the simulation once the settings are known to be valid."""
        super().model_post_init(context)
        self._model = SimulatedModel(
            self.seed, alpha=self.alpha, beta=self.beta, noise=self.noise, space=self.space
        )

    @classmethod
    def class_name(cls) -> str:
        """The model's name in LlamaIndex."""
        return "SimulatedLLM"

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex asks of a model before it packs a prompt."""
        return LLMMetadata(model_name="simulated", is_chat_model=True)

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """The simulated reply."""
        reply = self._reply(messages)
        return _response(reply, raw=self._report(messages, reply))

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """The simulated reply."""
        reply = self._reply(messages)
        return _response(reply, raw=self._report(messages, reply))

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """The simulated reply, token by token; the last item reports its cost."""
        return self._responses(messages)

    @llm_chat_callback()
    async def astream_chat(
        self, messages: Sequence[ChatMessage], **kwargs: Any
    ) -> ChatResponseAsyncGen:
        """As `stream_chat`."""

        async def responses() -> ChatResponseAsyncGen:
            for response in self._responses(messages):
                yield response

        return responses()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """As `chat` with one user message."""
        return chat_to_completion_decorator(self.chat)(prompt, **kwargs)

    @llm_completion_callback()
    async def acomplete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponse:
        """As `chat` with one user message."""
        return await achat_to_completion_decorator(self.achat)(prompt, **kwargs)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        """As `stream_chat` with one user message."""
        return stream_chat_to_completion_decorator(self.stream_chat)(prompt, **kwargs)

    @llm_completion_callback()
    async def astream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseAsyncGen:
        """As `stream_chat` with one user message."""
        return await astream_chat_to_completion_decorator(self.astream_chat)(prompt, **kwargs)

    def _responses(self, messages: Sequence[ChatMessage]) -> ChatResponseGen:
        reply, written = self._reply(messages), ""
        for piece in pieces(reply):
            written += piece
            yield _response(written, delta=piece)
        yield _response(reply, delta="", raw=self._report(messages, reply))

    def _reply(self, messages: Sequence[ChatMessage]) -> str:
        return self._model.reply([(_role(m), text_of(m)) for m in messages])

    def _report(self, messages: Sequence[ChatMessage], reply: str) -> dict[str, Any]:
        usage = {
            "prompt_tokens": sum(self._model.count_tokens(text_of(m)) for m in messages),
            "completion_tokens": self._model.count_tokens(reply),
        }
        return {"model": "simulated", "simulated": True, "usage": usage}


def _response(
    text: str, *, delta: str | None = None, raw: dict[str, Any] | None = None
) -> ChatResponse:
    message = ChatMessage(role=MessageRole.ASSISTANT, content=text)
    return ChatResponse(message=message, delta=delta, raw=raw)


def _role(message: ChatMessage) -> str:
    role = LlamaIndexDialect().role(message)
    # What comes from elsewhere, such as a tool's result, is something the model is told.
    return role if role in {"system", "user", "assistant"} else "user"
