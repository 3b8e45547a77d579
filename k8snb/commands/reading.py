"""Reading a source for a command, and telling what could not be read."""

from collections.abc import Sequence
from threading import Thread
from typing import TYPE_CHECKING

from k8snb.commands.guard import tell
from k8snb.controls.registry import controls
from k8snb.errors import UsageError
from k8snb.inventory.cluster import Cluster, load
from k8snb.inventory.connect import open_source, with_files
from k8snb.sources.nothing import refuse_nothing
from k8snb.sources.stream import Gap

if TYPE_CHECKING:
    from k8snb.sources.connection_config import Access

_SHOWN = 5


def cluster(
    source: str | None,
    namespaces: Sequence[str],
    *,
    complete: bool,
    kubeconfig: "Access | str | None",
    evidence: Sequence[str] | None = None,
    any_evidence: bool = False,
) -> Cluster:
    """Read a source and evidence files, see `read`; what could not be read is told on standard error."""
    found = read(
        source, namespaces, complete=complete, kubeconfig=kubeconfig, evidence=evidence, any_evidence=any_evidence
    )
    tell_gaps(found.gaps)
    return found


def read(
    source: str | None,
    namespaces: Sequence[str],
    *,
    complete: bool,
    kubeconfig: "Access | str | None",
    evidence: Sequence[str] | None = None,
    any_evidence: bool = False,
) -> Cluster:
    """Read a source and evidence files.

    Raises:
        UsageError: if the source means nothing, nothing in its manifests could be read, or a file is no evidence.
        SourceError: if it cannot be read.
    """
    opened = open_source(source, complete=complete, kubeconfig=kubeconfig, namespaces=namespaces)
    if opened.kind == "context":
        Thread(target=controls, daemon=True).start()  # imported while the first answers are on their way
    found = load(with_files(opened, evidence or (), anyway=any_evidence))
    objects = sum(one.listed for one in found.coverage)
    refuse_nothing(found.source.kind, objects, found.gaps)
    if found.source.kind == "manifests" and not (objects or found.gaps or found.skipped):
        raise UsageError(f"{found.source.name} holds no Kubernetes object.", "Nothing was assessed.")
    return found.limited(namespaces)


def tell_gaps(gaps: Sequence[Gap]) -> None:
    """Tell the first gaps, and how many more there are."""
    for gap in gaps[:_SHOWN]:
        where = f"{gap.origin}: " if gap.origin and not gap.message.startswith(gap.origin.file) else ""
        tell(f"not read ({gap.cause}): {where}{gap.message}")
    if len(gaps) > _SHOWN:
        tell(f"{len(gaps) - _SHOWN:,} more were not read; the coverage in the result has all.")
