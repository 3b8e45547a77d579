"""Data that ages: every file tells its date and its source. A newer one in the user's own folder is preferred."""

import os
import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

T = TypeVar("T", bound="Dated")


class Dated(msgspec.Struct, frozen=True):
    """What every data file tells of itself.

    Attributes:
        date: The day on which it was true, as YYYY-MM-DD.
        source: Where it was read.
    """

    date: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
    source: str


def names() -> list[str]:
    """Give the names of the data files, sorted."""
    return sorted(one.name.removesuffix(".json") for one in files(__name__).iterdir() if one.name.endswith(".json"))


def folder() -> Path:
    """Give the folder of the user's own data files, below `$XDG_DATA_HOME` (XDG Base Directory Specification)."""
    given = os.environ.get("XDG_DATA_HOME", "")
    return (Path(given) if Path(given).is_absolute() else Path("~/.local/share").expanduser()) / "k8snb" / "data"


def packaged(name: str) -> bytes:
    """Give the text of a data file as it came with this package."""
    return (files(__name__) / f"{name}.json").read_bytes()


def load(name: str, type_: type[T]) -> T:
    """Read a data file, anew at each call: the user's own if that is newer and whole, else the one of this package.

    Args:
        name: Its name without the extension, such as `releases`.
        type_: What it holds.
    """
    ours, own = msgspec.json.decode(packaged(name), type=type_), mine(name, type_)
    return own if own is not None and own.date > ours.date else ours


def mine(name: str, type_: type[T]) -> T | None:
    """Read a data file of the user's own, anew at each call; None if there is none, or none that is whole.

    Args:
        name: Its name without the extension.
        type_: What it holds.
    """
    try:
        return msgspec.json.decode((folder() / f"{name}.json").read_bytes(), type=type_)
    except (OSError, RuntimeError, RecursionError, re.error, msgspec.MsgspecError):
        return None
