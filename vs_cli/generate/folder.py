"""What is written into the folder that `--out` names, beside the journal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from vs_cli.errors import MisuseError
from vs_cli.generate.about import About
from vs_cli.generate.card import MARK, render_card
from vs_cli.generate.parquet import write_parquet
from vs_cli.generate.pictures import draw_pictures
from vs_cli.generate.report import render_report
from vs_cli.generate.samples import Samples
from vs_cli.writing import write_files
from vs_core.adapters import visible_json
from vs_core.generation import GenerationReport

DATA, REFUSED, TABLE = "data.jsonl", "refused.jsonl", "data.parquet"
CARD, REPORT, FIGURES = "README.md", "report.html", "report.json"


def require_no_other_card(folder: Path) -> None:
    """Make sure, before anything is paid for, that no README of something else is overwritten.

    Args:
        folder: Where a card is to be written.

    Raises:
        MisuseError: There is one, or it cannot be read.
    """
    path = folder / CARD
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise MisuseError(f"{path}: {error.strerror or error}") from error
    if MARK.encode() not in found:
        raise MisuseError(
            f"{path} was not written by vs generate and would be overwritten: give another --out"
        )


def write_results(
    folder: Path,
    report: GenerationReport,
    about: About,
    samples: Samples,
    *,
    parquet: bool,
    value_schema: Any,
    hide: Callable[[str], str],
) -> None:
    """Write the report, the card, the pictures, and the rows as Parquet if that is asked for.

    Args:
        folder: Where; the rows are there.
        report: What was made.
        about: How.
        samples: Some of the answers.
        parquet: Whether to write the rows as Parquet.
        value_schema: The JSON schema of the values, if there is one.
        hide: Takes out of a text what must not stand in a file.

    Raises:
        NotWrittenError: A file cannot be written; an earlier one of its name is left as it was.
    """
    if parquet:
        write_parquet(folder / DATA, folder / TABLE, value_schema)
    pictures = draw_pictures(report)
    files = {
        FIGURES: visible_json(report.model_dump_json(indent=2)) + "\n",
        CARD: render_card(report, about, samples, parquet=parquet),
        REPORT: render_report(report, about, samples, pictures),
        **{f"{picture.name}.svg": picture.file for picture in pictures},
    }
    write_files(folder, files, hide=hide)
