"""The configuration in force of the kubelets, through the API server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from k8snb.sources.connection import Connection, Limits
from k8snb.sources.connection_answer import decoded
from k8snb.sources.stream import Fact, Gap

PERMISSION = "nodes/proxy"
NAME = "kubelet/"
_NODES = "/api/v1/nodes"
_ROWS = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
_WANTED = (
    "authentication",
    "authorization",
    "readOnlyPort",
    "rotateCertificates",
    "serverTLSBootstrap",
    "tlsCertFile",
    "tlsPrivateKeyFile",
)
_AT_ONCE, _PAGE, _SECONDS = 8, "500", 5.0
_BRIEF = Limits(connect=_SECONDS, read=_SECONDS, whole=2 * _SECONDS, retries=0)


class _Meta(msgspec.Struct):
    name: str = ""
    next: str | None = msgspec.field(default=None, name="continue")


class _Row(msgspec.Struct):
    metadata: _Meta


class _Rows(msgspec.Struct):
    metadata: _Meta
    items: list[_Row]


class _Configz(msgspec.Struct):
    kubeletconfig: dict[str, Any]


def read(connection: Connection, seen: str) -> Iterator[Fact | Gap]:
    """Ask every node for `/configz`; where the first ones do not answer, the others are not asked.

    Args:
        connection: How to ask.
        seen: When, RFC 3339.

    Yields:
        For each node a fact `kubelet/<node>` with the assessed fields of its KubeletConfiguration, defaults included,
        or why there is none: a `Gap` whose resource is that name.
    """
    brief = replace(connection, limits=_BRIEF, spent=0)
    names = list(_names(connection))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for start in range(0, len(names), _AT_ONCE):
            found = list(pool.map(lambda name: _of(brief, name, seen), names[start : start + _AT_ONCE]))
            yield from found
            if all(isinstance(one, Gap) and one.cause in {"timeout", "unreachable"} for one in found):
                told = "not asked: the kubelets before it did not answer"
                yield from (Gap("unreachable", told, f"{NAME}{name}") for name in names[start + _AT_ONCE :])
                return


def _names(connection: Connection) -> Iterator[str]:
    query = {"limit": _PAGE}
    while True:
        answer = connection.get(_NODES, query, lambda body: decoded(body, _Rows), _ROWS)
        if answer.value is None:
            return
        yield from (row.metadata.name for row in answer.value.items)
        if not answer.value.metadata.next:
            return
        query = {"limit": _PAGE, "continue": answer.value.metadata.next}


def _of(connection: Connection, name: str, seen: str) -> Fact | Gap:
    path = f"{_NODES}/{quote(name, safe='')}/proxy/configz"
    answer = connection.get(path)
    found = decoded(answer.body, _Configz) if answer.status == 200 else None
    if found is None:
        cause = answer.failed or ("unreachable" if answer.status >= 500 else "forbidden")
        return Gap(cause, f"the kubelet of {name}: {answer.reason or 'no configuration'}", f"{NAME}{name}")
    kept = {key: value for key, value in found.kubeletconfig.items() if key in _WANTED}
    return Fact(f"{NAME}{name}", kept, "probe", path, seen)
