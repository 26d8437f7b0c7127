"""`ModelOptions`: how a model was called, for the record."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from vs_core.values.whole import Whole


class ModelOptions(BaseModel):
    """How a model was called, for the record: nothing is sent by it. There is no place for a key.

    Attributes:
        temperature: Of its sampling; None where that was left to the provider, as below.
        top_p: Likewise.
        max_tokens: Most tokens of one reply.
        base_url: Where it was served: scheme, host, port and path.

    Example:
        >>> from vs_core.adapters import ModelOptions
        >>> ModelOptions(temperature=0.7).max_tokens is None
        True
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    temperature: float | None = Field(default=None, ge=0.0, allow_inf_nan=False)
    top_p: float | None = Field(default=None, ge=0.0, le=1.0)
    max_tokens: int | None = Field(default=None, ge=1)
    base_url: Whole | None = None

    @field_validator("base_url")
    @classmethod
    def _the_address_holds_no_secret(cls, address: str | None) -> str | None:
        if address is None:
            return None
        parts = urlsplit(address)
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError(
                "a name, a password or a query stands in it, where keys stand: leave scheme, "
                "host, port and path"
            )
        # Without a scheme, or with backslashes, a name and a password look like a path.
        if parts.scheme not in {"http", "https"} or not parts.netloc or "\\" in address:
            raise ValueError("it is no address of a server: begin it with http:// or https://")
        return address
