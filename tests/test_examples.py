"""Every script in examples/ runs as it is, from anywhere, without a key and without a network."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import json
import os
import re
import runpy
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from unittest import mock

import pytest

from tests.shards import KEPT, kept_in, write_shards
from tests.wire.record import RecordedRequest
from tests.wire.script import Fault, Message
from tests.wire.server import WireServer, serve
from tests.wire.simulated import simulated
from vs_core.simulation import SIMULATION_NOTICE

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted(path.stem for path in (ROOT / "examples").glob("*.py"))
ASKING = [script for script in SCRIPTS if script != "deduplicate_with_ray"]
"""Those that ask a model."""
Run: TypeAlias = "subprocess.CompletedProcess[str]"

OWN = {"vs_core", "langchain_vs", "llamaindex_vs", "vs_cli"}
MODEL = "openai:gpt-4.1-mini"
DATA_SET = ("data_set.py", "prompts.txt", "-n", "5", "--out", "out")

# Ends a process that wants to reach another machine, even if it would catch an exception.
GUARD = """
import os, sys

def watch(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host not in ("127.0.0.1", "::1", None):
        os.write(2, f"wanted to reach {host}\\n".encode())
        os._exit(97)

sys.addaudithook(watch)
"""


def command(script: str | Path, *arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "examples" / script), *arguments]


def environment(home: Path, **added: str) -> dict[str, str]:
    """Nothing of the user's but the path: no key, no model, no tracing."""
    guard = home / "guard"
    guard.mkdir(exist_ok=True)
    # Python imports a module of this name when it starts.
    (guard / "sitecustomize.py").write_text(GUARD)
    path = os.pathsep.join(map(str, (guard, ROOT)))
    return {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": path, **added}


def run(home: Path, script: str | Path, *arguments: str, **added: str) -> Run:
    """Run a script in a directory of its own, which is also its home."""
    return subprocess.run(
        command(script, *arguments),
        cwd=home,
        env=environment(home, **added),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def run_here(home: Path, script: str, *arguments: str, **added: str) -> Run:
    """Run a script as `run` does, but without the seconds that a process takes to start."""
    program = str(ROOT / "examples" / script)
    own = {"PATH": os.environ["PATH"], "HOME": str(home)}
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        pytest.MonkeyPatch.context() as patch,
        mock.patch.dict(os.environ, own | added, clear=True),
        mock.patch("socket.getaddrinfo", wraps=socket.getaddrinfo) as look_up,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.chdir(home)
        patch.setattr(sys, "argv", [program, *arguments])
        try:
            runpy.run_path(program, run_name="__main__")
        except SystemExit as ended:
            code = int(ended.code or 0)
    assert {call.args[0] for call in look_up.mock_calls} <= {"127.0.0.1"}
    return subprocess.CompletedProcess([program, *arguments], code, out.getvalue(), err.getvalue())


def asking(server: WireServer) -> dict[str, str]:
    return {"VS_MODEL": MODEL, "OPENAI_API_KEY": "test", "OPENAI_API_BASE": server.url}


def written(home: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in (home / "out" / "data.jsonl").read_text("utf-8").splitlines()
    ]


def prompt_of(messages: list[Message]) -> str:
    return str(messages[-1]["content"])


@pytest.fixture
def server() -> Iterator[WireServer]:
    with serve(responder=simulated(seed=1)) as running:
        yield running


def test_there_are_the_six_that_are_promised() -> None:
    promised = ["agent", "data_set", "deduplicate_with_ray", "lcel_chain", "many_draws", "rag"]
    assert promised == SCRIPTS


def the_chain_chooses_among_the_candidates_that_it_shows(printed: str) -> None:
    _, *shown, _, best, drawn, rare = printed.splitlines()
    candidates = [line.split(maxsplit=2)[2] for line in shown]
    assert len(set(candidates)) == 5
    assert {line.split(":", 1)[1].strip() for line in (best, drawn, rare)} <= set(candidates)


def the_agent_answers_as_often_with_the_middleware_as_without(printed: str) -> None:
    lines = printed.splitlines()
    titles = [line for line in lines if not line.startswith("  ")]
    assert len(titles) == 2
    for title in titles:
        start = lines.index(title) + 1
        given = lines[start : start + 5]
        assert title.endswith(f": {len(set(given))} different of 5")
        assert all(line.startswith("  ") and line.strip() for line in given)


def every_visitor_has_one_of_the_jokes_of_one_call(printed: str) -> None:
    summary, *told = printed.splitlines()
    assert summary.startswith("50 visitors, calls of the model: 1, ")
    assert sum(int(line.split()[0]) for line in told) == 50
    assert 2 <= len(told) <= 5


def the_drawn_answer_is_one_of_those_that_come_from_the_sources(printed: str) -> None:
    drawn, answers, sources = printed.split("\n\n")
    given = [line.split(maxsplit=1)[1] for line in answers.splitlines()[1:]]
    assert len(given) == 3
    assert drawn.removeprefix("drawn answer: ") in given
    assert set(given) <= {line.strip() for line in sources.splitlines()[1:]}


PRINTED: dict[str, Callable[[str], None]] = {
    "agent": the_agent_answers_as_often_with_the_middleware_as_without,
    "lcel_chain": the_chain_chooses_among_the_candidates_that_it_shows,
    "many_draws": every_visitor_has_one_of_the_jokes_of_one_call,
    "rag": the_drawn_answer_is_one_of_those_that_come_from_the_sources,
}


@pytest.mark.parametrize("script", ASKING)
def test_it_runs_as_it_is_and_says_that_it_is_a_simulation(script: str, tmp_path: Path) -> None:
    ran = run(tmp_path, f"{script}.py")
    assert (ran.returncode, ran.stderr) == (0, f"{SIMULATION_NOTICE}\n")
    if script in PRINTED:
        PRINTED[script](ran.stdout)


def the_chain_takes_a_topic(requests: list[RecordedRequest]) -> None:
    [request] = requests
    assert prompt_of(request.messages) == "Tell me a joke about two octopuses"


def one_request_serves_all_visitors(requests: list[RecordedRequest]) -> None:
    [request] = requests
    assert prompt_of(request.messages) == "Tell me a joke about two octopuses"


def the_agent_has_its_tool(requests: list[RecordedRequest]) -> None:
    assert len(requests) == 10
    for request in requests:
        assert [tool["function"]["name"] for tool in request.body["tools"]] == ["about_the_shop"]


ASKED: dict[str, Callable[[list[RecordedRequest]], None]] = {
    "agent": the_agent_has_its_tool,
    "lcel_chain": the_chain_takes_a_topic,
    "many_draws": one_request_serves_all_visitors,
}


@pytest.mark.parametrize("script", ASKING)
def test_it_asks_the_model_that_vs_model_names(
    script: str, server: WireServer, tmp_path: Path
) -> None:
    arguments = ("two", "octopuses") if script in {"lcel_chain", "many_draws"} else ()
    ran = run_here(tmp_path, f"{script}.py", *arguments, **asking(server))
    assert (ran.returncode, ran.stderr) == (0, f"model: {MODEL}\n")
    assert {request.body["model"] for request in server.requests} == {"gpt-4.1-mini"}
    if script in ASKED:
        ASKED[script](server.requests)


def test_a_script_that_reaches_for_the_network_would_be_caught(tmp_path: Path) -> None:
    caller = tmp_path / "caller.py"
    caller.write_text("import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=5)\n")
    assert run(tmp_path, caller).returncode == 97


def test_a_data_set_has_so_many_different_records_of_the_type_for_each_prompt(
    tmp_path: Path,
) -> None:
    ran = run_here(tmp_path, "data_set.py", "-n", "12", "--out", "out")
    assert ran.stdout.startswith("36 records, ")
    records = written(tmp_path)
    assert len({record["prompt"] for record in records}) == 3
    assert len({str(record["value"]) for record in records}) == len(records) == 36
    for record in records:
        assert list(record["value"]) == ["question", "answer", "difficulty"]
        assert (record["method"], record["model"]) == ("standard", "simulated")
        assert 0 < record["stated"] < 1


def test_a_data_set_reads_each_line_of_a_file_as_a_prompt(tmp_path: Path) -> None:
    (tmp_path / "prompts.txt").write_text(
        "Ask about cafés\r\n\n  Ask about dice.  \nAsk about dice.\n", "utf-8"
    )
    ran = run_here(tmp_path, *DATA_SET)
    assert ran.stdout.startswith("10 records, ")
    assert {record["prompt"] for record in written(tmp_path)} == {
        "Ask about cafés",
        "Ask about dice.",
    }


def test_a_data_set_reports_what_failed_and_asks_again_only_that(
    tmp_path: Path, server: WireServer
) -> None:
    answer = simulated(seed=1)

    def refuse_one(messages: list[Message]) -> str | Fault:
        return Fault(400, message="no dice") if "dice" in str(messages) else answer(messages)

    (tmp_path / "prompts.txt").write_text("Ask about coins.\nAsk about dice.\nAsk about art.\n")
    server.respond_with(refuse_one)
    first = run_here(tmp_path, *DATA_SET, **asking(server))
    assert (first.returncode, first.stdout.split(",")[0]) == (1, "10 records")
    [failure] = [line for line in first.stderr.splitlines() if line.startswith("failed: ")]
    assert "Ask about dice." in failure
    assert "no dice" in failure

    before = len(server.requests)
    server.respond_with(answer)
    second = run_here(tmp_path, *DATA_SET, **asking(server))
    assert (second.returncode, second.stdout.split(",")[0]) == (0, "15 records")
    assert {"dice" in prompt_of(one.messages) for one in server.requests[before:]} == {True}
    assert len(written(tmp_path)) == 15


def test_an_interrupted_data_set_goes_on_where_it_was(tmp_path: Path, server: WireServer) -> None:
    answer, asked, proceed = simulated(seed=1), threading.Event(), threading.Event()

    def hold_the_last(messages: list[Message]) -> str:
        if "art" in prompt_of(messages):
            asked.set()
            proceed.wait(60)
        return answer(messages)

    (tmp_path / "prompts.txt").write_text("Ask about coins.\nAsk about dice.\nAsk about art.\n")
    server.respond_with(hold_the_last)
    journal = tmp_path / "out" / "journal.jsonl"
    with subprocess.Popen(
        command(*DATA_SET),
        cwd=tmp_path,
        env=environment(tmp_path, **asking(server)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            assert asked.wait(60)
            # The head, and a call about each of the other two.
            while journal.read_text().count("\n") < 3:
                assert process.poll() is None
                time.sleep(0.05)
        finally:
            process.kill()
            proceed.set()
    before = len(server.requests)
    again = run_here(tmp_path, *DATA_SET, **asking(server))
    assert again.stdout.startswith("15 records, ")
    assert {"art" in prompt_of(one.messages) for one in server.requests[before:]} == {True}
    assert len(written(tmp_path)) == 15


def test_records_of_several_folders_become_one_data_set_of_different_ones(tmp_path: Path) -> None:
    folders = write_shards(tmp_path)
    ran = run_here(tmp_path, "deduplicate_with_ray.py", *folders, "--out", "clean", "--plain")
    assert ran.stdout == f"clean: {sum(map(len, KEPT.values()))} different records\n"
    assert kept_in(tmp_path / "clean") == KEPT


@pytest.mark.parametrize("script", SCRIPTS)
def test_it_imports_only_what_is_public(script: str) -> None:
    for node in ast.walk(ast.parse((ROOT / "examples" / f"{script}.py").read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert not any("._" in f".{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            assert "._" not in f".{node.module}"
            if str(node.module).partition(".")[0] in OWN:
                door = importlib.import_module(str(node.module))
                assert {alias.name for alias in node.names} <= set(door.__all__)


@pytest.mark.parametrize("script", SCRIPTS)
def test_it_is_short_enough_to_read_at_a_glance(script: str) -> None:
    assert len((ROOT / "examples" / f"{script}.py").read_text("utf-8").splitlines()) < 70


@pytest.mark.parametrize("script", SCRIPTS)
def test_its_commands_name_itself_and_extras_that_exist(script: str) -> None:
    text = (ROOT / "examples" / f"{script}.py").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    usage = ast.get_docstring(ast.parse(text)) or ""
    [extras] = re.findall(r"pip install '\.\[(.+)\]'", usage)
    assert all(f"\n{extra} = [" in project for extra in extras.split(","))
    assert set(re.findall(r"python (\S+)", usage)) == {f"examples/{script}.py"}
