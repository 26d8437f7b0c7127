"""`SimulatedChatModel`: the built-in simulation as a LangChain chat model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from langchain_core.callbacks import (
    AsyncCallbackManagerForLLMRun,
    CallbackManagerForLLMRun,
)
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    ToolCall,
    ToolMessage,
)
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import tool_call, tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field, PrivateAttr

from langchain_vs._convert import LangChainDialect, text_of, usage_of
from langchain_vs._loadable import Loadable
from vs_core.adapters import TOOL_NAME
from vs_core.adapters.simulation import SimulatedCall, choose_call, pieces, require_choice
from vs_core.simulation import AnswerSpace, SimulatedModel

_ANY = (True, "any", "required")
_METADATA = {"model_name": "simulated", "simulated": True}
_AS_JSON = 'Write each in this form, as JSON: {"responses": [{"text": "...", "probability": 0.00}]}'


class SimulatedChatModel(Loadable, BaseChatModel):
    """A simulation of mode collapse and of verbalized sampling; no language model, no key.

    See `vs_core.simulation.SimulatedModel` for the theory. Its replies are marked
    `response_metadata["simulated"]`; say so wherever you show them.

    Tools can be bound, so that an agent can be tried without a key. Which one is called is a rule,
    and no judgement: the first that the user's last message mentions by its name (`get_weather`
    also by `weather`), with values that its schema allows, taken from that message where they can
    be; then the question is answered, and the tool's result has no part in that. `tool_choice` is
    obeyed, once for each tool of a turn. See `vs_core.simulation.tools`.

    Attributes:
        seed: Fixes the replies; None draws differently in each instance.
        alpha: Weight of the typicality bias, 0 or more.
        beta: Weight of the KL penalty, above 0.
        noise: Spread of the stated probabilities, 0 or more.
        space: A world of its own, whose answers are given to whatever is asked: for tests and
            benchmarks in a world of known size. None finds the answers of each question.

    Example:
        >>> from langchain_vs import SimulatedChatModel
        >>> SimulatedChatModel(seed=1).invoke("Roll a die.").content
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

    @property
    def _llm_type(self) -> str:
        return "simulated"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        settings = ("seed", "alpha", "beta", "noise")
        params: dict[str, Any] = {name: getattr(self, name) for name in settings}
        if self.space is not None:
            # A cache must tell worlds of one name apart.
            written = json.dumps(asdict(self.space)).encode()
            params["space"] = f"{self.space.name} {hashlib.sha256(written).hexdigest()[:16]}"
        return params

    @property
    def lc_attributes(self) -> dict[str, Any]:
        """A world of its own as `dumps` writes it and `loads` takes it."""
        return {} if self.space is None else {"space": asdict(self.space)}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: Any = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with tools that it may call.

        Args:
            tools: Of any kind that LangChain can describe to a model.
            tool_choice: `auto` or None, `any`, `required` or True, `none`, the name of the tool
                that must be called, or one of OpenAI's dicts.
            **kwargs: Further parameters, which change nothing.

        Raises:
            ValueError: The choice names none of the tools.

        Example:
            >>> from langchain_vs import SimulatedChatModel
            >>> def weather(city: str) -> str:
            ...     "Tell the weather in a city."
            >>> model = SimulatedChatModel(seed=1).bind_tools([weather])
            >>> [call] = model.invoke("How is the weather in Oslo?").tool_calls
            >>> call["name"], call["args"]
            ('weather', {'city': 'Oslo'})
        """
        described = [convert_to_openai_tool(tool) for tool in tools]
        require_choice(_choice(tool_choice), _functions(described))
        if tool_choice is not None:
            kwargs["tool_choice"] = tool_choice
        return self.bind(tools=described, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        answer = self._answer(messages, stop, kwargs)
        message = AIMessage(
            content=answer.text,
            tool_calls=answer.calls,
            response_metadata=dict(_METADATA),
            usage_metadata=self._usage(messages, answer),
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._generate(messages, stop, **kwargs)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for chunk in self._chunks(messages, stop, kwargs):
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
        for chunk in self._chunks(messages, stop, kwargs):
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    def _chunks(
        self, messages: list[BaseMessage], stop: list[str] | None, kwargs: Mapping[str, Any]
    ) -> Iterator[ChatGenerationChunk]:
        answer = self._answer(messages, stop, kwargs)
        for piece in pieces(answer.text):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        last = AIMessageChunk(
            content="",
            tool_call_chunks=[
                tool_call_chunk(
                    name=call["name"], args=json.dumps(call["args"]), id=call["id"], index=n
                )
                for n, call in enumerate(answer.calls)
            ],
            response_metadata=dict(_METADATA),
            usage_metadata=self._usage(messages, answer),
            chunk_position="last",
        )
        yield ChatGenerationChunk(message=last)

    def _answer(
        self, messages: list[BaseMessage], stop: list[str] | None, kwargs: Mapping[str, Any]
    ) -> _Answer:
        call = _call_for(messages, kwargs)
        if call is None:
            return _Answer(_until(self._reply(messages), stop or []), [])
        arguments = call.arguments
        if call.name == TOOL_NAME:
            arguments = self._responses(messages, _schema_of_responses(kwargs["tools"]))
        called = tool_call(name=call.name, args=arguments, id=f"simulated_call_{len(messages)}")
        return _Answer("", [called])

    def _responses(
        self, messages: list[BaseMessage], schema: dict[str, Any] | None
    ) -> dict[str, Any]:
        """What verbalized sampling asks for as the arguments of a tool.

        Questions with labels are known by their own wording, and answered in their own form.
        """
        conversation = [*_conversation(messages), ("system", _AS_JSON)]
        return dict(json.loads(self._model.reply(conversation, schema=schema)))

    def _reply(self, messages: list[BaseMessage]) -> str:
        return self._model.reply(_conversation(messages))

    def _usage(self, messages: list[BaseMessage], answer: _Answer) -> UsageMetadata:
        sent = sum(self._model.count_tokens(text_of(message)) for message in messages)
        arguments = "".join(json.dumps(call["args"]) for call in answer.calls)
        return usage_of(sent, self._model.count_tokens(answer.text + arguments))


class _Answer(NamedTuple):
    """What the model says, or calls."""

    text: str
    calls: list[ToolCall]


def _call_for(messages: Sequence[BaseMessage], kwargs: Mapping[str, Any]) -> SimulatedCall | None:
    tools = _functions(kwargs.get("tools") or ())
    if not tools:
        return None
    asked = [n for n, message in enumerate(messages) if isinstance(message, HumanMessage)]
    at = asked[-1] if asked else len(messages) - 1
    since = [message for message in messages[at:] if isinstance(message, AIMessage)]
    return choose_call(
        text_of(messages[at]),
        tools,
        choice=_choice(kwargs.get("tool_choice")),
        called={call["name"] for message in since for call in message.tool_calls},
    )


def _schema_of_responses(tools: Sequence[Any]) -> dict[str, Any] | None:
    """The schema of each response in the tool of verbalized sampling, None for texts and labels."""
    [parameters] = [f["parameters"] for f in _functions(tools) if f["name"] == TOOL_NAME]
    responses = parameters["properties"].get("responses", {})
    text = responses.get("items", {}).get("properties", {}).get("text", {})
    if not text or (text.keys() <= {"type", "description"} and text.get("type") == "string"):
        return None
    return {**text, "$defs": parameters["$defs"]} if "$defs" in parameters else dict(text)


def _functions(tools: Sequence[Any]) -> list[dict[str, Any]]:
    """Name and parameters of each; what a provider would do by itself has none."""
    described = map(convert_to_openai_tool, tools)
    return [tool["function"] for tool in described if "function" in tool]


def _choice(given: Any) -> str:
    if isinstance(given, Mapping):
        return str(given.get("function", given).get("name") or given.get("type"))
    if given in _ANY:
        return "any"
    return given or "auto"


def _said_by(message: BaseMessage) -> str:
    """A message's text; of one that calls the tool of verbalized sampling, what it answered."""
    calls = getattr(message, "tool_calls", None) or ()
    answers = [json.dumps(call["args"]) for call in calls if call["name"] == TOOL_NAME]
    return answers[0] if answers else text_of(message)


def _conversation(messages: Sequence[BaseMessage]) -> list[tuple[str, str]]:
    """Role and text of each message; calls and their results only if nothing else is there."""
    spoken = [
        message
        for message in messages
        if not (isinstance(message, ToolMessage) or getattr(message, "tool_calls", None))
        or _said_by(message) != text_of(message)
    ]
    is_asked = any(isinstance(message, HumanMessage) for message in spoken)
    return [(_role(message), _said_by(message)) for message in (spoken if is_asked else messages)]


def _role(message: BaseMessage) -> str:
    role = LangChainDialect().role(message)
    # What comes from elsewhere, such as a tool's result, is something the model is told.
    return role if role in {"system", "user", "assistant"} else "user"


def _until(reply: str, stop: list[str]) -> str:
    return reply[: min((at for mark in stop if (at := reply.find(mark)) >= 0), default=len(reply))]
