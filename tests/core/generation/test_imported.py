"""What is made elsewhere travels as a note, and no key with it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.every import for_every
from vs_core.generation import ImportedFactory
from vs_core.generation.ray.secrets import is_secret, without_secrets


def test_a_factory_is_imported_and_called_with_its_options() -> None:
    made = ImportedFactory(
        function="datetime:date.fromisocalendar", options={"year": 2026, "week": 1, "day": 1}
    )
    again = ImportedFactory.model_validate_json(made.model_dump_json())
    assert str(again.make()) == "2025-12-29"


@for_every(
    ("function", "said"),
    [
        ("shop.models", "pattern"),
        ("shop.models:", "pattern"),
        ("shop models:calls", "pattern"),
        ("shop.models:calls()", "pattern"),
        ("__main__:calls", "put the function into a module beside it"),
    ],
)
def test_what_no_process_could_import_is_refused(function: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ImportedFactory(function=function)


@for_every(
    ("options", "named"),
    [
        ({"api_key": "sk-1"}, "api_key"),
        ({"openai_api_key": "sk-1"}, "openai_api_key"),
        ({"apikey": "sk-1"}, "apikey"),
        ({"default_headers": {"Authorization": "Bearer 1"}}, "default_headers.Authorization"),
        ({"fallbacks": [{"model": "a"}, {"hf_token": "1"}]}, "fallbacks.1.hf_token"),
        ({"base_url": "https://user:word@host/v1"}, "base_url"),
    ],
)
def test_an_option_that_holds_a_key_is_refused_by_its_name(
    options: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValidationError, match=f"{named} would be passed on"):
        ImportedFactory(function="shop.models:calls", options=options)


def test_options_that_only_sound_like_keys_are_taken() -> None:
    options: dict[str, Any] = {
        "max_tokens": 9,
        "api_key": None,
        "base_url": "http://127.0.0.1/v1",
        "keyword": "a",
        "stop": ["@"],
    }
    assert ImportedFactory(function="shop.models:calls", options=options).options == options


@for_every(
    ("name", "secret"),
    [
        ("OPENAI_API_KEY", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("HF_TOKEN", True),
        ("DB_PASSWORD", True),
        ("X-API-Key", True),
        ("AWS_ACCESS_KEY_ID", False),
        ("TOKENIZERS_PARALLELISM", False),
        ("MONKEY", False),
        ("PATH", False),
    ],
)
def test_keys_are_known_by_their_names(name: str, *, secret: bool) -> None:
    assert is_secret(name) is secret


def test_only_values_that_are_long_enough_to_be_keys_are_taken_out_of_a_text() -> None:
    environment = {"API_KEY": "sk-12345", "PIN_TOKEN": "1", "PATH": "/usr/bin:"}
    assert without_secrets("1 sk-12345 /usr/bin:", environment) == "1 *** /usr/bin:"
