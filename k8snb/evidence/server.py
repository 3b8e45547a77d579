"""Everything that an API server tells about itself, in one stream."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from k8snb.errors import SourceError
from k8snb.evidence import flagz, kubelets, metrics, probes, statusz
from k8snb.sources.access_review import ask
from k8snb.sources.connection import Connection
from k8snb.sources.stream import Fact, Gap

Read = Callable[[Connection, str], Iterator[Fact | Gap]]
PAGES: dict[str, Read] = {one.PATH: one.read for one in (flagz, metrics, statusz)}
_PROXY = {"resourceAttributes": {"verb": "get", "group": "", "resource": "nodes", "subresource": "proxy"}}
_GRANT = "k8snb rbac --level evidence grants it"


def evidence(connection: Connection, *, probe: bool = True, with_kubelets: bool = False) -> Iterator[Fact | Gap]:
    """Give the flags in force, the metrics that decide controls, the version that runs, and what probes show.

    A page that may not be read is not asked for: it is a `Gap` whose resource is its path, as is one that is not
    served. The facts are those of the one API server that answered.

    Args:
        connection: How to ask it.
        probe: Whether it may be probed.
        with_kubelets: Whether the kubelets are asked for their configuration, through it.
    """
    seen = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for path, read in PAGES.items():
        if _refused(connection, {"nonResourceAttributes": {"path": path, "verb": "get"}}):
            yield Gap("forbidden", f"{path} of the API server may not be read; {_GRANT}", path)
        else:
            yield from read(connection, seen)
    if with_kubelets and _refused(connection, _PROXY):
        told = f"{kubelets.PERMISSION} may not be used; k8snb rbac --level evidence --kubelet-configuration grants it"
        yield Gap("forbidden", told, kubelets.NAME)
    elif with_kubelets:
        yield from kubelets.read(connection, seen)
    if probe:
        yield from probes.anonymous(connection, seen)
        yield from probes.handshakes(connection, seen)


def _refused(connection: Connection, spec: Mapping[str, Any]) -> bool:
    try:
        return not ask(connection, spec).allowed
    except SourceError:
        return True
