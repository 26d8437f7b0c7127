"""Models, by name: a provider's, through LangChain, or the built-in simulation."""

from __future__ import annotations

import os
from typing import Any

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

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


class ModelUnavailableError(MisuseError):
    """The model cannot be set up; the message says what to install or set."""


def find_model(name: str | None, seed: int | None) -> BaseChatModel:
    """Set up the model to ask.

    Args:
        name: `provider:model`, as `init_chat_model` takes it; None for the simulation.
        seed: Makes the simulation repeatable.

    Raises:
        ModelUnavailableError: A package or a key is missing, or the name is not understood.
    """
    if name is None:
        return SimulatedChatModel(seed=seed)
    try:
        from langchain.chat_models import init_chat_model  # noqa: PLC0415  # heavy, rarely needed
    except ImportError as error:
        missing = MissingExtraError.for_extra("--model", "cli", "langchain")
        raise ModelUnavailableError(str(missing)) from error
    try:
        model: Any = init_chat_model(name)
    except Exception as error:
        # Each provider's package has errors of its own for a missing key.
        raise ModelUnavailableError(_advice("--model", name, error)) from error
    if not isinstance(model, BaseChatModel):
        raise ModelUnavailableError(f"--model {name}: this is no chat model")
    return model


def find_embeddings(name: str) -> Embeddings:
    """Set up the model that embeds responses.

    Args:
        name: `provider:model`, as `init_embeddings` takes it.

    Raises:
        ModelUnavailableError: As for `find_model`.
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
    return f"{option} {name}: {error}"
