"""Everything that an API server tells about itself, in one stream."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from k8snb.errors import SourceError
from k8snb.evidence import flagz, metrics, probes
from k8snb.sources.access_review import ask
from k8snb.sources.connection import Connection
from k8snb.sources.stream import Fact, Gap

Read = Callable[[Connection, str], Iterator[Fact | Gap]]
PAGES: dict[str, Read] = {flagz.PATH: flagz.read, metrics.PATH: metrics.read}
_GRANT = "k8snb rbac --level evidence grants it"


def evidence(connection: Connection, *, probe: bool = True) -> Iterator[Fact | Gap]:
    """Give the flags in force, the metrics that decide controls, and what probes show.

    A page that may not be read is not asked for: it is a `Gap` whose resource is its path, as is one that is not
    served. The facts are those of the one API server that answered.

    Args:
        connection: How to ask it.
        probe: Whether it may be probed.
    """
    seen = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for path, read in PAGES.items():
        refused = _refused(connection, path)
        if refused:
            yield Gap("forbidden", f"{path} of the API server may not be read; {_GRANT}", path)
        else:
            yield from read(connection, seen)
    if probe:
        yield from probes.anonymous(connection, seen)
        yield from probes.handshakes(connection, seen)


def _refused(connection: Connection, path: str) -> bool:
    try:
        return not ask(connection, {"nonResourceAttributes": {"path": path, "verb": "get"}}).allowed
    except SourceError:
        return True
