"""One list, page by page to its end: what expires is continued, or begun again without counting anything twice."""

from collections.abc import Generator

import msgspec

from k8snb.sources.connection import Answer, Connection
from k8snb.sources.connection_answer import decoded
from k8snb.sources.stream import Page

PAGE_ITEMS = 500
MOST_PAGES = 4000
"""Two million objects; no cluster has them, only a server that never ends."""
MOST_RESTARTS = 5


class _ListMeta(msgspec.Struct, frozen=True):
    next: str | None = msgspec.field(default=None, name="continue")


class _List(msgspec.Struct, frozen=True):
    kind: str
    items: list[msgspec.Raw] | None
    metadata: _ListMeta | None = None

    @property
    def token(self) -> str:
        return (self.metadata and self.metadata.next) or ""


class _Expired(msgspec.Struct, frozen=True):
    metadata: _ListMeta | None = None


class _Names(msgspec.Struct, frozen=True):
    namespace: str | None = None
    name: str | None = None


class _Named(msgspec.Struct, frozen=True):
    metadata: _Names


class _Place(msgspec.Struct):
    """How far a list has come.

    `last` is the key of the last object that was handed on; `sorted` says whether keys have only ever grown, as they do
    where etcd keeps them; `again` says that a list that begins anew has yet to pass `last`.
    """

    token: str = ""
    last: str = ""
    sorted: bool = True
    again: bool = False
    restarts: int = 0


def pages(connection: Connection, path: str) -> Generator[Page, None, Answer | None]:
    """Give the pages of a list.

    Args:
        connection: How to ask.
        path: What to list.

    Returns:
        None at the end of the list, or the answer that it broke off with.
    """
    place = _Place()
    for _ in range(MOST_PAGES):
        query = {"limit": str(PAGE_ITEMS), **({"continue": place.token} if place.token else {})}
        answer = connection.get(path, query, _decode)
        if answer.status == 410 and _goes_on(place, answer):
            continue
        if answer.value is None:
            return answer
        page = _new(answer.body, answer.value, place)
        if page is None:
            return Answer(410, b"", "the list expired, and its order does not tell what was new", "timeout")
        if page.data:
            yield page
        if not answer.value.token:
            return None
        if answer.value.token == place.token:
            break
        place.token = answer.value.token
    return Answer(200, b"", "the list does not come to its end", "malformed")


def _decode(body: bytes) -> _List | None:
    found = decoded(body, _List)
    return found if found and found.kind.endswith("List") else None


def _goes_on(place: _Place, answer: Answer) -> bool:
    """Go on after a 410: with the token that the server offers for the rest, or else from the start."""
    place.restarts += 1
    if place.restarts > MOST_RESTARTS:
        return False
    offered = decoded(answer.body, _Expired)
    place.token = (offered and offered.metadata and offered.metadata.next) or ""
    place.again = not place.token and bool(place.last)
    return True


def _new(body: bytes, found: _List, place: _Place) -> Page | None:
    """Give what was not handed on before; None where that cannot be told."""
    items = found.items or []
    if not items:
        return Page(body)
    if place.again:
        keys = [_key(item) for item in items]
        if not place.sorted or keys != sorted(keys):
            return None
        fresh = [item for item, key in zip(items, keys, strict=True) if key > place.last]
        if fresh:
            place.again, place.last = False, keys[-1]
        return Page(_without_the_old(found, fresh) if fresh else b"")
    first, last = _key(items[0]), _key(items[-1])
    place.sorted = place.sorted and place.last < first <= last
    place.last = last
    return Page(body)


def _key(item: msgspec.Raw) -> str:
    """Give what etcd sorts by; empty, which sorts before everything, for an object without a name."""
    found = decoded(item, _Named)
    return f"{found.metadata.namespace or ''}/{found.metadata.name or ''}" if found else ""


def _without_the_old(found: _List, items: list[msgspec.Raw]) -> bytes:
    head = msgspec.json.encode({"kind": found.kind})[:-1]
    return head + b',"items":[' + b",".join(bytes(item) for item in items) + b"]}"
