"""Querying an inventory, and what it knows of itself."""

from typing import Any

import pytest

import k8snb
from k8snb.inventory.cluster import Cluster, load
from k8snb.inventory.parallel import deal
from k8snb.resources.network import NetworkPolicy
from k8snb.sources.objects import Objects
from k8snb.sources.stream import ELSEWHERE, Gap, Listed

OBJECTS: list[dict[str, Any]] = [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"team": "web"}}},
    {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "cart", "namespace": "shop"},
        "spec": {"containers": [{"name": "c", "env": [{"name": "DB_PASSWORD", "value": "hunter" + "2hunter"}]}]},
    },
    {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "etl", "namespace": "data"}, "spec": {"nodeName": "n1"}},
    {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "deny", "namespace": "shop"}},
    {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "app"},
        "data": {"plain": "text", "password": "hunter" + "2hunter"},
    },
    {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}},
]


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return k8snb.connect(objects=OBJECTS)


@pytest.fixture(scope="module")
def part() -> Cluster:
    return k8snb.connect(objects=OBJECTS, complete=False)


def test_every_kind_has_a_method(cluster: Cluster) -> None:
    assert [row["name"] for row in cluster.pods(namespace="shop")] == ["cart"]
    assert [row["name"] for row in cluster.networkpolicies()] == ["deny"]
    assert cluster.services().to_dicts() == []
    assert {"pods", "networkpolicies", "sql"} <= set(dir(cluster))
    with pytest.raises(AttributeError):
        cluster.widgets  # noqa: B018


def test_a_table_becomes_a_frame(cluster: Cluster) -> None:
    frame = cluster.pods().to_frame()
    assert list(frame["namespace"]) == ["shop", "data"]
    assert list(frame["node"].fillna("")) == ["", "n1"]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("select namespace, count(*) as n from pods group by 1 order by 1", [("data", 1), ("shop", 1)]),
        ("select name from namespaces where labels->>'team' = 'web'", [("shop",)]),
        ("select count(*) from services", [(0,)]),
        ("select kind, name from workloads order by name", [("Pod", "cart"), ("Pod", "etl")]),
    ],
)
def test_the_inventory_answers_sql(cluster: Cluster, query: str, rows: list[tuple[Any, ...]]) -> None:
    assert list(cluster.sql(query).itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize(
    "query",
    ["select * from nonsense", "selec", "select * from read_csv('/etc/passwd')", "copy pods to '/tmp/k8snb-leak.csv'"],
)
def test_sql_reaches_nothing_but_the_inventory(cluster: Cluster, query: str) -> None:
    with pytest.raises(k8snb.K8snbError, match="refused"):
        cluster.sql(query)


def test_secret_values_are_nowhere(cluster: Cluster) -> None:
    shown = [cluster.table(one.resource).to_dicts() for one in cluster.coverage]
    held = [cluster.workloads, cluster.podsets, cluster._collected.objects]
    assert "hunter" not in repr((shown, held))
    assert "hunter" not in cluster.sql("select * from configmaps").to_string()


def test_coverage_says_what_was_listed_to_the_end(cluster: Cluster, part: Cluster) -> None:
    assert {one.resource: one.listed for one in cluster.coverage}["pods"] == 2
    assert {one.cause for one in cluster.coverage} == {None}
    assert {one.cause for one in part.coverage} == {"not-collected"}
    assert cluster.notes == ["1 Widget skipped: no control reads them"]


def test_absence_proves_something_only_in_the_whole(cluster: Cluster, part: Cluster) -> None:
    assert cluster.gap("services", "shop") is None
    gap = part.gap("services", "shop")
    assert gap is not None
    assert gap.cause == "not-collected"


def test_an_unreadable_object_opens_its_resource_in_its_namespace_alone() -> None:
    bad = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "x", "namespace": "shop"},
        "spec": 7,
    }
    cluster = k8snb.connect(objects=[*OBJECTS, bad])
    assert cluster.gap("networkpolicies", "data") is None
    found = cluster.gap("networkpolicies", "shop")
    assert found is not None
    assert found.cause == "malformed"
    assert [one.name for one in cluster.all(NetworkPolicy)] == ["deny"]


@pytest.mark.parametrize(("namespace", "cause"), [("shop", None), ("data", "forbidden"), (None, "forbidden")], ids=str)
def test_what_is_forbidden_elsewhere_is_forbidden_wherever_nobody_listed(
    namespace: str | None, cause: str | None
) -> None:
    elsewhere = Gap("forbidden", "roles may not be listed", "roles", ELSEWHERE)
    cluster = load(Objects((Listed("roles", ("shop",)), elsewhere), complete=False))
    gap = cluster.gap("roles", namespace)
    assert (gap and gap.cause) == cause


def test_namespaces_are_known_by_what_lives_in_them(cluster: Cluster) -> None:
    assert cluster.namespace_names == ("data", "default", "shop")


@pytest.mark.parametrize("arguments", [{"source": "demo", "context": "x"}, {"source": "demo", "objects": []}])
def test_one_source_at_a_time(arguments: dict[str, Any]) -> None:
    with pytest.raises(k8snb.K8snbError, match="one of"):
        k8snb.connect(**arguments)


def test_shares_have_about_the_same_size() -> None:
    parts = [Objects((), name=str(size), size=size) for size in (9, 1, 1, 7, 8, 2)]
    shares = deal(parts, 2)
    assert [part for share in shares for part in share] == parts
    assert [sum(part.size for part in share) for share in shares] == [11, 17]


@pytest.mark.parametrize(
    ("field", "wrong"), [("labels", "none"), ("labels", {"app": 1}), ("annotations", "none"), ("annotations", [1])]
)
def test_what_makes_pods_with_labels_of_the_wrong_type_is_told_and_left_out(field: str, wrong: object) -> None:
    spec = {"template": {"metadata": {field: wrong}, "spec": {"containers": [{"name": "c", "image": "c"}]}}}
    bad = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "bad", "namespace": "a"}, "spec": spec}
    good = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "good", "namespace": "a"}}
    cluster = k8snb.connect(objects=[bad, good])
    assert [one.name for one in cluster.workloads] == ["good"]
    assert [(gap.cause, gap.subject) for gap in cluster.gaps] == [("malformed", ("Deployment", "a", "bad"))]
