"""The address of a cluster that is not there."""

from __future__ import annotations

import socket

import pytest

from tests.cli.program import run_main
from vs_core.generation import RayEngine

pytest.importorskip("ray", reason="Ray is not installed; `make ray` runs these tests")


@pytest.fixture
def address() -> str:
    """An address of this machine at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


async def test_no_cluster_at_an_address_is_said_at_once(address: str) -> None:
    with pytest.raises(ConnectionError, match=f"no Ray cluster answers at {address}"):
        await RayEngine("shop.models:calls", address=address).__aenter__()


def test_ray_address_is_honoured_and_the_command_calls_it_misuse(address: str) -> None:
    ended = run_main("generate", "Name one.", "--engine", "ray", RAY_ADDRESS=address)
    assert ended.returncode == 2
    assert f"--engine ray: no Ray cluster answers at {address}" in ended.stderr.decode()
