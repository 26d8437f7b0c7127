"""`data.parquet`: the same rows in typed columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from vs_cli.generate.columns import Kind, kind_of, merged, plain
from vs_cli.generate.free_form import Layout
from vs_cli.writing import replacing
from vs_core import MissingExtraError

_ROWS_AT_A_TIME = 10_000
_COLUMNS = Kind(
    "object",
    fields={
        "prompt": Kind("text"),
        "value": Kind("null"),
        "stated": Kind("float"),
        "probability": Kind("float"),
        "method": Kind("text"),
        "model": Kind("text"),
        "round": Kind("int"),
        "call": Kind("text"),
    },
)
"""Those of every data set; the values decide on theirs."""


def require_parquet() -> None:
    """Make sure, before anything is paid for, that Parquet can be written.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    if find_spec("pyarrow") is None:
        raise MissingExtraError.for_extra("--parquet", "parquet", "pyarrow")


def write_parquet(rows: Path, path: Path, value_schema: Any = None) -> None:
    """Write what stands in a file of JSON lines as Parquet.

    Columns have the types of what is in them; objects become structs. What has no one type, such
    as a list of numbers and texts or a map with whatever keys, becomes JSON as text. The rows are
    read twice, as there may be more than fit into memory.

    Args:
        rows: The JSON lines, as `RowFile` writes records.
        path: The file to write.
        value_schema: The JSON schema of the values, if there is one.

    Raises:
        NotWrittenError: It cannot be written.
    """
    import pyarrow as pa  # noqa: PLC0415  # not in the base install
    from pyarrow import parquet  # noqa: PLC0415  # as above

    kind = _COLUMNS
    for row in _rows(rows):
        kind = merged(kind, kind_of(row))
    settled = {"value": Layout(value_schema).settled(kind.fields["value"])}
    kind = replace(kind, fields={**kind.fields, **settled})
    schema = pa.schema([pa.field(name, _arrow(part)) for name, part in kind.fields.items()])
    with replacing(path) as part, parquet.ParquetWriter(part, schema) as writer:
        left = (plain(row, kind) for row in _rows(rows))
        while batch := list(islice(left, _ROWS_AT_A_TIME)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def _arrow(kind: Kind) -> Any:
    import pyarrow as pa  # noqa: PLC0415  # as above

    if kind.name == "list":
        return pa.list_(_arrow(kind.items or Kind("null")))
    if kind.name == "object":
        return pa.struct([pa.field(name, _arrow(part)) for name, part in kind.fields.items()])
    plain_types = {"bool": pa.bool_, "int": pa.int64, "float": pa.float64}
    return plain_types.get(kind.name, pa.string)()
