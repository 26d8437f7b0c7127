"""What the command line says about the model: where it is, and how it is to be called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatResult

from tests.scenarios import QUESTION, xml
from tests.wire.script import Message
from tests.wire.server import Fault, Reply, WireServer, serve
from vs_cli import main
from vs_cli.models import ChosenModel
from vs_core import PromptError, VSError

MODEL = ("--model", "openai:m")
SAMPLE = ("sample", QUESTION, "-k", "2")
COMPARE = ("compare", QUESTION, "-n", "2", "-k", "2", "--methods", "direct,standard")
PASSWORD = "correct-horse-battery"  # noqa: S105  # of nothing


def reply_to(messages: list[Message]) -> str:
    return xml("a", "b") if messages[0]["role"] == "system" else "a"


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    """A server such as runs on one's own machine, and no key in the environment."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with serve(responder=reply_to) as server:
        yield server


@pytest.mark.parametrize("command", [SAMPLE, COMPARE], ids=lambda command: command[0])
def test_the_options_reach_the_server(command: tuple[str, ...], local: WireServer) -> None:
    options = ("--temperature", "0.5", "--max-tokens", "77", "--base-url", local.url)
    assert main([*command, *MODEL, *options]) == 0
    sent = local.requests[0].body
    assert sent["temperature"] == 0.5
    # Ollama's server knows no other name for it.
    assert sent["max_tokens"] == 77
    assert "max_completion_tokens" not in sent


