"""A live cluster as a source: paged lists as raw bodies, through the official client's authentication and transport."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from k8snb.errors import SourceError
from k8snb.resources.kinds import KINDS, Kind
from k8snb.sources.connection import Answer, Connection, connect
from k8snb.sources.stream import Cause, Fact, Gap, Item, Listed, Page, Part

PAGE_ITEMS = 500
_CAUSES: dict[int, Cause] = {401: "forbidden", 403: "forbidden", 404: "unsupported", 410: "timeout", 504: "timeout"}


class _ListMeta(msgspec.Struct, frozen=True):
    next: str | None = msgspec.field(default=None, name="continue")


class _List(msgspec.Struct, frozen=True):
    items: list[msgspec.Raw] | None
    metadata: _ListMeta = _ListMeta()


class Live(msgspec.Struct, frozen=True):
    """A cluster behind a kubeconfig context, as a `Source` of one part.

    Attributes:
        connection: How to ask it.
        name: Name of the context.
        complete: Always false; every resource that was listed to its end says so itself.
        kind: Always `context`.
        size: Unknown.
    """

    connection: Connection
    name: str
    complete: bool = False
    kind: str = "context"
    size: int = 0

    def parts(self) -> tuple[Part, ...]:
        """Give itself."""
        return (self,)

    def read(self) -> Iterator[Item]:
        """List every kind that is assessed; Secrets are not among them.

        Raises:
            SourceError: if the server does not answer, refuses the credentials, or lets nothing be read.
        """
        version = self.connection.get("/version")
        if version.failed:
            raise SourceError(f"{self._shown()} does not answer: {version.reason}.", "Does kubectl get --raw /version?")
        if version.status == 401:
            raise SourceError(f"{self._shown()} refuses the credentials (401).", "Log in again, as kubectl would.")
        yield from _version(version)
        gaps: list[Gap] = []
        for kind in KINDS:
            for item in _listed(self.connection, kind):
                if isinstance(item, Gap):
                    gaps.append(item)
                yield item
        if {gap.resource for gap in gaps} >= {kind.resource for kind in KINDS if not kind.optional}:
            raise SourceError(f"Nothing could be read from {self._shown()}. {gaps[0].message}.", _grant(gaps[0].cause))

    def _shown(self) -> str:
        return f"{self.connection.host} (context {self.name})"


def live(context: str | None, kubeconfig: str | None) -> Live:
    """Open a kubeconfig context; nothing is asked of the cluster yet.

    Args:
        context: Its name; None for the current one, or the credentials of the pod that this runs in.
        kubeconfig: Path of the file; as kubectl finds it if None.

    Raises:
        UsageError: if the file or the context does not exist, or is malformed.
        SourceError: if there is nothing to connect by.
    """
    connection, name = connect(context, kubeconfig)
    return Live(connection, name)


def _version(answer: Answer) -> Iterator[Fact]:
    try:
        value = msgspec.json.decode(answer.body, type=dict[str, Any]) if answer.status == 200 else None
    except (msgspec.MsgspecError, UnicodeError):
        return
    if value:
        yield Fact("version", value, "probe", "/version", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _listed(connection: Connection, kind: Kind) -> Iterator[Item]:
    token = ""
    while True:
        answer = connection.get(kind.path, {"limit": str(PAGE_ITEMS), **({"continue": token} if token else {})})
        if answer.status == 404 and kind.optional:
            yield Listed(kind.resource)
            return
        if answer.status != 200:
            yield _gap(kind, answer)
            return
        page = _page(answer.body)
        if page is None:
            yield Gap("malformed", f"{kind.resource}: the answer is no list", kind.resource)
            return
        yield Page(answer.body)
        following = page.metadata.next or ""
        if not following:
            yield Listed(kind.resource)
            return
        if following == token:
            yield Gap("malformed", f"{kind.resource}: the list does not come to its end", kind.resource)
            return
        token = following


def _page(body: bytes) -> _List | None:
    try:
        return msgspec.json.decode(body, type=_List)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None


def _gap(kind: Kind, answer: Answer) -> Gap:
    cause = answer.failed or _CAUSES.get(answer.status, "unreachable")
    what = {"forbidden": "may not be listed", "unsupported": "is not served"}.get(cause, "could not be listed")
    return Gap(cause, f"{kind.resource} {what}: {answer.reason}", kind.resource)


def _grant(cause: Cause) -> str:
    return "Reading needs the verbs get and list." if cause == "forbidden" else "Is it a Kubernetes API server?"
