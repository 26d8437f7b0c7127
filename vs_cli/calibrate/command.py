"""`vs calibrate`: make stated probabilities mean what they say, by labelled examples."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from vs_cli.calibrate.examples import read_examples
from vs_cli.calibrate.show import show_calibration
from vs_cli.errors import MisuseError
from vs_cli.reading import STANDARD_INPUT, named
from vs_cli.terminal import Terminal
from vs_cli.writing import replacing, write_whole
from vs_core import MissingExtraError
from vs_core.calibration import Calibration, calibrate
from vs_core.plots import plot_reliability, save_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

PictureFormat = Literal["png", "svg"]


def run_calibrate(asked: argparse.Namespace) -> None:
    """Run `vs calibrate`.

    Args:
        asked: The command line.

    Raises:
        MisuseError: The file cannot be read, a line of it cannot be used, or they are too few.
        MissingExtraError: A package is not installed.
        NotWrittenError: The calibration or the picture cannot be written.
    """
    picture_format = _picture_format(asked.picture)
    _require_files_apart(asked)
    examples = read_examples(asked.decisions, asked.question)
    try:
        calibration = calibrate(
            examples.probabilities, examples.labels, method=asked.method, seed=asked.seed
        )
    except ValueError as error:
        raise MisuseError(f"{named(asked.decisions)}: {error}") from error
    terminal, errors = Terminal(), Terminal(stderr=True)
    for line in examples.left_out:
        errors.say(line)
    if asked.json:
        terminal.print_document(calibration.to_json())
    else:
        # Written at once, so that `| head` has all of it before it ends.
        with terminal:
            show_calibration(terminal, calibration)
    if asked.out is not None:
        write_whole(Path(asked.out), calibration.to_json() + "\n")
        errors.say(f"the calibration is {asked.out}: give it to vs decide as --calibration")
    elif not asked.json:
        errors.say("the calibration is not kept without --out")
    if picture_format is not None:
        _draw(calibration, Path(asked.picture), picture_format)
        errors.say(f"the picture is {asked.picture}")


def _require_files_apart(asked: argparse.Namespace) -> None:
    """Decisions have been paid for, and nothing is to be written over them."""
    written = {"--out": asked.out, "--picture": asked.picture}
    if "" in written.values():
        raise MisuseError("--out and --picture take the name of a file, and it is empty")
    taken = {} if asked.decisions == STANDARD_INPUT else {Path(asked.decisions).resolve(): "FILE"}
    for option, file in written.items():
        if file is None:
            continue
        other = taken.setdefault(Path(file).resolve(), option)
        if other != option:
            raise MisuseError(f"{option} {file}: {other} is the same file: give another name")


def _picture_format(file: str | None) -> PictureFormat | None:
    if file is None:
        return None
    ending = Path(file).suffix[1:].lower()
    formats: Sequence[PictureFormat] = get_args(PictureFormat)
    found = next((one for one in formats if one == ending), None)
    if found is None:
        raise MisuseError(f"--picture {file}: give a name that ends in .png or .svg")
    if find_spec("matplotlib") is None:
        raise MissingExtraError.for_extra("--picture", "cli", "matplotlib")
    return found


def _draw(calibration: Calibration, path: Path, picture_format: PictureFormat) -> None:
    with replacing(path) as part:
        save_figure(plot_reliability(calibration), part, format=picture_format)
