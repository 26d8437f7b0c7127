"""What is written at the end of `vs tune`: the tuning, and the preset that it leads to."""

from __future__ import annotations

import argparse
from pathlib import Path

from vs_cli.errors import MisuseError
from vs_cli.models import ChosenModel
from vs_cli.reading import STANDARD_INPUT
from vs_cli.writing import replacing, write_whole
from vs_core.adapters import visible_json
from vs_core.tuning import Tuning

PRESET, TUNING = "preset.json", "tuning.json"


def require_place(asked: argparse.Namespace) -> None:
    """Make sure, before anything is paid for, that the preset has a place.

    Args:
        asked: The command line.

    Raises:
        MisuseError: `--save` names no file that can be written.
    """
    if asked.save is None:
        return
    path = Path(asked.save)
    if not asked.save or path.is_dir() or not path.parent.is_dir():
        raise MisuseError(f"--save {asked.save}: give the name of a file in a folder that is there")
    if asked.prompts != STANDARD_INPUT and path.resolve() == Path(asked.prompts).resolve():
        raise MisuseError(f"--save {asked.save}: the prompts are in that file: give another name")


def keep(asked: argparse.Namespace, found: Tuning, chosen: ChosenModel) -> list[Path]:
    """Write what was found, where the command line says.

    Args:
        asked: The command line.
        found: A complete tuning.
        chosen: Who answered.

    Returns:
        The files that hold the preset; none if nothing was measured.

    Raises:
        NotWrittenError: A file cannot be written; an earlier one of its name is left as it was.
    """
    folder = None if asked.out is None else Path(asked.out)
    if folder is not None:
        text = visible_json(found.model_dump_json(indent=2)) + "\n"
        write_whole(folder / TUNING, chosen.without_secrets(text))
    if found.final is None:
        return []
    preset = found.preset()
    places = [*([folder / PRESET] if folder else []), *([Path(asked.save)] if asked.save else [])]
    for place in places:
        with replacing(place) as part:
            preset.save(part)
    return places
