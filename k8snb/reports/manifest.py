"""What an archive holds, and whether it still does."""

import hashlib
import platform
import stat
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from k8snb._version import __version__
from k8snb.assessment.result import SourceRecord
from k8snb.errors import ReportError
from k8snb.reports.runs import Outcome

SCHEMA = "k8snb/report/v1"
NAME = "manifest.json"


class File(msgspec.Struct, frozen=True):
    """Checksum and size of a file."""

    sha256: str
    bytes: int


class Manifest(msgspec.Struct, frozen=True):
    """The content of `manifest.json`.

    Attributes:
        schema: Always `k8snb/report/v1`.
        started: When the run began, RFC 3339.
        finished: When it ended.
        seconds: How long it took.
        versions: Of k8snb, Python and what runs and shows the notebooks.
        source: What was assessed.
        parameters: With which parameters.
        notebooks: How long each took, and the record that its last cell wrote.
        files: Every file but this one, by its path in the archive.
    """

    schema: str
    started: str
    finished: str
    seconds: float
    versions: dict[str, str]
    source: SourceRecord
    parameters: dict[str, Any]
    notebooks: dict[str, Outcome]
    files: dict[str, File]


def versions() -> dict[str, str]:
    """Give the versions of what makes a report."""
    shown = ("papermill", "nbclient", "nbconvert", "ipykernel", "plotly")
    return {"k8snb": __version__, "python": platform.python_version(), **{name: version(name) for name in shown}}


def files(folder: Path) -> dict[str, File]:
    """Give checksum and size of every file below a folder but the manifest itself.

    Raises:
        ReportError: if something there is no plain file.
    """
    return {path.relative_to(folder).as_posix(): _file(path) for path in _paths(folder)}


def verify(archive: Path) -> Manifest:
    """Check an archive against its manifest.

    Args:
        archive: The archive's folder.

    Returns:
        The manifest.

    Raises:
        ReportError: if it is no archive, a file is missing, changed or new, or a notebook did not complete.
    """
    try:
        manifest = msgspec.json.decode((archive / NAME).read_bytes(), type=Manifest)
        found = files(archive)
    except OSError as error:
        raise ReportError(f"{archive}: {error.strerror}.", "An archive is a folder with a manifest.json.") from error
    except msgspec.MsgspecError as error:
        raise ReportError(f"{archive / NAME} is no manifest of k8snb ({error}).") from error
    for name in sorted(manifest.files.keys() | found.keys()):
        if manifest.files.get(name) != found.get(name):
            raise ReportError(f"{archive}: {name} {_difference(name, manifest, found)}.")
    return manifest


def _difference(name: str, manifest: Manifest, found: dict[str, File]) -> str:
    if name not in found:
        return "is missing"
    return "was changed" if name in manifest.files else "does not belong to it"


def _paths(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise ReportError(f"{path} is no plain file.")
        if stat.S_ISREG(mode) and path != folder / NAME:
            yield path


def _file(path: Path) -> File:
    with path.open("rb") as content:
        return File(hashlib.file_digest(content, "sha256").hexdigest(), path.stat().st_size)
