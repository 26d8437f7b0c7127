"""What a server on one's own machine is told, and what is said when it wrote nothing of use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.language_models import FakeMessagesListChatModel

from tests.scenarios import QUESTION
from tests.wire.server import Reply, WireServer, serve
from vs_cli import main
from vs_cli.models import ChosenModel
from vs_core.adapters import SMALL_MODELS_PAGE

ANSWERS = {"responses": [{"text": text, "probability": 0.3} for text in "ab"]}


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with serve(responder=lambda _: json.dumps(ANSWERS)) as server:
        yield server


def sample(server: WireServer, *options: str) -> int:
    address = ("--model", "openai:m", "--base-url", server.url)
    return main(["sample", QUESTION, "-k", "2", *address, *options])


@pytest.mark.parametrize("how", ["json_schema", "function_calling"])
def test_the_server_is_to_enforce_the_shape_that_is_asked_for(how: str, local: WireServer) -> None:
    assert sample(local, "--structured-output", how) == 0
    [request] = local.requests
    assert ("response_format" in request.body) is (how == "json_schema")
    assert ("tools" in request.body) is (how == "function_calling")


def test_nothing_is_enforced_unless_it_is_asked_for(local: WireServer) -> None:
    assert sample(local) == 0
    assert local.requests[0].body.keys().isdisjoint({"response_format", "tools"})


def test_the_simulation_takes_the_shape_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["sample", QUESTION, "-k", "2", "--structured-output", "json_schema", "--json"]) == 0
    )
    assert len(json.loads(capsys.readouterr().out)["candidates"]) == 2


def test_a_reply_of_no_use_is_shown_with_what_to_try(
    capsys: pytest.CaptureFixture[str], local: WireServer
) -> None:
    local.respond_with(lambda _: Reply("I'd rather not."))
    assert sample(local) == 1
    said = capsys.readouterr().err
    assert "I'd rather not." in said
    assert "--structured-output json_schema" in said
    assert "fewer candidates (-k)" in said
    assert said.rstrip().endswith(SMALL_MODELS_PAGE)


def test_what_is_advised_is_what_was_not_done_yet_and_in_flags(
    capsys: pytest.CaptureFixture[str], local: WireServer
) -> None:
    local.respond_with(lambda _: Reply("I'd", finish_reason="length"))
    limit = "Try a higher token limit (--max-tokens), as the reply was cut off"
    assert sample(local, "--structured-output", "json_schema") == 1
    assert f"{limit}. More is told" in capsys.readouterr().err
    assert sample(local) == 1
    assert f"{limit}; or --structured-output json_schema" in capsys.readouterr().err


def test_an_empty_reply_is_said_to_be_empty_and_what_ended_it(
    capsys: pytest.CaptureFixture[str], local: WireServer
) -> None:
    local.respond_with(lambda _: Reply("", finish_reason="length"))
    assert sample(local, "--method", "direct") == 1
    said = capsys.readouterr().err
    assert "the reply was empty (the provider says that a limit" in said
    assert "--structured-output" not in said
    assert "-k" not in said


@pytest.mark.parametrize(
    "command", [["compare", "--methods", "standard"], ["decide", "--choices", "a,b"]]
)
def test_other_commands_advise_in_flags_too(
    command: list[str], capsys: pytest.CaptureFixture[str], local: WireServer
) -> None:
    name, *options = command
    if name == "decide":
        pytest.importorskip("langchain_core.decisions")
    local.respond_with(lambda _: Reply("I'd rather", finish_reason="length"))
    address = ("--model", "openai:m", "--base-url", local.url)
    assert main([name, QUESTION, *options, *address]) == 1
    said = capsys.readouterr().err
    assert "--structured-output json_schema" in said
    assert "(--max-tokens)" in said
    assert not any(words in said for words in ("structured_output", "max_tokens", "(k)"))


@pytest.mark.parametrize(
    "address",
    [
        None,
        "https://api.openai.com/v1",
        "https://eu.api.openai.com./v1",
        "https://mine.openai.azure.com/openai/v1",
        "https://mine.openai.azure.us/openai/v1",
    ],
)
def test_openais_own_servers_are_told_the_limit_as_openais_package_calls_it(
    address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of-the-user")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    model: Any = ChosenModel(name="openai:m", base_url=address, max_tokens=77).model(None)
    assert (model.max_tokens, model.extra_body) == (77, None)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "192.168.1.7",
        "100.64.0.9",
        "desk.local",
        "desk.lan",
        "nas",
        "ollama",
        "host.docker.internal",
        "llm.example",
        "notopenai.com",
        "openai.com.example",
    ],
)
def test_any_other_server_is_told_the_limit_in_the_name_that_every_server_knows(host: str) -> None:
    other = ChosenModel(name="openai:m", base_url=f"http://{host}:11434/v1", max_tokens=77)
    model: Any = other.model(None)
    assert (model.max_tokens, model.extra_body) == (None, {"max_tokens": 77})


def test_the_limit_is_sent_once_and_in_that_name(local: WireServer) -> None:
    assert sample(local, "--max-tokens", "77") == 0
    body = local.requests[0].body
    assert body["max_tokens"] == 77
    assert "max_completion_tokens" not in body


def test_ollama_is_told_the_limit_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, Any] = {}

    def init_chat_model(name: str, **options: Any) -> FakeMessagesListChatModel:
        told[name] = options
        return FakeMessagesListChatModel(responses=[])

    monkeypatch.setattr("langchain.chat_models.init_chat_model", init_chat_model)
    ChosenModel(name="ollama:m", max_tokens=77, temperature=0.8).model(None)
    assert told == {"ollama:m": {"temperature": 0.8, "num_predict": 77}}


@pytest.mark.parametrize(
    "address",
    ["http://me:s3cret-word@host:1/v1", "me:s3cret-word@host:1/v1", "host:1/v1?key=s3cret-word"],
)
def test_where_it_is_served_is_kept_without_secrets(address: str) -> None:
    chosen = ChosenModel(name="ollama:m", base_url=address)
    assert chosen.options == {"base_url": "http://host:1/v1"}
    assert "s3cret-word" not in chosen.without_secrets(f"refused: {address}")
