"""`vs generate --engine ray`, and the other engine before and after it in the same folder."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.answering import Gated
from tests.cli.generations import answering, calls_kept, rows, values, wait_for
from tests.cli.program import run_main
from tests.ray.conftest import KEY
from tests.ray.processes import PATIENCE, of_session, program, wait_until
from tests.wire.server import Fault, WireServer

pytest.importorskip("ray", reason="Ray is not installed; `make ray` runs these tests")

N, AT_A_TIME = 40, 4
SIMULATED = ("generate", "Name a US state", "-n", "20", "--seed", "3", "--out")
BY_RAY = ("--engine", "ray")


@pytest.fixture
def command(tmp_path: Path) -> tuple[str, ...]:
    prompts = tmp_path / "prompts"
    prompts.write_text("".join(f"Name one of {number}.\n" for number in range(AT_A_TIME)))
    return (
        *("generate", "--prompts", str(prompts), "-n", str(N), "-k", "5"),
        *("--concurrency", str(AT_A_TIME), "--out", str(tmp_path / "data")),
    )


@contextmanager
def _stuck(
    server: WireServer, world: Gated, free: int, command: tuple[str, ...], out: Path
) -> Iterator[subprocess.Popen[str]]:
    """Run it by Ray until so many calls are kept, and as many as there may be are under way."""
    kept, asked = calls_kept(out), len(server.requests)
    world.let(free)
    with program("-m", "vs_cli", *command, *BY_RAY, environment={}) as running:

        def all_are_under_way() -> bool:
            assert running.poll() is None, running.communicate()
            new = calls_kept(out) - kept, len(server.requests) - asked
            return new == (free, free + AT_A_TIME)

        wait_for(all_are_under_way)
        yield running


@pytest.mark.slow
def test_an_interrupted_run_keeps_everything_and_leaves_no_process(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    out, world = tmp_path / "data", Gated()
    with (
        answering(world) as (server, model),
        _stuck(server, world, 5, (*command, *model), out) as running,
    ):
        os.killpg(running.pid, signal.SIGINT)  # as a terminal sends it, to Ray's processes too
        _, said = running.communicate(timeout=PATIENCE)
        assert running.returncode == 130, said
        assert f"the answers of 5 calls are kept in {out / 'journal.jsonl'}: run the same" in said
        assert "Traceback" not in said
        wait_until(lambda: not of_session(running.pid))
        world.opened.set()
    assert len(values(out)) + len(rows(out, "refused.jsonl")) == 25
    assert KEY not in (out / "journal.jsonl").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.usefixtures("no_pictures")
def test_a_killed_driver_loses_the_calls_under_way_whichever_engine_goes_on(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    out, world = tmp_path / "data", Gated()
    with answering(world) as (server, model):
        for free in (5, 3):
            with _stuck(server, world, free, (*command, *model), out) as running:
                running.kill()
                assert running.wait(PATIENCE) == -signal.SIGKILL
        world.opened.set()
        ended = run_main(*command, *model)
        said = ended.stderr.decode()
        assert ended.returncode == 0, said
        assert "8 calls of an earlier run are in the journal" in said
        assert len(server.requests) - calls_kept(out) == 2 * AT_A_TIME
    found = rows(out)
    assert len({(row["prompt"], row["value"]) for row in found}) == len(found) == N * AT_A_TIME


@pytest.mark.usefixtures("no_pictures", "running_ray")
def test_a_seeded_simulation_answers_the_same_by_both_engines(tmp_path: Path) -> None:
    for name, engine in (("ray", BY_RAY), ("asyncio", ())):
        assert run_main(*SIMULATED, str(tmp_path / name), *engine).returncode == 0
    assert rows(tmp_path / "ray") == rows(tmp_path / "asyncio")


@pytest.mark.usefixtures("no_pictures", "running_ray")
def test_what_one_engine_has_begun_the_other_goes_on_with(tmp_path: Path) -> None:
    for n, engine in (("10", ()), ("25", BY_RAY), ("40", ())):
        ended = run_main(*SIMULATED, str(tmp_path), "-n", n, *engine)
        assert ended.returncode == 0, ended.stderr.decode()
        assert len(set(values(tmp_path))) == int(n)


@pytest.mark.usefixtures("running_ray")
def test_a_model_that_cannot_be_made_in_a_process_is_misuse_and_says_what_is_missing() -> None:
    ended = run_main("generate", "Name one.", "--model", "anthropic:m", *BY_RAY)
    assert ended.returncode == 2
    said = ended.stderr.decode()
    assert "cannot be made in Ray's processes" in said
    assert "langchain-anthropic" in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("no_pictures", "running_ray")
def test_an_error_of_a_process_fails_the_run_and_is_named_by_its_own_kind(tmp_path: Path) -> None:
    with answering(lambda _: Fault(401, message="wrong key")) as (_, model):
        ended = run_main(
            *("generate", "Name one.", "-n", "3", "--out", str(tmp_path)),
            *(*model, *BY_RAY),
        )
    assert ended.returncode == 1
    said = ended.stderr.decode()
    assert "the model call failed: " in said
    assert "AuthenticationError: " in said
    assert "wrong key" in said
    assert "CallFailedError" not in said
