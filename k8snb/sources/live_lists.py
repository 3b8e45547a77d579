"""Listing one kind after the other; where the whole cluster may not be listed, each namespace that may."""

from collections.abc import Generator, Iterator
from urllib.parse import quote

import msgspec

from k8snb.resources.kinds import Kind
from k8snb.sources.connection import Answer, Connection
from k8snb.sources.connection_answer import decoded
from k8snb.sources.live_discovery import Served
from k8snb.sources.live_pages import pages
from k8snb.sources.stream import ELSEWHERE, Cause, Gap, Item, Listed, Page

_CAUSES: dict[int, Cause] = {401: "forbidden", 403: "forbidden", 404: "unsupported", 410: "timeout", 504: "timeout"}
_WORDS = {"forbidden": "may not be listed", "unsupported": "is not served"}


class _Meta(msgspec.Struct, frozen=True):
    name: str = ""


class _Named(msgspec.Struct):
    metadata: _Meta


class _Namespaces(msgspec.Struct):
    items: list[_Named] | None = None


class Lists(msgspec.Struct):
    """What is listed of a cluster.

    Attributes:
        connection: How to ask.
        served: What the server serves.
        namespaces: Those that are known.
        all_known: Whether these are all.
    """

    connection: Connection
    served: Served
    namespaces: list[str]
    all_known: bool = False

    def of(self, kind: Kind) -> Iterator[Item]:
        """Give the pages of a kind, and what can be said of its listing.

        Args:
            kind: What to list.
        """
        versions = self.served.versions(kind) if kind.optional else None
        if versions is not None and kind.version not in versions:
            yield _elsewhere(kind, versions)
            return
        seen, failed = yield from self._handed_on(kind, kind.path)
        if failed is None:
            self.all_known = self.all_known or kind.resource == "namespaces"
            yield Listed(kind.resource)
        elif failed.status == 403 and not seen:
            yield from self._allowed(kind, failed)
        else:
            yield gap(kind, failed)

    def _handed_on(self, kind: Kind, path: str) -> Generator[Item, None, tuple[bool, Answer | None]]:
        """Give the pages of a list; return whether there were any, and why it broke off if it did."""
        rest, seen = pages(self.connection, path), False
        while True:
            try:
                page = next(rest)
            except StopIteration as end:
                return seen, end.value
            seen = True
            self._learn(kind, page)
            yield page

    def _learn(self, kind: Kind, page: Page) -> None:
        if kind.resource != "namespaces":
            return
        found = decoded(page.data, _Namespaces)
        names = [one.metadata.name for one in (found and found.items) or ()]
        self.namespaces += [name for name in names if name not in self.namespaces]

    def _allowed(self, kind: Kind, refused: Answer) -> Iterator[Item]:
        """Read what may be read of a kind that may not be listed in the whole cluster."""
        names, gaps = [], []
        for name in self.namespaces if kind.namespaced or kind.resource == "namespaces" else ():
            failed = yield from self._in(kind, name)
            if failed is None:
                names.append(name)
            else:
                gaps.append(gap(kind, failed, name))
        if not names:
            yield gap(kind, refused)
        elif self.all_known and not gaps:
            yield Listed(kind.resource)
        else:
            yield Listed(kind.resource, tuple(names))
            yield from gaps
            yield gap(kind, refused, ELSEWHERE)

    def _in(self, kind: Kind, namespace: str) -> Generator[Item, None, Answer | None]:
        if kind.namespaced:
            path = kind.path.removesuffix(kind.plural) + f"namespaces/{quote(namespace, safe='')}/{kind.plural}"
            _, failed = yield from self._handed_on(kind, path)
            return failed
        path = f"{kind.path}/{quote(namespace, safe='')}"
        answer = self.connection.get(path, decode=lambda body: decoded(body, _Named))
        if answer.value is None:
            return answer
        yield Page(answer.body)
        return None


def _elsewhere(kind: Kind, versions: tuple[str, ...]) -> Listed | Gap:
    """Say of an optional kind that it does not exist here, or only in versions that are not read."""
    if not versions:
        return Listed(kind.resource)
    told = f"{kind.resource} is served as {', '.join(versions)}, and {kind.version} is what can be read"
    return Gap("unsupported", told, kind.resource)


def gap(kind: Kind, answer: Answer, namespace: str | None = None) -> Gap:
    """Say why a kind could not be listed.

    Args:
        kind: What was to be listed.
        answer: What came instead.
        namespace: Where; None for the whole cluster.
    """
    cause = answer.failed or _CAUSES.get(answer.status, "unreachable")
    what = _WORDS.get(cause, "could not be listed")
    where = f" in {namespace}" if namespace not in {None, ELSEWHERE} else ""
    return Gap(cause, f"{kind.resource} {what}{where}: {answer.reason}", kind.resource, namespace)
