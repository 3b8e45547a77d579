"""`k8snb new` and `k8snb lab`."""

import os
import sys
from pathlib import Path
from typing import Annotated

from typer import Argument

from k8snb.errors import UsageError
from k8snb.notebook_files import folder

NEW_EXAMPLES = """\b
Examples:
  k8snb new                               into ./k8snb-notebooks
  k8snb new ~/audit-2026 --lang zh        in Chinese
"""
LAB_EXAMPLES = """\b
Examples:
  k8snb lab                               ./k8snb-notebooks, made if it is not there
  k8snb lab ~/audit-2026
"""
Directory = Annotated[Path, Argument(metavar="DIR", help="The folder; made if it is not there.")]
_DEFAULT = Path("k8snb-notebooks")


def new(directory: Directory = _DEFAULT) -> int:
    """Make a folder with the notebooks, ready to open."""
    from k8snb.commands.output import write

    there = _present(directory)
    if there:
        raise UsageError(f"{directory} holds {there[0]} already.", f"k8snb lab {directory} opens it; or name another.")
    copy(directory)
    write(f"{directory}\n".encode("utf-8", "surrogateescape"))
    return 0


def lab(directory: Directory = _DEFAULT) -> int:
    """Open the notebooks in JupyterLab; in a folder without any they are made first."""
    if not _present(directory):
        copy(directory)
    first = next((str(one) for one in _present(directory)), ".")
    sys.stderr.flush()
    os.chdir(directory)
    words = ["-m", "jupyterlab", f"--ServerApp.root_dir={Path.cwd()}", first]
    os.execv(sys.executable, [sys.executable, *words])  # noqa: S606 - no shell


def copy(directory: Path) -> None:
    """Copy the notebooks into a folder.

    Raises:
        UsageError: if there are none, or they cannot be written.
    """
    from k8snb.commands.output import write_whole
    from k8snb.languages.notebook import notebook

    names = notebooks()
    if not names:
        raise UsageError(f"There are no notebooks in {folder()}.", "Install k8snb again.")
    try:
        for name in names:
            target = directory / name
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, notebook((folder() / name).read_bytes()))
    except OSError as error:
        raise UsageError(f"{directory}: {error.strerror}.", "Name another folder.") from error


def notebooks() -> list[Path]:
    """Give the notebooks, relative to their folder."""
    found = sorted(one.relative_to(folder()) for one in folder().rglob("*.ipynb"))
    return [one for one in found if ".ipynb_checkpoints" not in one.parts]


def _present(directory: Path) -> list[Path]:
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory} is no folder.", "Name another.")
    return [one for one in notebooks() if (directory / one).exists()]
