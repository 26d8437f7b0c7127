"""How a `RayEngine` uses a cluster."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from vs_core.generation.ray.imported import ImportedFactory
from vs_core.generation.ray.secrets import secrets_in


class RaySettings(BaseModel):
    """How a `RayEngine` uses a cluster; its attributes are described there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    worker: ImportedFactory
    address: str | None = None
    num_actors: int | None = Field(default=None, ge=1)
    concurrency: int = Field(default=64, ge=1)
    num_cpus: float = Field(default=0.1, ge=0)
    runtime_env: dict[str, Any] | None = None
    patience: float = Field(default=120.0, gt=0)

    @field_validator("worker", mode="before")
    @classmethod
    def _worker_by_name(cls, worker: Any) -> Any:
        return {"function": worker} if isinstance(worker, str) else worker

    @field_validator("address")
    @classmethod
    def _address_of_a_cluster(cls, address: str | None) -> str | None:
        if address is not None and address.startswith("ray://"):
            raise ValueError(
                f"{address!r} is an address of Ray Client, which loses its work with its "
                "connection: run on the cluster (`ray job submit`), or give the address that "
                "`ray start` printed, such as '10.0.0.1:6379'"
            )
        return address

    @field_validator("runtime_env")
    @classmethod
    def _no_key_in_rays_records(cls, runtime_env: dict[str, Any] | None) -> dict[str, Any] | None:
        if secret := ", ".join(secrets_in(runtime_env or {})):
            raise ValueError(
                f"{secret} would stand in Ray's records and logs: set the variable on each node "
                "before `ray start`, or in the image"
            )
        return runtime_env
