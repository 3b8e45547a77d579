"""A source of which nothing could be read."""

from collections.abc import Sequence

from k8snb.errors import SourceError, UsageError
from k8snb.sources.stream import Gap


def refuse_nothing(kind: str, objects: int, gaps: Sequence[Gap]) -> None:
    """Refuse a source that had something to read and gave nothing.

    Args:
        kind: Kind of the source.
        objects: How many objects were read.
        gaps: What was not read.

    Raises:
        UsageError: if nothing in manifests could be read.
        SourceError: if nothing in another source could be.
    """
    if objects or not gaps:
        return
    wrong = UsageError if kind == "manifests" else SourceError
    more = f" (and {len(gaps) - 1:,} more)" if len(gaps) > 1 else ""
    raise wrong(f"Nothing could be read. {gaps[0].message}{more}", "Nothing was assessed.")
