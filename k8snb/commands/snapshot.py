"""`k8snb snapshot`."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from k8snb.commands import options
from k8snb.commands.reach import reaching
from k8snb.errors import UsageError

if TYPE_CHECKING:
    from k8snb.sources.connection_config import Access
    from k8snb.sources.stream import Gap, Item, Source

EXAMPLES = """\b
Examples:
  k8snb snapshot context:prod --out prod.k8snb
  k8snb snapshot manifests/ --complete --out staging.k8snb
  k8snb assess prod.k8snb                 later, elsewhere, without the cluster

A snapshot holds no Secret, and no literal credential that k8snb knows one by.
"""


@reaching()
def snapshot(
    source: options.Source = None,
    *,
    out: Annotated[Path, Option("--out", metavar="FILE.k8snb", help="The snapshot to write.")],
    complete: options.Complete = False,
    access: "Access | None",
) -> int:
    """Record a source in one file, to assess it again without the cluster."""
    from datetime import UTC, datetime

    from k8snb.commands import output, reading
    from k8snb.inventory.connect import open_source
    from k8snb.sources.snapshot import write_snapshot

    output.check(out)
    _refuse_other_files(out)
    opened = open_source(source, complete=complete, kubeconfig=access)
    missed: list[Gap] = []
    created = getattr(opened, "created", "") or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    kind = getattr(opened, "original", "") or opened.kind
    check = partial(_check, opened.kind, missed)
    write_snapshot(
        _items(opened), out, kind=kind, name=opened.name, complete=opened.complete, created=created, check=check
    )
    reading.tell_gaps(missed)
    return 0


def _check(kind: str, missed: "list[Gap]", objects: int, gaps: "Sequence[Gap]") -> None:
    from k8snb.sources.nothing import refuse_nothing

    refuse_nothing(kind, objects, gaps)
    missed.extend(gaps)


def _items(source: "Source") -> "Iterator[Item]":
    for part in source.parts():
        yield from part.read()


def _refuse_other_files(out: Path) -> None:
    from k8snb.sources.snapshot import is_snapshot

    if out.exists() and not (out.is_file() and is_snapshot(str(out))):
        raise UsageError(f"{out} is there already, and is no snapshot.", "Name another file.")
