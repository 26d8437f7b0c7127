"""`vs generate` where calls fail, or bring nothing: what it says, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from langchain_core.embeddings import Embeddings

from tests.answering import AnsweringWorld
from tests.cli.generations import PROMPT, answering, values
from tests.cli.program import run_main
from tests.every import for_every
from tests.wire.script import Fault, Reply
from tests.wire.server import WireServer
from vs_cli import main

pytestmark = pytest.mark.usefixtures("no_pictures")
GENERATE = ("generate", PROMPT, "-n", "40", "-k", "5")


def calls_answered(folder: Path) -> int:
    lines = (folder / "journal.jsonl").read_text("utf-8").splitlines()
    return sum('"error":null' in line for line in lines)


@pytest.fixture
def served() -> Iterator[tuple[WireServer, tuple[str, ...]]]:
    with answering() as found:
        yield found


@for_every(
    "reply, parts",
    [
        (
            "Sorry,\n\x1b[2J no. " + "x" * 400,
            [
                "none could be read in what 3 calls brought, such as in the reply that begins: S",
                "Sorry, \\x1b[2J no. xxx",
                "\nask with --structured-output json_schema, where the server enforces a shape; or",
                "another --layout, such as lines; or another --model. More is told in the page",
            ],
        ),
        ("", ["as the replies are empty\n"]),
        (
            Reply("<response><text>half a", finish_reason="length"),
            ["begins: <response><text>half a (cut off)\n", "the replies to 3 calls were cut off"],
        ),
        (
            Reply("", refusal="I can't help with that."),
            ["the model refused: I can't help with that.\n", "word the prompt in another way"],
        ),
        (
            json.dumps({"responses": [{"value": {"nam": 1}, "probability": 0.1}]}),
            ['begins: {"responses": [{"value"', "name: Field required)\n", "look at --schema"],
        ),
    ],
)
def test_why_no_answer_was_accepted_is_shown_by_a_reply_with_what_to_do(
    reply: str | Reply, parts: list[str], tmp_path: Path
) -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    (tmp_path / "schema").write_text(json.dumps(schema))
    out = tmp_path / str(len(list(tmp_path.iterdir())))
    option = ("--schema", str(tmp_path / "schema")) if "schema" in parts[-1] else ()
    with answering(lambda _: reply) as (_, model):
        command = (*GENERATE, *model, *option, "--out", str(out))
        for _ in range(2):  # the second makes no call, where the journal has all
            ended = run_main(*command)
            assert ended.returncode == 1
            said = ended.stderr.decode()
            assert "\nvs: no answer was accepted: " in said
            assert "x" * 200 not in said
            for part in parts:
                assert part in said
        without = run_main(*GENERATE, *model, *option).stderr.decode()
    assert without.endswith(said[said.index("vs: no answer") :])


def test_a_shape_is_asked_for_as_said_and_then_not_advised() -> None:
    with answering(lambda _: "Sorry, no.") as (server, model):
        ended = run_main(*GENERATE, *model, "--structured-output", "json_schema")
    assert ended.returncode == 1
    assert all("response_format" in request.body for request in server.requests)
    assert server.requests
    said = ended.stderr.decode()
    assert "\nask another --model. More is told in the page" in said
    assert "--structured-output" not in said


def test_calls_that_all_fail_are_told_with_the_error_and_the_report_says_it(
    served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    server, model = served
    server.respond_with(lambda _: Fault(400, message="no such thing"))
    ended = run_main(*GENERATE, *model, "--out", str(tmp_path))
    assert ended.returncode == 1
    assert "no such thing" in ended.stderr.decode().splitlines()[-1]
    assert "no such thing" in (tmp_path / "report.html").read_text("utf-8")


@for_every(
    "fault, advice",
    [
        (Fault(401, message="wrong key"), "check the key in OPENAI_API_KEY"),
        (Fault(404, message="no model"), "check the name of the model (--model openai:m) and --ba"),
        (Fault(429, message="insufficient_quota"), "check what the provider's account has left"),
    ],
)
def test_an_error_that_every_call_would_have_ends_the_run_at_once_and_says_what_to_check(
    fault: Fault, advice: str, tmp_path: Path
) -> None:
    out = tmp_path / str(fault.status)
    with answering(lambda _: fault) as (server, model):
        ended = run_main(*GENERATE, *model, "--out", str(out))
        assert (ended.returncode, ended.stdout) == (1, b"")
        said = ended.stderr.decode()
        assert said.startswith("vs: the model call failed: ")
        assert fault.message in said
        assert f"; no call was answered: {advice}" in said
        assert "run the same command" not in said
        assert "not ended yet" not in (out / "report.html").read_text("utf-8")
        assert len({json.dumps(request.body) for request in server.requests}) == 1
        without = run_main(*GENERATE, *model)
        assert (without.returncode, without.stdout) == (1, b"")
        assert advice in without.stderr.decode()
        server.respond_with(AnsweringWorld())
        assert main([*GENERATE, *model, "--out", str(out)]) == 0
    assert len(set(values(out))) == 40


def test_a_key_that_is_refused_after_answers_says_what_is_kept_and_how_to_go_on(
    served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    server, model = served
    command = ("generate", PROMPT, "-k", "5", *model, "--out", str(tmp_path))
    assert main([*command, "-n", "9"]) == 0
    before = values(tmp_path)
    server.respond_with(lambda _: Fault(401, message="wrong key"))
    ended = run_main(*command, "-n", "40")
    assert ended.returncode == 1
    said = ended.stderr.decode()
    assert (
        f"calls are kept in {tmp_path / 'journal.jsonl'}: check the key in OPENAI_API_KEY" in said
    )
    assert said.endswith(", then run the same command again to go on\n")
    server.respond_with(AnsweringWorld())
    assert main([*command, "-n", "40"]) == 0
    assert values(tmp_path)[:9] == before
    assert len(set(values(tmp_path))) == 40


def test_an_account_that_is_spent_on_the_way_ends_the_run_and_what_is_kept_is_told(
    tmp_path: Path,
) -> None:
    prompts = tmp_path / "prompts"
    prompts.write_text("".join(f"Name one of {n}.\n" for n in range(60)))
    world, out = AnsweringWorld(), tmp_path / "data"
    spent = Fault(429, message="insufficient_quota", headers={"x-should-retry": "false"})
    command = ("generate", "--prompts", str(prompts), "-n", "5", "-k", "5", "--concurrency", "2")
    with answering(lambda m: spent if world.answered >= 4 else world(m)) as (server, model):
        ended = run_main(*command, *model, "--out", str(out))
        assert ended.returncode == 1
        said = ended.stderr.decode()
        assert "vs: the model call failed: " in said
        assert (
            f"; the answers of {calls_answered(out)} calls are kept in {out / 'journal.jsonl'}: "
            "check what the provider's account has left, then run the same command again to go on\n"
        ) in said
        assert len(values(out)) >= 15
        assert len(server.requests) < 40
        server.respond_with(AnsweringWorld())
        assert main([*command, *model, "--out", str(out)]) == 0
    assert len(values(out)) == 300


def test_embeddings_that_fail_end_the_run_and_what_is_kept_is_told(
    served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    class Failing(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            raise ValueError("no such embeddings")

        def embed_query(self, text: str) -> list[float]:
            raise ValueError("no such embeddings")

    _, model = served
    command = (*GENERATE, *model, "--embeddings", "openai:e", "--out", str(tmp_path))
    with mock.patch("vs_cli.generate.job.find_embeddings", return_value=Failing()):
        ended = run_main(*command)
    assert ended.returncode == 1
    said = ended.stderr.decode()
    assert "no such embeddings; the answers of " in said
    assert "check the name and the key of --embeddings, then run the same command again" in said


def test_a_prompt_that_fails_takes_nothing_from_the_others(
    served: tuple[WireServer, tuple[str, ...]], tmp_path: Path
) -> None:
    server, model = served
    server.respond_with(AnsweringWorld(always={"bad": Fault(400, message="no such thing")}))
    (tmp_path / "prompts").write_text("Name one.\nName a bad one.\n")
    command = ("generate", "--prompts", str(tmp_path / "prompts"), "-n", "9", *model)
    ended = run_main(*command, "--out", str(tmp_path / "data"))
    assert ended.returncode == 0
    assert len(values(tmp_path / "data")) == 9
    assert "1 prompt: its calls failed, round after round" in ended.stdout.decode()
    assert "no such thing" in ended.stderr.decode()
