"""Where a model was served, as a record keeps it: an address, and no secret."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.every import for_every
from vs_core.adapters import ModelOptions


@for_every(
    "address",
    ["http://me:s3cret@host/v1", "http://s3cret@host/v1", "http://host/v1?key=s3cret"],
)
def test_no_address_with_a_secret_is_kept_or_repeated(address: str) -> None:
    with pytest.raises(ValidationError, match="keys stand") as refused:
        ModelOptions(base_url=address)
    assert "s3cret" not in str(refused.value)


@for_every(
    "address",
    [
        *["", "me:s3cret@host/v1", "s3cret@host", "http:me:s3cret@host", "http:///me:s3cret@host"],
        *["http:\\\\me:s3cret@host/v1", "http://h\\@me:s3cret/v1", "ftp://host/v1", "host:8080/v1"],
    ],
)
def test_what_is_no_address_is_kept_by_no_record(address: str) -> None:
    with pytest.raises(ValidationError, match=r"keys stand|begin it with http://") as refused:
        ModelOptions(base_url=address)
    assert "s3cret" not in str(refused.value)


@for_every("address", [None, "http://localhost:8191/v1", "https://[::1]:80", "https://host/a@b"])
def test_an_address_is_kept_as_it_is(address: str | None) -> None:
    assert ModelOptions(base_url=address).base_url == address
