"""Execute the notebooks beside this file, each in a clean kernel of this interpreter.

    python notebooks/execute.py                                # all of them, in place
    python notebooks/execute.py 01_langchain.ipynb --into out  # a copy, leaving the notebook alone
    python notebooks/execute.py --model openai:gpt-4.1-mini --into out

Without `--model` the simulated model answers: the kernel sees neither `VS_MODEL` nor any key, and
its Python connects to this machine only. The kernel starts in an empty directory, so that a
notebook which needs a file beside it fails; only what is recorded of real models lies where it
does in the repository. What a notebook keeps is the same wherever it ran.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from PIL import Image

HOME = Path(__file__).resolve().parent
RECORDED = "benchmarks/recorded"
SECONDS_A_CELL = 120
OFFLINE = (
    "__import__('pytest_socket').socket_allow_hosts(['127.0.0.1', '::1'], allow_unix_socket=True)"
)
PNG = "image/png"
COLOURS = 128
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": NATIVE_KERNEL_NAME},
    "language_info": {"name": "python"},
}


def execute(notebook: NotebookNode, model: str | None, home: str) -> None:
    """Run all cells in a new kernel and keep their outputs.

    Args:
        notebook: Its outputs are replaced.
        model: What the notebook finds in `VS_MODEL`; None for the simulated model, offline.
        home: An empty directory in which the kernel runs.

    Raises:
        CellExecutionError: A cell failed.
    """
    kernel = AsyncKernelManager(
        kernel_name=NATIVE_KERNEL_NAME,
        # No directory is searched for kernels that a user has registered: what remains is the
        # kernel of the running interpreter.
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        transport="ipc",
        ip=str(Path(home) / ".kernel"),
    )
    client = NotebookClient(
        notebook,
        km=kernel,
        resources={"metadata": {"path": home}},
        timeout=SECONDS_A_CELL,
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=[] if model else [f"--IPKernelApp.exec_lines={OFFLINE}"],
    )
    client.execute(env=_environment(os.environ, model, home), cleanup_kc=True)


def tidy(notebook: NotebookNode) -> None:
    """Leave out what depends on the machine or on the time of the run, and make pictures small."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            if PNG in output.get("data", ()):
                output.data[PNG] = _smaller(output.data[PNG])


def main() -> int:
    """Execute the notebooks that the command line names; 1 if a cell of one failed."""
    parser = argparse.ArgumentParser(description="Execute notebooks from clean kernels.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="by default all beside this file")
    parser.add_argument("--into", type=Path, help="directory for the results, instead of in place")
    parser.add_argument("--model", help="a real model, such as openai:gpt-4.1-mini")
    options = parser.parse_args()
    failed = False
    for source in options.notebooks or sorted(HOME.glob("*.ipynb")):
        target = options.into / source.name if options.into else source
        target.parent.mkdir(parents=True, exist_ok=True)
        failed |= not _execute_file(source, target, options.model)
    return int(failed)


def _execute_file(source: Path, target: Path, model: str | None) -> bool:
    notebook = nbformat.read(source, as_version=4)
    try:
        with tempfile.TemporaryDirectory() as repository:
            home = Path(repository, HOME.name)
            home.mkdir()
            shutil.copytree(HOME.parent / RECORDED, Path(repository, RECORDED))
            execute(notebook, model, str(home))
    except CellExecutionError as error:
        print(f"{source}: {error}", file=sys.stderr)
        return False
    tidy(notebook)
    nbformat.validate(notebook)
    nbformat.write(notebook, target)
    print(target)
    return True


def _smaller(png: str) -> str:
    """A picture with a palette of its own, as charts have few colours; both in base 64."""
    image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    written = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(written, format="png", optimize=True)
    return base64.b64encode(written.getvalue()).decode()


def _environment(present: Mapping[str, str], model: str | None, home: str) -> dict[str, str]:
    """The kernel's environment: none of the user's own start-up files, no key unless needed."""
    kept = {
        name: value
        for name, value in present.items()
        if name != "VS_MODEL" and (model or not name.endswith("_API_KEY"))
    }
    paths = [str(HOME.parent), kept.get("PYTHONPATH", "")]
    kept["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    kept["IPYTHONDIR"] = str(Path(home) / ".ipython")
    return kept | ({"VS_MODEL": model} if model else {})


if __name__ == "__main__":
    sys.exit(main())
