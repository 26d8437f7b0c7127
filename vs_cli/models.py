"""Models, by name: a provider's, through LangChain, or the built-in simulation."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from pydantic import ValidationError

from langchain_vs import SimulatedChatModel
from vs_cli.errors import MisuseError
from vs_core import MissingExtraError

KEYS = {
    "anthropic": "ANTHROPIC_API_KEY",
    "azure_openai": "AZURE_OPENAI_API_KEY",
    "cohere": "COHERE_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "fireworks": "FIREWORKS_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "groq": "GROQ_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
    "nvidia": "NVIDIA_API_KEY",
    "openai": "OPENAI_API_KEY",
    "openrouter": "OPENROUTER_API_KEY",
    "perplexity": "PPLX_API_KEY",
    "together": "TOGETHER_API_KEY",
    "xai": "XAI_API_KEY",
}
"""The environment variable each provider's LangChain package reads."""

_NO_KEY = "not-needed"
"""Local servers that speak as OpenAI's does ask for no key, but its client does."""

_OPENAIS_OWN = ("openai.com", "azure.com", "azure.us", "azure.cn")
"""Where a limit is to be called as OpenAI's package calls it."""

_SHORTEST_SECRET = 8
"""Shorter ones are no secrets, and stand in any text by chance."""


class ModelUnavailableError(MisuseError):
    """The model cannot be set up; the message says what to install or set."""


@dataclass(frozen=True, kw_only=True)
class ChosenModel:
    """What the command line says about the model.

    Attributes:
        name: `provider:model`, as `init_chat_model` takes it; None for the simulation.
        base_url: Where it is served; may hold a name and a password.
        temperature: Of its sampling.
        max_tokens: Most tokens of one reply.
        timeout: Seconds to wait for one reply.
        reply_limit: How `max_tokens` is called on the command line.

    Raises:
        MisuseError: Something is said about a model, and none is chosen.
    """

    name: str | None = None
    base_url: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    timeout: float | None = None
    reply_limit: str = "--max-tokens"

    def __post_init__(self) -> None:
        if self.name is None and (options := self.given):
            first = next(iter(options))
            option = self.reply_limit if first == "max_tokens" else f"--{first.replace('_', '-')}"
            raise MisuseError(
                f"{option} is for a language model, and without --model a simulation answers: "
                f"add --model, such as --model openai:NAME, or leave {option} out"
            )

    @classmethod
    def of(cls, asked: argparse.Namespace) -> ChosenModel:
        """The choice that a command line makes."""
        return cls(
            name=asked.model,
            base_url=asked.base_url,
            temperature=asked.temperature,
            max_tokens=asked.reply_tokens,
            timeout=asked.timeout,
            reply_limit=asked.reply_limit,
        )

    @property
    def given(self) -> dict[str, Any]:
        """What is said about it, as the provider's package takes it."""
        options = {
            "base_url": self.base_url,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "timeout": self.timeout,
        }
        return {name: value for name, value in options.items() if value is not None}

    @property
    def options(self) -> dict[str, Any]:
        """What changes its answers, without secrets; what is left to the provider is left out."""
        options = {name: value for name, value in self.given.items() if name != "timeout"}
        return options | ({"base_url": _place(self.base_url)} if self.base_url else {})

    def without_secrets(self, text: str) -> str:
        """The text, for a file, without key and password, should a server have repeated them."""
        address = _parts(self.base_url or "")
        password = address.password or ""
        known = [password, unquote(password), address.query, os.environ.get(self._key or "", "")]
        for secret in known:
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, "***")
        return text

    @property
    def _key(self) -> str | None:
        return KEYS.get((self.name or "").partition(":")[0])

    @property
    def _arguments(self) -> dict[str, Any]:
        given = self.given | self._limit
        if self._limit:
            del given["max_tokens"]
        needs_none = self.base_url is not None and self._key == KEYS["openai"]
        if needs_none and not os.environ.get(KEYS["openai"]):
            given["api_key"] = _NO_KEY
        return given

    @property
    def _limit(self) -> dict[str, Any]:
        """The limit of a reply as the server reads it, where the provider's package has it amiss.

        OpenAI's package says `max_completion_tokens`, which Ollama's server drops without a word;
        every server that speaks as OpenAI's does knows `max_tokens`, but for OpenAI's own, which
        refuses it for its newer models. Ollama's package drops that one, too.
        """
        if self.max_tokens is None:
            return {}
        if (self.name or "").startswith("ollama:"):
            return {"num_predict": self.max_tokens}
        if self._key == KEYS["openai"] and self.base_url and not _is_openais_own(self.base_url):
            return {"extra_body": {"max_tokens": self.max_tokens}}
        return {}

    def model(self, seed: int | None) -> BaseChatModel:
        """Set it up.

        Args:
            seed: Makes the simulation repeatable.

        Raises:
            ModelUnavailableError: A package or a key is missing, or the name is not understood.
        """
        if self.name is None:
            return SimulatedChatModel(seed=seed)
        try:
            from langchain.chat_models import init_chat_model  # noqa: PLC0415  # rarely needed
        except ImportError as error:
            missing = MissingExtraError.for_extra("--model", "cli", "langchain")
            raise ModelUnavailableError(str(missing)) from error
        try:
            model: Any = init_chat_model(self.name, **self._arguments)
        except Exception as error:
            # Each provider's package has errors of its own for a missing key.
            raise ModelUnavailableError(_advice("--model", self.name, error)) from error
        if not isinstance(model, BaseChatModel):
            raise ModelUnavailableError(f"--model {self.name}: this is no chat model")
        return model


def find_embeddings(name: str) -> Embeddings:
    """Set up the model that embeds responses.

    Args:
        name: `provider:model`, as `init_embeddings` takes it.

    Raises:
        ModelUnavailableError: As for `ChosenModel.model`.
    """
    try:
        from langchain.embeddings import init_embeddings  # noqa: PLC0415  # as above
    except ImportError as error:
        missing = MissingExtraError.for_extra("--embeddings", "cli", "langchain")
        raise ModelUnavailableError(str(missing)) from error
    try:
        return init_embeddings(name)
    except Exception as error:
        # As above.
        raise ModelUnavailableError(_advice("--embeddings", name, error)) from error


def _advice(option: str, name: str, error: Exception) -> str:
    provider = name.partition(":")[0]
    key = KEYS.get(provider)
    if not isinstance(error, ImportError) and key and not os.environ.get(key):
        return f"{option} {name}: no key for {provider}. Run:\n    export {key}=..."
    if isinstance(error, ValidationError):
        # Its own text repeats all that was given, keys included.
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        return f"{option} {name}: {'; '.join(problem['msg'] for problem in problems)}"
    return f"{option} {name}: {error}"


def _is_openais_own(address: str) -> bool:
    """Whether OpenAI's models are served there, by OpenAI itself or by Azure."""
    host = (_parts(address).hostname or "").rstrip(".")
    return any(host == domain or host.endswith(f".{domain}") for domain in _OPENAIS_OWN)


def _place(address: str) -> str:
    """Scheme, host, port and path: keys stand before the host, or in the query."""
    parts = _parts(address)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}".rstrip("/")


def _parts(address: str) -> SplitResult:
    # Ollama's package takes an address without a scheme, where a password would look like a path.
    return urlsplit(address if "://" in address else f"//{address}", scheme="http")
