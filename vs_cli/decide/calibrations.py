"""The calibrations that `--calibration` names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vs_cli.decide.questions import Questions, as_printed
from vs_cli.errors import MisuseError
from vs_core.calibration import Calibration


def read_calibrations(given: Sequence[str], questions: Questions) -> dict[str, Calibration]:
    """The calibration of each question that has one, by the questions' ids.

    Args:
        given: As written on the command line: a file for all questions, or `ID=FILE` for one.
        questions: What is asked.

    Raises:
        MisuseError: A file cannot be read, or holds no calibration; or two are for the same.
    """
    ids = [question.id for question in questions.each] if questions.have_ids else []
    files: dict[str | None, str] = {}
    for argument in given:
        before, _, behind = argument.partition("=")
        id_, file = (before, behind) if before in ids else (None, argument)
        if id_ in files:
            whose = "all questions" if id_ is None else repr(id_)
            raise MisuseError(f"--calibration: there are two for {whose}: give one")
        files[id_] = file
    found = {id_: _loaded(file, ids) for id_, file in files.items()}
    each = {question.id: found.get(question.id, found.get(None)) for question in questions.each}
    return {id_: calibration for id_, calibration in each.items() if calibration is not None}


def doubts(calibrations: Mapping[str, Calibration], questions: Questions) -> Iterator[str]:
    """What speaks against the use of a calibration, in sentences.

    Args:
        calibrations: By the ids of their questions.
        questions: What is asked.
    """
    for question in questions.each:
        calibration = calibrations.get(question.id)
        if calibration is None:
            continue
        fitted = dict.fromkeys(map(as_printed, calibration.labels))
        if not set(fitted) & {*question.labels, *question.labels.values()}:
            named = ", ".join(map(repr, fitted))
            yield f"the calibration of {question.id!r} was fitted on other labels: {named:.200}"


def _loaded(file: str, ids: Sequence[str]) -> Calibration:
    try:
        return Calibration.load(file)
    except OSError as error:
        known = f"; ids that may stand before = are {', '.join(ids)}" if ids and "=" in file else ""
        raise MisuseError(f"--calibration: {file}: {error.strerror or error}{known}") from error
    except ValueError as error:
        raise MisuseError(f"--calibration: {error}") from error
