"""`vs generate` as a program of its own: interrupted, and killed."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.answering import Gated
from tests.cli.forked import Runs, forked_runs
from tests.cli.generations import PROMPT, answering, calls_kept, rows, values, wait_for
from tests.cli.program import run_main
from tests.every import for_every

pytestmark = pytest.mark.usefixtures("no_pictures")
KILLS = 10
N = 80
CONCURRENCY = 4


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with forked_runs() as made:
        yield made


@for_every("sign, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_interrupted_keeps_everything_and_the_same_command_goes_on(
    sign: signal.Signals, code: int, runs: Runs, tmp_path: Path
) -> None:
    tmp_path = tmp_path / sign.name
    tmp_path.mkdir()
    world, out = Gated(3), tmp_path / "data"
    command = ["generate", PROMPT, "-n", "60", "-k", "5", "--concurrency", "1", "--out", str(out)]
    with answering(world) as (server, model):
        process = runs.begin(*command, *model, output=tmp_path / "said")
        wait_for(lambda: calls_kept(out) == 3 and len(server.requests) == 4)
        assert runs.end(process, sign) == code
        said = (tmp_path / "said").read_text("utf-8")
        told = f"the answers of 3 calls are kept in {out / 'journal.jsonl'}"
        assert f"vs: interrupted; {told}: run the same" in said
        assert "Traceback" not in said
        kept = values(out)
        assert len(kept) + len(rows(out, "refused.jsonl")) == 15
        assert (out / "report.html").exists()
        world.opened.set()
        asked = len(server.requests)
        ended = run_main(*command, *model)
        assert ended.returncode == 0
        assert "3 calls of an earlier run are in the journal" in ended.stderr.decode()
        assert values(out)[: len(kept)] == kept
        assert len(set(values(out))) == len(values(out)) == 60
        assert len(server.requests) - asked == calls_kept(out) - 3


def test_a_run_that_ignores_ctrl_c_as_one_in_the_background_does_is_ended_orderly_by_sigterm(
    tmp_path: Path,
) -> None:
    world, out = Gated(3), tmp_path / "data"
    command = ["generate", PROMPT, "-n", "60", "-k", "5", "--concurrency", "1", "--out", str(out)]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with forked_runs() as ignoring, answering(world) as (server, model):
            process = ignoring.begin(*command, *model, output=tmp_path / "said")
            wait_for(lambda: calls_kept(out) == 3 and len(server.requests) == 4)
            assert ignoring.end(process, signal.SIGTERM) == 143
            world.opened.set()
    finally:
        signal.signal(signal.SIGINT, before)
    said = (tmp_path / "said").read_text("utf-8")
    assert f"vs: interrupted; the answers of 3 calls are kept in {out / 'journal.jsonl'}" in said
    assert "Traceback" not in said
    assert (out / "report.html").exists()


def test_without_a_folder_an_interruption_says_that_nothing_is_kept(
    runs: Runs, tmp_path: Path
) -> None:
    world = Gated(2)
    with answering(world) as (server, model):
        command = ("generate", PROMPT, "-n", "60", "-k", "5", "--concurrency", "1", *model)
        process = runs.begin(*command, output=tmp_path / "said")
        wait_for(lambda: len(server.requests) == 3)
        assert runs.end(process, signal.SIGINT) == 130
        world.opened.set()
    said = (tmp_path / "said").read_text("utf-8")
    assert said.endswith("vs: interrupted; nothing is kept without --out\n")
    assert said.count('{"prompt":') > 5


def test_a_run_that_is_interrupted_before_it_has_come_to_all_there_is_says_how_many_rows_there_are(
    runs: Runs, tmp_path: Path
) -> None:
    out, world = tmp_path / "data", Gated(1_000)
    (tmp_path / "prompts").write_text("Name one.\nName another.\n")
    command = ("generate", "--prompts", str(tmp_path / "prompts"), "-k", "5", "--concurrency", "1")
    with answering(world) as (server, model):
        assert run_main(*command, *model, "-n", "9", "--out", str(out)).returncode == 0
        before, asked = rows(out), len(server.requests)
        world.close()
        process = runs.begin(*command, *model, "-n", "20", "--out", str(out), output=tmp_path / "s")
        wait_for(lambda: len(server.requests) > asked)
        assert runs.end(process, signal.SIGINT) == 130
        world.opened.set()
        kept = rows(out)
        assert kept[: len(before)] == before
        assert f"data.jsonl has {len(kept)} rows" in (out / "README.md").read_text("utf-8")
        assert run_main(*command, *model, "-n", "20", "--out", str(out)).returncode == 0
    assert "data.jsonl has" not in (out / "README.md").read_text("utf-8")
    assert len({(row["prompt"], row["value"]) for row in rows(out)}) == len(rows(out)) == 40


def test_a_run_that_is_killed_ten_times_loses_only_calls_under_way(
    runs: Runs, tmp_path: Path
) -> None:
    chance, out = random.Random(5), tmp_path / "data"
    (tmp_path / "prompts").write_text("Name one.\nName another.\n")
    command = [
        *("generate", "--prompts", str(tmp_path / "prompts"), "-n", str(N), "-k", "5"),
        *("--concurrency", str(CONCURRENCY), "--out", str(out)),
    ]
    with answering() as (server, model):
        for _ in range(KILLS):
            enough = len(server.requests) + chance.randrange(1, 6)
            process = runs.begin(*command, *model, output=tmp_path / "said")
            wait_for(lambda enough=enough: len(server.requests) >= enough)  # type: ignore[misc]
            assert runs.end(process, signal.SIGKILL) == -signal.SIGKILL
            server.wait_until_idle()
        assert calls_kept(out) < len(server.requests)
        assert run_main(*command, *model).returncode == 0
        assert "Traceback" not in (tmp_path / "said").read_text("utf-8")
        lost = len(server.requests) - calls_kept(out)
        assert lost <= KILLS * CONCURRENCY
        asked = len(server.requests)
        again = run_main(*command, *model)
        assert "no call was made" in again.stderr.decode()
        assert len(server.requests) == asked
    found = rows(out)
    assert len(found) == 2 * N
    assert len({(row["prompt"], row["value"]) for row in found}) == 2 * N
