"""Whole programs: nothing set up, nothing said, nothing left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ray.conftest import KEY
from tests.ray.processes import PATIENCE, end_session, of_session, program, wait_until

pytest.importorskip("ray", reason="Ray is not installed; `make ray` runs these tests")


def _texts(folder: Path) -> dict[Path, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path: path.read_text(encoding="utf-8", errors="replace") for path in files}


def test_a_program_runs_ray_with_no_setup_with_a_type_of_its_own_and_leaves_nothing(
    ray_folder: Path,
) -> None:
    with program("tests/ray/typed_program.py", environment={}) as typed:
        said, complained = typed.communicate(timeout=PATIENCE)
        assert (said, complained) == ("True Ada\nTrue Grace\n", "")
        assert typed.returncode == 0
        wait_until(lambda: not of_session(typed.pid))
    written = _texts(ray_folder)
    assert written
    assert not [path for path, text in written.items() if KEY in text]


@pytest.mark.slow
def test_what_a_killed_program_leaves_behind_can_be_found_by_its_session_and_ended() -> None:
    with program("tests/ray/waiting_program.py", environment={}) as waiting:
        assert waiting.stdout
        assert waiting.stdout.readline() == "waiting\n", waiting.stderr and waiting.stderr.read()
        assert any("raylet" in name for name in of_session(waiting.pid).values())
        waiting.kill()
        waiting.wait()
        wait_until(lambda: not any("CallWorker" in n for n in of_session(waiting.pid).values()))
        end_session(waiting.pid)
        wait_until(lambda: not of_session(waiting.pid))
