"""Ray itself: found running, reached at an address, or started on this machine for the time."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping
from importlib import import_module
from math import ceil
from typing import Any

from vs_core.errors import MissingExtraError

_OBJECT_STORE = 200_000_000
"""Bytes of shared memory that a Ray started here takes: calls and answers are small."""
_PATIENCE = 10.0
"""Seconds within which the head of a cluster must answer."""
_QUIET = {
    # Ray says on standard output that a worker is gone, which whoever calls is told anyway.
    "RAY_DEDUP_LOGS_SKIP_REGEX": "worker died or was killed|has been marked dead",
    "RAY_USAGE_STATS_ENABLED": "0",
    # Else it warns of what a later Ray will do about graphics cards.
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


def ray_library() -> Any:
    """Ray, quiet unless the environment says otherwise.

    Raises:
        MissingExtraError: It is not installed.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        return import_module("ray")
    except ImportError as error:
        raise MissingExtraError.for_extra("RayEngine", "ray", "ray") from error


def join_ray(address: str | None, runtime_env: Mapping[str, Any] | None, processors: float) -> bool:
    """Connect to Ray, or start it on this machine.

    Args:
        address: Of a cluster. None takes the one that `RAY_ADDRESS` names, as in a job that Ray
            was given, and without it starts a new one, never one that happens to run here.
        runtime_env: What Ray sets up for its processes.
        processors: How many are needed at least; a Ray started here is told that it has so many.

    Returns:
        Whether it is to be left by `leave_ray`: False if this process was connected before.

    Raises:
        ConnectionError: There is no cluster at the address.
    """
    ray = ray_library()
    if ray.is_initialized():
        return False
    place = address or os.environ.get("RAY_ADDRESS") or "local"
    _require_answer(place)
    options: dict[str, Any] = {
        "address": place,
        "runtime_env": dict(runtime_env) if runtime_env else None,
        "logging_level": logging.ERROR,
        "log_to_driver": False,
    }
    if place == "local":
        options |= {
            "num_cpus": max(os.cpu_count() or 1, ceil(processors)),
            "object_store_memory": _OBJECT_STORE,
            "include_dashboard": False,
            # Nobody else is to reach it, as far as Ray keeps to that.
            "_node_ip_address": "127.0.0.1",
        }
    ray.init(**options)
    return True


def _require_answer(place: str) -> None:
    """Ray itself would try for minutes, and say so in words of its own."""
    host, colon, port = place.rpartition(":")
    if not colon or "/" in place:
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except (OSError, ValueError) as error:
        raise ConnectionError(f"no Ray cluster answers at {place}: {error}") from error


def leave_ray() -> None:
    """Disconnect, and end the Ray that was started here."""
    ray_library().shutdown()


def alive_nodes() -> int:
    """How many nodes there are that have processors for actors."""
    nodes = ray_library().nodes()
    return sum(1 for node in nodes if node["Alive"] and node["Resources"].get("CPU", 0) > 0)
