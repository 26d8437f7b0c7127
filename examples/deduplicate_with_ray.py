"""One data set of many: the records of several `vs generate` folders, each different, as Parquet.

pip install '.[generate,parquet,ray]'
pip install 'ray[data]'
python examples/deduplicate_with_ray.py folder1 folder2 --out clean           by Ray, here
python examples/deduplicate_with_ray.py folder1 folder2 --out clean --plain   in this process
On a cluster, RAY_ADDRESS says where it is, and the folders are on a disk that all its nodes have.
"""

from __future__ import annotations

import argparse
import fileinput
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from vs_core import Candidate
from vs_core.generation import Novelty

TEXTS = dict.fromkeys(("prompt", "value", "method", "model"), pa.string())
COLUMNS = pa.schema({**TEXTS, "stated": pa.float64()})


def different(lines: Iterable[str]) -> pa.Table:
    """The records of one prompt that are new, as `vs generate` judges it; an object is JSON."""
    novelty, kept = Novelty(), []
    for row in map(json.loads, sorted(lines)):  # sorted, so that it is the same ones each time
        if novelty.admit(Candidate(value=row["value"])) is None:
            text = row["value"] if isinstance(row["value"], str) else json.dumps(row["value"])
            kept.append({**row, "value": text})
    return pa.Table.from_pylist(kept, schema=COLUMNS)


def by_ray(files: list[str], out: Path) -> None:
    """Each prompt's records in one of Ray's processes."""
    import ray.data

    ray.init(log_to_driver=False)
    parts = 4 * int(ray.cluster_resources()["CPU"])  # each costs a task, and becomes a file
    rows = ray.data.read_text(files).map(lambda row: {**row, **json.loads(row["text"])})
    prompts = rows.select_columns(["prompt", "text"]).groupby("prompt", num_partitions=parts)
    prompts.map_groups(lambda group: different(group["text"])).write_parquet(str(out))


def plainly(files: list[str], out: Path) -> None:
    """All of it in this process, in memory."""
    lines: defaultdict[str, list[str]] = defaultdict(list)
    with fileinput.input(files, encoding="utf-8") as found:
        for line in found:
            lines[json.loads(line)["prompt"]].append(line)
    parquet.write_table(pa.concat_tables(map(different, lines.values())), out / "data.parquet")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--plain", action="store_true")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True)  # never into what is there
    files = [str((folder / "data.jsonl").absolute()) for folder in asked.folders]
    (plainly if asked.plain else by_ray)(files, asked.out.absolute())
    kept = sum(parquet.read_metadata(path).num_rows for path in asked.out.glob("*.parquet"))
    print(f"{asked.out}: {kept:,} different records")
