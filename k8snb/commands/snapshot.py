"""`k8snb snapshot`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from k8snb.commands import options
from k8snb.errors import UsageError

if TYPE_CHECKING:
    from k8snb.sources.stream import Gap, Item, Source

EXAMPLES = """\b
Examples:
  k8snb snapshot context:prod --out prod.k8snb
  k8snb snapshot manifests/ --complete --out staging.k8snb
  k8snb assess prod.k8snb                 later, elsewhere, without the cluster

A snapshot holds no Secret, and no literal credential that k8snb knows one by.
"""


def snapshot(
    source: options.Source = None,
    *,
    out: Annotated[Path, Option("--out", metavar="FILE.k8snb", help="The snapshot to write.")],
    complete: options.Complete = False,
    kubeconfig: options.Kubeconfig = None,
) -> int:
    """Record a source in one file, to assess it again without the cluster."""
    from datetime import UTC, datetime

    from k8snb.commands import output, reading
    from k8snb.inventory.connect import open_source
    from k8snb.sources.snapshot import write_snapshot

    output.check(out)
    _refuse_other_files(out)
    opened = open_source(source, complete=complete, kubeconfig=kubeconfig)
    gaps: list[Gap] = []
    created = getattr(opened, "created", "") or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    kind = getattr(opened, "original", "") or opened.kind
    items = _items(opened, gaps)
    write_snapshot(items, out, kind=kind, name=opened.name, complete=opened.complete, created=created)
    reading.tell_gaps(gaps)
    return 0


def _items(source: "Source", gaps: "list[Gap]") -> "Iterator[Item]":
    from k8snb.sources.stream import Gap

    for part in source.parts():
        for item in part.read():
            if isinstance(item, Gap):
                gaps.append(item)
            yield item


def _refuse_other_files(out: Path) -> None:
    from k8snb.sources.snapshot import is_snapshot

    if out.exists() and not (out.is_file() and is_snapshot(str(out))):
        raise UsageError(f"{out} is there already, and is no snapshot.", "Name another file.")
