"""How Ray is to make the actors of a `RayEngine`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from vs_core.generation.ray.cluster import alive_nodes, ray_library
from vs_core.generation.ray.settings import RaySettings
from vs_core.generation.ray.worker import CallWorker

PER_NODE = 2
"""Actors of each node, where their number is not said."""


def actor_maker(settings: RaySettings, *, own_ray: bool) -> Callable[[], Any]:
    """What has Ray make one more actor.

    Args:
        settings: Those of the engine.
        own_ray: Whether Ray was told of the `runtime_env` when this process connected to it.
    """
    options: dict[str, Any] = {
        "num_cpus": settings.num_cpus,
        "max_concurrency": settings.concurrency,
        "max_restarts": -1,
        # A call may have been paid for: whether it is made again is not for Ray to decide.
        "max_task_retries": 0,
        "scheduling_strategy": "SPREAD",
    }
    if settings.runtime_env and not own_ray:
        options["runtime_env"] = settings.runtime_env
    actor = ray_library().remote(CallWorker).options(**options)
    factory = settings.worker.model_dump_json()
    return lambda: actor.remote(factory)


def number_of_actors(settings: RaySettings) -> int:
    """How many actors there are to be, on the nodes that there are.

    Args:
        settings: Those of the engine.
    """
    return settings.num_actors or PER_NODE * max(1, alive_nodes())


def end_actors(actors: Iterable[Any]) -> None:
    """End actors, and the calls that they are making.

    Args:
        actors: Their handles. Without a connection to Ray they have ended already, and to name
            them then ends this process.
    """
    ray = ray_library()
    if ray.is_initialized():
        for actor in actors:
            ray.kill(actor)
