"""Types of columns, and the file that has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.every import for_every
from vs_cli.generate.columns import MOST_FIELDS, Kind, kind_of, merged, plain
from vs_cli.generate.free_form import Layout

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def kind_of_all(values: list[Any]) -> Kind:
    kind = Kind("null")
    for value in values:
        kind = merged(kind, kind_of(value))
    return kind


@for_every(
    "values, name",
    [
        ([None], "null"),
        ([True, None, False], "bool"),
        ([1, 2], "int"),
        ([1, 2.5], "float"),
        ([2**53 + 1, 0.5], "json"),
        ([2**64], "json"),
        (["a", None], "text"),
        (["a", 1], "json"),
        ([True, 1], "json"),
        ([[1], []], "list"),
        ([{"a": 1}, {"b": 1}], "object"),
        ([{}], "json"),
        ([{"a": 1}, [1]], "json"),
    ],
)
def test_the_narrowest_type_that_loses_nothing_is_taken(values: list[Any], name: str) -> None:
    assert kind_of_all(values).name == name


def restored(value: Any, kind: Kind) -> Any:
    """A value as it was, with null for what an object has not."""
    if value is None:
        return None
    if kind.name == "json":
        return json.loads(value)
    if kind.name == "list":
        return [restored(item, kind.items or Kind("null")) for item in value]
    if kind.name == "object":
        return {name: restored(value[name], part) for name, part in kind.fields.items()}
    return value


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(part) for name, part in value.items() if part is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


@given(st.lists(JSON, min_size=1, max_size=5))
def test_no_value_is_lost_in_a_column(values: list[Any]) -> None:
    kind = kind_of_all(values)
    for value in values:
        assert without_nulls(restored(plain(value, kind), kind)) == without_nulls(value)


def row(value: Any) -> str:
    return json.dumps(
        {
            "prompt": "Invent one.",
            "value": value,
            "stated": None,
            "probability": 1.0,
            "method": "standard",
            "model": "m",
            "round": 0,
            "call": "c",
        }
    )


@for_every(
    "values, column",
    [
        (["a", "b"], "string"),
        ([1, 2], "int64"),
        ([{"name": "A", "age": 1}, {"name": "B"}], "struct<name: string, age: int64>"),
        ([{"tags": ["x"]}, {"tags": []}], "struct<tags: list<element: string>>"),
        ([{"a": {"b": 1.5}}], "struct<a: struct<b: double>>"),
        ([{"a": [1, "x"]}], "struct<a: list<element: string>>"),
        ([], "string"),
    ],
)
def test_a_table_has_typed_columns_and_all_rows(
    values: list[Any], column: str, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    from vs_cli.generate.parquet import write_parquet  # noqa: PLC0415

    (tmp_path / "data.jsonl").write_text("".join(f"{row(value)}\n" for value in values))
    write_parquet(tmp_path / "data.jsonl", tmp_path / "data.parquet")
    table = parquet.read_table(tmp_path / "data.parquet")
    assert str(table.schema.field("value").type) == column
    assert str(table.schema.field("stated").type) == "double"
    assert table.num_rows == len(values)
    kind = kind_of_all(values)
    for found, value in zip(table.column("value").to_pylist(), values, strict=True):
        assert without_nulls(restored(found, kind)) == without_nulls(value)
    assert not list(tmp_path.glob("*.part"))


TEXT, FREE = {"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}
NAMED = {"type": "object", "properties": {"name": TEXT, "nick": TEXT}, "additionalProperties": True}
EVER_NEW = [{"name": f"N {n}", "attrs": {f"key {n}": "x", "colour": "red"}} for n in range(9)]


@for_every(
    "schema, values, column",
    [
        (
            {"properties": {"name": TEXT, "attrs": FREE}},
            EVER_NEW,
            "struct<name: string, attrs: string>",
        ),
        (FREE, [{"a": "x"}, {"a": "y"}], "string"),
        (None, EVER_NEW, "struct<name: string, attrs: string>"),
        (
            {"properties": {"attrs": {"anyOf": [{"$ref": "#/$defs/map"}, {"type": "null"}]}}}
            | {"$defs": {"map": FREE}},
            [{"attrs": {"a": "x"}}, {"attrs": None}],
            "struct<attrs: string>",
        ),
        (
            {"items": {"$ref": "#/$defs/map"}, "$defs": {"map": FREE}},
            [[{"a": "x"}, {"b": "x"}]],
            "list<element: string>",
        ),
        # Optional keys stay columns, however seldom they are there.
        (NAMED, [{"name": "A", "nick": "B"}, *({"name": "C"},) * 9, {"nick": "D"}], None),
        (NAMED, [{"name": "A", f"other {n}": "B"} for n in range(9)], "string"),
        ({"$ref": "#"}, [{"a": 1}, {"a": 2}], "struct<a: int64>"),
    ],
)
def test_objects_with_whatever_keys_come_back_as_they_were(
    schema: Any, values: list[Any], column: str | None, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    from vs_cli.generate.parquet import write_parquet  # noqa: PLC0415

    (tmp_path / "data.jsonl").write_text("".join(f"{row(value)}\n" for value in values))
    write_parquet(tmp_path / "data.jsonl", tmp_path / "data.parquet", schema)
    table = parquet.read_table(tmp_path / "data.parquet")
    assert str(table.schema.field("value").type) == (column or "struct<name: string, nick: string>")
    kind = Layout(schema).settled(kind_of_all(values))
    for found, value in zip(table.column("value").to_pylist(), values, strict=True):
        whole = restored(found, kind)
        assert (without_nulls(whole) if column is None else whole) == value


def test_more_keys_than_a_file_has_columns_are_text() -> None:
    assert kind_of_all([{f"key {n}": n} for n in range(MOST_FIELDS)]).name == "object"
    assert kind_of_all([{f"key {n}": n} for n in range(MOST_FIELDS + 1)]).name == "json"
