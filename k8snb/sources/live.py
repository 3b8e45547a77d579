"""A live cluster as a source: paged lists as raw bodies, through the official client's authentication and transport."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import msgspec

from k8snb.errors import SourceError
from k8snb.resources.kinds import BY_RESOURCE, KINDS
from k8snb.sources.connection import Answer, Connection
from k8snb.sources.connection_answer import decoded
from k8snb.sources.connection_config import Access, connect
from k8snb.sources.live_ahead import ahead
from k8snb.sources.live_discovery import Served, discover
from k8snb.sources.live_lists import Lists
from k8snb.sources.stream import ENDPOINT, Cause, Fact, Gap, Item, Listed, Part

_NAMESPACES, _PODS = BY_RESOURCE["namespaces"], BY_RESOURCE["pods"]
_REQUIRED = frozenset(kind.resource for kind in KINDS if not kind.optional)


class Live(msgspec.Struct, frozen=True):
    """A cluster behind a kubeconfig context, as a `Source` of one part.

    Attributes:
        connection: How to ask it.
        name: Name of the context.
        complete: Always false; every resource that was listed to its end says so itself.
        kind: Always `context`.
        size: Unknown.
        namespaces: Namespaces that are read even where namespaces may not be listed, besides that of the context.
        evidence: Gives what is no object, once the lists are read.
    """

    connection: Connection
    name: str
    complete: bool = False
    kind: str = "context"
    size: int = 0
    namespaces: tuple[str, ...] = ()
    evidence: Callable[[Connection], Iterator[Item]] = lambda _: iter(())

    def parts(self) -> tuple[Part, ...]:
        """Give itself."""
        return (self,)

    def read(self) -> Iterator[Item]:
        """List every kind that is assessed, pods beside the others, one page ahead; Secrets are not among them.

        Raises:
            SourceError: if the server does not answer, is no Kubernetes API server, refuses the credentials, or lets
                nothing be read.
        """
        known = dict.fromkeys(one for one in (self.connection.namespace, *self.namespaces) if one)
        lists = Lists(self.connection, Served(), list(known))
        gaps: list[Gap] = []
        some = False
        for item in chain(ahead(lambda: self._first(lists)), ahead(lambda: lists.of(_PODS), lambda: self._rest(lists))):
            if isinstance(item, Gap):
                gaps.append(item)
            some = some or (isinstance(item, Listed) and item.resource in _REQUIRED)
            yield item
        if not some:
            raise SourceError(f"Nothing could be read from {self._shown()}. {gaps[0].message}.", _grant(gaps[0].cause))

    def _first(self, lists: Lists) -> Iterator[Item]:
        """Give what the others need: what is served, and the namespaces."""
        version = self.connection.get("/version")
        if version.failed:
            raise SourceError(f"{self._shown()} does not answer: {version.reason}.", "Does kubectl get --raw /version?")
        if version.status == 401:
            raise SourceError(f"{self._shown()} refuses the credentials (401).", "Log in again, as kubectl would.")
        facts = list(_version(version))
        lists.served = discover(self.connection, KINDS)
        if not facts and not lists.served.known and version.status != 403:
            told = f"{self._shown()} is no Kubernetes API server: /version gives {_glimpse(version)}."
            raise SourceError(told, "Look at the server of the context: kubectl config view.")
        yield from facts
        yield from _endpoint(self.connection.host)
        yield from lists.of(_NAMESPACES)

    def _rest(self, lists: Lists) -> Iterator[Item]:
        for kind in KINDS:
            if kind not in {_NAMESPACES, _PODS}:
                yield from lists.of(kind)
        yield from self.evidence(self.connection)

    def _shown(self) -> str:
        return f"{self.connection.host} (context {self.name})"


def live(context: str | None, access: Access | str | None = None, namespaces: Sequence[str] = ()) -> Live:
    """Open a kubeconfig context; nothing is asked of the cluster yet.

    Args:
        context: Its name; None for the current one, or the credentials of the pod that this runs in.
        access: How to reach it, or only the path of the kubeconfig; as kubectl finds it if None.
        namespaces: Namespaces to read even where namespaces may not be listed.

    Raises:
        UsageError: if the file or the context does not exist, or is malformed.
        SourceError: if there is nothing to connect by.
    """
    connection, name = connect(context, access if isinstance(access, Access) else Access(access))
    return Live(connection, name, namespaces=tuple(namespaces))


def _version(answer: Answer) -> Iterator[Fact]:
    value = decoded(answer.body, dict[str, Any]) if answer.status == 200 else None
    if value:
        yield Fact("version", value, "probe", "/version", _now())


def _endpoint(address: str) -> Iterator[Fact]:
    host = urlsplit(address if "//" in address else f"//{address}").hostname
    if host:
        yield Fact(ENDPOINT, host, "probe", "kubeconfig clusters[].cluster.server", _now())


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _glimpse(answer: Answer) -> str:
    if answer.status != 200:
        return f"HTTP status {answer.status}"
    return "a web page" if answer.body.lstrip()[:1] == b"<" else "something else"


def _grant(cause: Cause) -> str:
    return "Reading needs the verbs get and list." if cause == "forbidden" else "Is it a Kubernetes API server?"
