"""The example that removes duplicates by Ray."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ray.processes import ROOT
from tests.shards import KEPT, kept_in, write_shards

pytest.importorskip("ray.data", reason="Ray's data is not installed; `make ray` runs this test")


@pytest.mark.slow
def test_records_of_several_folders_become_one_data_set_of_different_ones(tmp_path: Path) -> None:
    example = ROOT / "examples" / "deduplicate_with_ray.py"
    command = [sys.executable, str(example), *write_shards(tmp_path), "--out", "clean"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120, stderr=subprocess.DEVNULL)
    assert kept_in(tmp_path / "clean") == KEPT
