"""Where a cluster-wide list is forbidden, what is allowed is read, and the rest is said to be forbidden."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from k8snb.assessment.assess import assess
from k8snb.errors import SourceError
from k8snb.inventory.cluster import load
from k8snb.resources.kinds import KINDS
from k8snb.sources.connection_config import Access
from k8snb.sources.live import live
from k8snb.sources.stream import Gap, Item, Listed, Page
from tests.live.conftest import PATIENT, opener, serving
from tests.live.standin import Reply

FORBIDDEN = (403, b'{"kind": "Status", "message": "not allowed"}')


class Fenced:
    """Serves only what a role in some namespaces allows; `cluster` names resources that may be listed everywhere."""

    def __init__(self, pods: Mapping[str, int], cluster: tuple[str, ...] = ()) -> None:
        self.pods, self.cluster = pods, cluster

    def ask(self, target: str, headers: Mapping[str, str]) -> Reply:  # noqa: ARG002
        path = urlsplit(target).path
        if path == "/version":
            return 200, b'{"gitVersion": "v1.37.2"}'
        if path == "/apis":
            return 200, b'{"kind": "APIGroupDiscoveryList", "items": []}'
        words = path.strip("/").split("/")
        if path == "/api/v1/namespaces":
            return self._namespaces() if "namespaces" in self.cluster else FORBIDDEN
        if "namespaces" not in words or words[words.index("namespaces") + 1] not in self.pods:
            return FORBIDDEN
        namespace = words[words.index("namespaces") + 1]
        if words[-1] == namespace:
            return 200, json.dumps({"kind": "Namespace", "metadata": {"name": namespace}}).encode()
        return self._list(words[-1], namespace)

    def _namespaces(self) -> Reply:
        items = [{"metadata": {"name": name}} for name in (*self.pods, "closed")]
        return 200, json.dumps({"kind": "NamespaceList", "metadata": {}, "items": items}).encode()

    def _list(self, resource: str, namespace: str) -> Reply:
        kind = next(kind for kind in KINDS if kind.resource == resource)
        count = self.pods[namespace] if resource == "pods" else 0
        metas = [{"name": f"p{number}", "namespace": namespace} for number in range(count)]
        items = [{"metadata": meta, "spec": {"containers": []}} for meta in metas]
        return 200, json.dumps({"kind": f"{kind.kind}List", "metadata": {}, "items": items}).encode()


Read = Callable[..., list[Item]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def run(upstream: Fenced, *namespaces: str) -> list[Item]:
        with serving(upstream, 40) as server:
            opener(server.url, tmp_path)
            return list(live(None, Access(str(tmp_path / "config"), limits=PATIENT), namespaces).read())

    return run


def of(items: list[Item], resource: str) -> list[tuple[str, object]]:
    return [
        ("listed", item.namespaces) if isinstance(item, Listed) else (item.cause, item.namespace)
        for item in items
        if isinstance(item, Listed | Gap) and item.resource == resource
    ]


def test_the_namespaces_that_are_asked_for_are_read(read: Read) -> None:
    items = read(Fenced({"a": 2, "b": 1}), "a", "b")
    assert of(items, "pods") == [("listed", ("a", "b")), ("forbidden", "*")]
    assert of(items, "namespaces") == [("listed", ("a", "b")), ("forbidden", "*")]
    assert of(items, "nodes") == [("forbidden", None)]
    assert sum(b"PodList" in item.data for item in items if isinstance(item, Page)) == 2


def test_namespaces_that_may_be_listed_are_tried_one_by_one(read: Read) -> None:
    items = read(Fenced({"a": 2, "b": 1}, cluster=("namespaces",)))
    assert of(items, "namespaces") == [("listed", None)]
    assert of(items, "pods") == [("listed", ("a", "b")), ("forbidden", "closed"), ("forbidden", "*")]


def test_a_namespace_that_is_not_allowed_is_a_gap(read: Read) -> None:
    assert of(read(Fenced({"a": 2}), "a", "x"), "pods") == [("listed", ("a",)), ("forbidden", "x"), ("forbidden", "*")]


def test_nothing_allowed_is_an_error(read: Read) -> None:
    with pytest.raises(SourceError, match="Nothing could be read"):
        read(Fenced({}), "a")


def test_absence_proves_something_only_where_one_may_look(tmp_path: Path) -> None:
    with serving(Fenced({"a": 2}), 40) as server:
        opener(server.url, tmp_path)
        cluster = load(live(None, Access(str(tmp_path / "config"), limits=PATIENT), ("a",)))
    assert cluster.gap("networkpolicies", "a") is None
    assert cluster.gap("networkpolicies", "b") is not None
    assert cluster.gap("networkpolicies") is not None
    statuses = {one.status for one in assess(cluster, controls=["default-deny-ingress"], all=True)}
    assert "fail" in statuses
    assert "pass" not in statuses
