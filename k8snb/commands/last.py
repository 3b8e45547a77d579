"""The last result, kept for `k8snb explain`."""

import os
from pathlib import Path

from k8snb.assessment.assessment import Assessment, read_assessment
from k8snb.commands.guard import tell
from k8snb.commands.output import write_whole
from k8snb.errors import UsageError

LARGEST, MOST = 20 * 2**20, 60_000
"""Bytes and findings of a result that is kept."""


def place() -> Path:
    """Give the file, below `$XDG_STATE_HOME` (XDG Base Directory Specification)."""
    state = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(state) if Path(state).is_absolute() else Path("~/.local/state").expanduser()
    return folder / "k8snb" / "last.json"


def keep(result: Assessment, data: bytes | None = None) -> None:
    """Keep a result, for its owner only; it is let go where it is huge or cannot be written.

    Args:
        result: The result.
        data: Its JSON, where that was made already.
    """
    if len(result) > MOST:
        return
    data = data or result.to_json()
    if len(data) > LARGEST:
        return
    try:
        path = place()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, data, 0o600)
    except (OSError, RuntimeError, UsageError) as error:
        tell(f"the result is not kept for `k8snb explain`: {error}")


def last() -> Assessment:
    """Give the last result.

    Raises:
        UsageError: if there is none.
    """
    try:
        data = place().read_bytes()
    except (OSError, RuntimeError) as error:
        raise UsageError("There is no result to explain yet.", "Run k8snb assess first.") from error
    return read_assessment(data, str(place()))
