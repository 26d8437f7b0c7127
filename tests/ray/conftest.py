"""A Ray that the test's own program has started, and one folder for what Ray writes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_socket import socket_allow_hosts

from tests.cli.conftest import no_pictures as no_pictures  # noqa: PLC0414  # a fixture here, too
from vs_core.generation.ray.cluster import join_ray, leave_ray, ray_library

HOSTS = ["127.0.0.1", "::1", "8.8.8.8"]
"""For tests with several nodes: by a socket that sends nothing, Ray asks the system which of its
addresses the world would see."""
_MEMORY = 200_000_000
"""Bytes of shared memory of each node."""
KEY = "sk-this-key-is-not-to-be-found-anywhere"


def pytest_configure(config: pytest.Config) -> None:
    """Take what Ray leaves open as what it is: not ours."""
    for left in (r"subprocess \d+ is still running", "unclosed file .*(/dev/null|/session_)"):
        config.addinivalue_line("filterwarnings", f"ignore:{left}:ResourceWarning")


@pytest.fixture(scope="session")
def ray_folder() -> Iterator[Path]:
    """Where Ray keeps its logs, its sockets and a token, which one process reads once."""
    # The name of a socket has to be short.
    folder = Path(tempfile.mkdtemp(prefix="vs-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", autouse=True)
def _environment(ray_folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_TMPDIR", str(ray_folder))
        patch.setenv("HOME", str(ray_folder))
        patch.setenv("OPENAI_API_KEY", KEY)
        patch.setenv("NO_PROXY", "127.0.0.1")
        patch.setenv("no_proxy", "127.0.0.1")
        patch.delenv("RAY_ADDRESS", raising=False)
        yield


@pytest.fixture(scope="module")
def running_ray(ray_folder: Path) -> Iterator[Path]:
    """A Ray on this machine, to which this process is connected; its folder."""
    assert join_ray(None, None, 1)
    yield ray_folder
    leave_ray()


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Four nodes on this machine, one of them the head."""
    library = ray_library()
    library.shutdown()
    from ray.cluster_utils import Cluster  # noqa: PLC0415  # needs Ray

    head = {"include_dashboard": False, "object_store_memory": _MEMORY}
    made: Any = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(3):
            made.add_node(num_cpus=1, object_store_memory=_MEMORY)
        # Its nodes know each other by this machine's own address, and are this machine alone.
        socket_allow_hosts([*HOSTS, made.address.rpartition(":")[0]])
        yield made
    finally:
        library.shutdown()
        made.shutdown()
