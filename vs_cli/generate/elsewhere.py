"""A chosen model that other processes set up, each with the key of its own environment."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseChatModel

from vs_cli.errors import MisuseError
from vs_cli.models import ChosenModel
from vs_core.generation import ImportedFactory


def factory_of(chosen: ChosenModel, seed: int | None) -> ImportedFactory:
    """How other processes set up a model that was chosen here.

    Args:
        chosen: The model.
        seed: Makes the simulation repeatable.

    Raises:
        MisuseError: The address has a password or a key, which would be kept elsewhere.
    """
    address, without_secrets = chosen.base_url, chosen.options.get("base_url")
    if address is not None and address.rstrip("/") != without_secrets:
        raise MisuseError(
            "--base-url has a password or a query, which --engine ray would pass on to other "
            "processes and keep there: leave that part out"
        )
    choice = {"name": chosen.name, "seed": seed, **chosen.given}
    return ImportedFactory(function=f"{__name__}:model_of", options=choice)


def model_of(*, seed: int | None, **choice: Any) -> BaseChatModel:
    """Set up a model that another process has chosen.

    Args:
        seed: Makes the simulation repeatable.
        **choice: As for `ChosenModel`.

    Raises:
        ModelUnavailableError: As for `ChosenModel.model`.
    """
    return ChosenModel(**choice).model(seed)