def test_a_local_server_needs_no_key_and_none_is_told(
    capsys: pytest.CaptureFixture[str], local: WireServer, tmp_path: Path
) -> None:
    address = ("--base-url", local.url)
    assert main([*SAMPLE, *MODEL, *address, "--json"]) == 0
    assert main([*COMPARE, *MODEL, *address, "--out", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    files = [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()]
    assert all("not-needed" not in text for text in (captured.out, captured.err, *files))


@pytest.mark.parametrize("missing", ["key", "address"])
def test_without_an_address_a_key_is_asked_for(
    capsys: pytest.CaptureFixture[str], local: WireServer, missing: str
) -> None:
    # Another provider's package would be asked at an address of its own.
    options = () if missing == "address" else ("--base-url", local.url)
    model = "openai:m" if missing == "address" else "anthropic:m"
    assert main([*SAMPLE, "--model", model, *options]) == 2
    assert local.requests == []
    assert capsys.readouterr().err.startswith(f"vs: --model {model}")


def test_a_key_that_is_set_is_used(local: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of-the-user")
    model: Any = ChosenModel(name="openai:m", base_url=local.url).model(None)
    assert model.openai_api_key.get_secret_value() == "of-the-user"


def test_a_reply_is_waited_for_as_long_as_is_said(
    capsys: pytest.CaptureFixture[str], local: WireServer
) -> None:
    local.respond_with(lambda _: Reply(xml("a", "b"), delay=0.6))
    assert main([*SAMPLE, *MODEL, "--base-url", local.url, "--timeout", "0.1"]) == 1
    assert "timed out" in capsys.readouterr().err
    assert main([*SAMPLE, *MODEL, "--base-url", local.url, "--timeout", "30"]) == 0


@pytest.mark.parametrize("command", ["sample", "compare"])
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--timeout", "0"),
        ("--timeout", "-1"),
        ("--timeout", "inf"),
        ("--timeout", "soon"),
        ("--max-tokens", "0"),
        ("--max-tokens", "1.5"),
        ("--temperature", "-0.1"),
        ("--temperature", "nan"),
        ("--base-url", "localhost:11434/v1"),
        ("--base-url", "ftp://localhost/v1"),
        ("--base-url", "http://"),
        ("--base-url", "http://localhost:123456/v1"),
        ("--base-url", "http://local host/v1"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_at_once(
    capsys: pytest.CaptureFixture[str], command: str, option: str, value: str
) -> None:
    with pytest.raises(SystemExit) as refused:
        main([command, QUESTION, *MODEL, f"{option}={value}"])
    assert refused.value.code == 2
    assert f"argument {option}: " in capsys.readouterr().err


@pytest.mark.parametrize("command", ["sample", "compare"])
@pytest.mark.parametrize(
    "option",
    [
        ("--timeout", "1"),
        ("--max-tokens", "5"),
        ("--temperature", "0"),
        ("--base-url", "http://localhost/v1"),
    ],
    ids=lambda option: option[0],
)
def test_what_concerns_a_model_is_refused_for_the_simulation(
    capsys: pytest.CaptureFixture[str], command: str, option: tuple[str, str]
) -> None:
    assert main([command, QUESTION, *option]) == 2
    assert f"vs: {option[0]} is for a language model" in capsys.readouterr().err


class TestRunsThatGoOn:
    """What a journal says of the model, and what it does not."""

    def run(self, folder: Path, address: str, *options: str) -> int:
        return main([*COMPARE, *MODEL, "--base-url", address, *options, "--out", str(folder)])

    @pytest.mark.usefixtures("no_pictures")
    @pytest.mark.parametrize(
        ("then", "now"),
        [
            (("--temperature", "0.5"), ("--temperature", "0.7")),
            (("--temperature", "0.5"), ()),
            ((), ("--max-tokens", "50")),
        ],
        ids=str,
    )
    def test_other_settings_of_the_model_are_refused(
        self,
        capsys: pytest.CaptureFixture[str],
        local: WireServer,
        tmp_path: Path,
        then: tuple[str, ...],
        now: tuple[str, ...],
    ) -> None:
        assert self.run(tmp_path, local.url, *then) == 0
        asked = len(local.requests)
        assert self.run(tmp_path, local.url, *now) == 2
        assert len(local.requests) == asked
        name = (then or now)[0].removeprefix("--").replace("-", "_")
        assert f"{name} {(now or ('', ''))[1]}".strip() in capsys.readouterr().err

    @pytest.mark.usefixtures("no_pictures")
    def test_another_server_is_refused(
        self, capsys: pytest.CaptureFixture[str], local: WireServer, tmp_path: Path
    ) -> None:
        assert self.run(tmp_path, local.url) == 0
        assert self.run(tmp_path, "http://elsewhere.example/v1") == 2
        assert "base_url http://elsewhere.example/v1" in capsys.readouterr().err

    @pytest.mark.usefixtures("no_pictures")
    def test_patience_and_passwords_make_no_difference(
        self, local: WireServer, tmp_path: Path
    ) -> None:
        with_password = local.url.replace("http://", f"http://user:{PASSWORD}@")
        assert self.run(tmp_path, local.url) == 0
        asked = len(local.requests)
        assert self.run(tmp_path, f"{with_password}/", "--timeout", "9") == 0
        assert len(local.requests) == asked

    def test_no_file_has_a_key_or_a_password_even_if_the_server_repeats_it(
        self, local: WireServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = "sk-0123456789abcdef"
        monkeypatch.setenv("OPENAI_API_KEY", key)
        local.add(Fault(400, message=f"bad key {key} or password {PASSWORD}"))
        address = local.url.replace("http://", f"http://user:{PASSWORD}@")
        assert self.run(tmp_path, address, "--concurrency", "1") == 0
        files = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
        assert all(key not in text and PASSWORD not in text for text in files.values())
        assert "bad key *** or password ***" in files["report.html"]
        assert "bad key *** or password ***" in files["journal.jsonl"]


class NewError(VSError):
    """One that the command has never heard of."""


class Raising(FakeMessagesListChatModel):
    """A model whose calls end in an error."""

    error: Any

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise self.error


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (NewError("the model refuses: [no]"), 1, "vs: the model refuses: [no]"),
        (PromptError("it is empty"), 2, "vs: it is empty"),
        (RuntimeError("quota"), 1, "vs: the model call failed: RuntimeError: quota"),
        (OSError("no route"), 1, "vs: the model call failed: OSError: no route"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_concerns_the_reply_ends_with_1_and_what_was_asked_with_2(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    code: int,
    said: str,
) -> None:
    model = Raising(responses=[AIMessage(content="")], error=error)
    monkeypatch.setattr("langchain.chat_models.init_chat_model", lambda *_, **__: model)
    assert main([*SAMPLE, *MODEL]) == code
    assert capsys.readouterr().err == f"{said}\n"


def test_a_distribution_is_shown_though_the_plain_question_fails_after_it(
    capsys: pytest.CaptureFixture[str], local: WireServer
) -> None:
    local.add(xml("a", "b"))
    local.respond_with(lambda _: Fault(400, message="out of coffee"))
    address = ("--base-url", local.url)
    assert main([*SAMPLE, *MODEL, *address, "--direct", "2", "--json"]) == 1
    captured = capsys.readouterr()
    assert [c["text"] for c in json.loads(captured.out)["candidates"]] == ["a", "b"]
    assert "out of coffee" in captured.err


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    project = (Path(__file__).parent.parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    version = project.partition('\nversion = "')[2].partition('"')[0]
    assert capsys.readouterr().out == f"vs {version}\n"
