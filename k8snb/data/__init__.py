"""Data that ages: every file tells its date and its source."""

from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T", bound="Dated")


class Dated(msgspec.Struct, frozen=True):
    """What every data file tells of itself.

    Attributes:
        date: The day on which it was true, as YYYY-MM-DD.
        source: Where it was read.
    """

    date: str
    source: str


def load(name: str, type_: type[T]) -> T:
    """Read a data file of this package, anew at each call.

    Args:
        name: Its name without the extension, such as `releases`.
        type_: What it holds.
    """
    return msgspec.json.decode((files(__name__) / f"{name}.json").read_bytes(), type=type_)
