"""Evidence that people bring as files: what is read, what it decides, and what is refused."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import k8snb
from k8snb.analysis.addresses import lets_everybody_in
from k8snb.analysis.operators import operator
from k8snb.errors import UsageError
from k8snb.evidence import audit_log, kube_bench, providers
from k8snb.evidence.files import facts
from k8snb.inventory.cluster import Cluster, load
from k8snb.sources.added import Added
from k8snb.sources.objects import objects
from k8snb.sources.stream import Fact

FILES = Path(__file__).parent / "files"
CP1 = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": "cp1", "labels": {"node-role.kubernetes.io/control-plane": ""}},
    "status": {"addresses": [{"type": "InternalIP", "address": "10.0.0.11"}]},
}
W1 = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "w1"}}
Pages = Callable[[str], Path]


@pytest.fixture
def fresh(tmp_path: Path) -> Pages:
    """Give a copy of a file, made now."""
    return lambda name: Path(shutil.copyfile(FILES / name, tmp_path / name))


def read(
    *paths: Path, endpoint: str = "", version: str = "v1.35.6", nodes: tuple[Any, ...] = (CP1,), anyway: bool = False
) -> Cluster:
    """Give a cluster with evidence files."""
    told = [Fact("version", {"gitVersion": version}, "probe", "/version")]
    told += [Fact("endpoint", endpoint, "probe", "kubeconfig")] if endpoint else []
    return load(Added(objects(nodes, complete=True), [*told, *facts([str(one) for one in paths], anyway=anyway)]))


def statuses(cluster: Cluster, *controls: str) -> dict[str, str]:
    """Give the statuses of controls."""
    return {one.id: str(one.status) for one in k8snb.assess(cluster, controls=controls).controls}


EXPORTS = {
    "eks.json": (
        "0a1b2c3d4e5f.gr7.eu-central-1.eks.example",
        "EKS",
        {
            "api-server-exposure": "fail",
            "audit-logging-enabled": "pass",
            "audit-log-shipping": "pass",
            "secrets-encrypted-at-rest": "pass",
            "secrets-kms": "pass",
            "strong-user-authentication": "pass",
            "no-static-credentials": "not-assessed",
            "rbac-enabled": "not-assessed",
            "audit-log-retention": "not-assessed",
        },
    ),
    "gke.json": (
        "10.8.0.2",
        "GKE",
        {
            "api-server-exposure": "pass",
            "api-server-anonymous-auth": "pass",
            "audit-logging-enabled": "pass",
            "secrets-encrypted-at-rest": "fail",
            "secrets-kms": "fail",
            "no-static-credentials": "pass",
            "rbac-enabled": "pass",
        },
    ),
    "aks.json": (
        "prod-1a2b.hcp.westeurope.example",
        "AKS",
        {
            "api-server-exposure": "fail",
            "audit-logging-enabled": "not-assessed",
            "audit-log-shipping": "not-assessed",
            "secrets-kms": "pass",
            "no-static-credentials": "fail",
            "strong-user-authentication": "fail",
            "rbac-enabled": "pass",
        },
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_provider_decides_what_the_cluster_does_not_show(name: str, fresh: Pages) -> None:
    endpoint, provider, expected = EXPORTS[name]
    cluster = read(fresh(name), endpoint=endpoint, nodes=(W1,))
    assert statuses(cluster, *expected) == expected
    assert operator(cluster).name == provider
    assert operator(cluster).managed


@pytest.mark.parametrize("name", EXPORTS)
def test_its_evidence_names_the_file_and_the_field(name: str, fresh: Pages) -> None:
    cluster = read(fresh(name), endpoint=EXPORTS[name][0], nodes=(W1,))
    (found,) = k8snb.assess(cluster, controls=["api-server-exposure"], all=True).record.findings
    assert found.evidence[0].source == "provider"
    assert found.evidence[0].at.startswith(f"{name} ")


@pytest.mark.parametrize(
    ("ranges", "everybody"),
    [
        (None, True),
        ([], False),
        (["192.0.2.0/24"], False),
        (["0.0.0.0/0"], True),
        (["0.0.0.0/1", "128.0.0.0/1"], True),
        (["::/0", "192.0.2.0/24"], True),
        (["every machine of Google Cloud"], True),
    ],
)
def test_networks_that_are_all_of_the_internet(ranges: list[str] | None, everybody: bool) -> None:
    assert lets_everybody_in(ranges) is everybody


def test_what_the_cluster_tells_itself_counts_before_its_provider(fresh: Pages) -> None:
    flags = Fact("flags/kube-apiserver", {"authorization-mode": "Node,RBAC"}, "flag", "/flagz")
    told = [flags, Fact("endpoint", "10.8.0.2", "probe", "kubeconfig"), *facts([str(fresh("gke.json"))])]
    cluster = load(Added(objects((W1,), complete=True), told))
    assert statuses(cluster, "rbac-enabled", "audit-logging-enabled") == {
        "rbac-enabled": "pass",
        "audit-logging-enabled": "fail",
    }
    (found,) = k8snb.assess(cluster, controls=["audit-logging-enabled"]).record.findings
    assert "otherwise: GKE says of audit: true" in found.message


def test_kube_bench_decides_what_only_a_node_shows(fresh: Pages) -> None:
    expected = {
        "kubeconfig-protection": "fail",
        "no-static-credentials": "pass",
        "rbac-enabled": "pass",
        "api-server-anonymous-auth": "not-assessed",
        "kubelet-anonymous-auth": "fail",
        "kubelet-read-only-port": "pass",
        "kubelet-tls": "not-assessed",
        "etcd-tls": "not-assessed",
    }
    assert statuses(read(fresh("cp1.json")), *expected) == expected


def test_one_node_of_two_is_not_the_control_plane(fresh: Pages) -> None:
    second = CP1 | {"metadata": CP1["metadata"] | {"name": "cp2"}}  # type: ignore[operator]
    cluster = read(fresh("cp1.json"), nodes=(CP1, second))
    assert statuses(cluster, "rbac-enabled") == {"rbac-enabled": "not-assessed"}
    found = k8snb.assess(cluster, controls=["kubelet-read-only-port"], all=True).record.findings
    assert {one.subject.name: one.status for one in found} == {"cp1": "pass", "cp2": "not-assessed"}


def test_command_lines_are_not_kept(fresh: Pages) -> None:
    (fact,) = facts([str(fresh("cp1.json"))])
    assert "hunter2" not in json.dumps(fact.value)
    assert fact.value["addresses"] == ["10.0.0.11"]


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "another endpoint": ("eks.json", {"endpoint": "10.0.0.1"}, "this cluster was read at 10.0.0.1"),
    "no endpoint": ("eks.json", {}, "the address of this cluster is not known"),
    "another version": ("cp1.json", {"version": "v1.36.1"}, "of version 1.35, and this one is of 1.36"),
    "another node": (
        "cp1.json",
        {"nodes": (CP1 | {"status": {"addresses": [{"type": "InternalIP", "address": "10.9.9.9"}]}},)},
        "it is of the node at 10.0.0.11, which is not cp1",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_evidence_of_another_cluster_is_refused_unless_told(case: str, fresh: Pages) -> None:
    name, options, message = REFUSED[case]
    with pytest.raises(UsageError, match=message):
        read(fresh(name), **options)
    assert read(fresh(name), anyway=True, **options).fact("version")


def test_a_run_of_an_unknown_node_is_refused_always(fresh: Pages) -> None:
    path = fresh("cp1.json").rename(fresh("cp1.json").with_name("kube-bench.json"))
    with pytest.raises(UsageError, match=r"name the file after it.*cp1, w1"):
        read(path, nodes=(CP1, W1), anyway=True)
    assert statuses(read(path), "kubelet-read-only-port") == {"kubelet-read-only-port": "pass"}


def test_an_old_file_is_refused_unless_told(fresh: Pages) -> None:
    path = fresh("cp1.json")
    old = (datetime.now(UTC) - timedelta(days=31)).timestamp()
    os.utime(path, (old, old))
    with pytest.raises(UsageError, match="more than 30 days ago"):
        facts([str(path)])
    assert facts([str(path)], anyway=True)[0].seen[:10] < date.today().isoformat()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no JSON"),
        ("[1,", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("{}", "is no evidence that is known"),
        ("[]", "is no evidence that is known"),
        ('{"Controls": []}', "is no evidence that is known"),
        ('{"Controls": [{"tests": 7}]}', "is not whole"),
        ('{"apiVersion": "v1", "kind": "Pod"}', "is no evidence that is known"),
    ],
)
def test_what_is_no_evidence_is_told_in_one_line(text: str, message: str, tmp_path: Path) -> None:
    (path := tmp_path / "x.json").write_text(text)
    with pytest.raises(UsageError, match=message) as error:
        facts([str(path)])
    assert len(str(error.value).splitlines()) <= 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from([json.loads((FILES / name).read_text()) for name in EXPORTS]),
    st.lists(st.tuples(st.integers(0, 20), JSON), max_size=4),
)
def test_an_export_with_fields_of_any_type_never_breaks(
    content: dict[str, Any], changes: list[tuple[int, Any]]
) -> None:
    inner = dict(content.get("cluster", content))
    for place, value in changes:
        inner[list(inner)[place % len(inner)]] = value
    found = providers.parse(inner)
    assert found is None or found.provider in {"EKS", "GKE", "AKS"}


@given(JSON)
def test_anything_else_is_no_run_of_kube_bench(content: Any) -> None:
    assert kube_bench.parse(content) is None


def event(**changes: Any) -> dict[str, Any]:
    """Give an audit event."""
    return {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "Request",
        "stage": "ResponseComplete",
        "requestURI": "/api/v1/namespaces/shop/pods",
        "verb": "list",
        "user": {"username": "eve", "groups": ["system:authenticated"]},
        "sourceIPs": ["192.0.2.7"],
        "objectRef": {"resource": "pods", "namespace": "shop", "apiVersion": "v1"},
        "responseStatus": {"code": 200},
        "requestReceivedTimestamp": "2026-11-24T09:15:00.000000Z",
    } | changes


KUBELET = event(user={"username": "system:node:cp1"}, verb="update", objectRef={"resource": "nodes", "name": "cp1"})
PRIVILEGED = {"spec": {"containers": [{"name": "a", "securityContext": {"privileged": True}}], "token": "hunter2"}}
OCCURRING: dict[str, list[dict[str, Any]]] = {
    "anonymous access": [event(user={"username": "system:anonymous"})],
    "commands in pods": [event(verb="create", objectRef={"resource": "pods", "subresource": "exec", "name": "a"})],
    "privileged pods": [event(verb="create", requestObject=PRIVILEGED)],
    "repeated refusals": [event(responseStatus={"code": 403})] * 20,
    "mass reading of Secrets": [
        event(verb="get", objectRef={"resource": "secrets", "name": str(n)}) for n in range(20)
    ],
}
HARMLESS = [
    event(user={"username": "system:anonymous"}, requestURI="/livez?verbose", objectRef=None),
    event(user={"username": "system:anonymous"}, responseStatus={"code": 403}),
    event(verb="create", objectRef={"resource": "pods", "subresource": "exec"}, responseStatus={"code": 403}),
    event(verb="create", stage="RequestReceived", requestObject=PRIVILEGED),
    *[event(responseStatus={"code": 403})] * 17,
    *[event(user={"username": "system:node:cp1"}, objectRef={"resource": "secrets"}, verb="list")] * 30,
]


def written(tmp_path: Path, *events: dict[str, Any]) -> Path:
    """Write an audit log."""
    (path := tmp_path / "audit.log").write_text("".join(json.dumps(one) + "\n" for one in (KUBELET, *events)))
    return path


@pytest.mark.parametrize("case", OCCURRING)
def test_an_alert_case_of_an_audit_log_is_found(case: str, tmp_path: Path) -> None:
    cluster = read(written(tmp_path, *OCCURRING[case]))
    (found,) = k8snb.assess(cluster, controls=["audit-log-findings"]).record.findings
    assert found.status == "fail"
    assert found.message.startswith(f"{case}: ")
    assert "hunter2" not in json.dumps([fact.value for fact in cluster.facts])


def test_a_harmless_audit_log_is_no_alert_but_nobody_knows_who_is_out_of_place(tmp_path: Path) -> None:
    cluster = read(written(tmp_path, *HARMLESS))
    (found,) = k8snb.assess(cluster, controls=["audit-log-findings"]).record.findings
    assert (found.status, found.cause) == ("not-assessed", "not-collected")
    assert cluster.fact("audit-log").value["cases"] == {}  # type: ignore[union-attr]


def test_an_audit_log_of_another_cluster_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no kubelet of this cluster"):
        read(written(tmp_path), nodes=(W1,))


@given(st.lists(st.binary(max_size=30) | JSON.map(lambda one: json.dumps(one).encode()), max_size=5))
def test_any_line_is_an_event_or_counted_as_none(lines: list[bytes]) -> None:
    log = audit_log.parse(lines)
    assert log.events + log.malformed <= len(lines)


@pytest.mark.parametrize("ranges", [None, [], "0.0.0.0/0"])
def test_a_public_address_whose_networks_are_not_told_is_everybodys(ranges: Any, fresh: Pages) -> None:
    content = json.loads((FILES / "eks.json").read_text())
    content["cluster"]["resourcesVpcConfig"]["publicAccessCidrs"] = ranges
    (path := fresh("eks.json")).write_text(json.dumps(content))
    cluster = read(path, endpoint=EXPORTS["eks.json"][0], nodes=(W1,))
    assert statuses(cluster, "api-server-exposure") == {"api-server-exposure": "fail"}


def test_lines_that_are_no_events_are_no_clean_log(tmp_path: Path) -> None:
    path = written(tmp_path, *HARMLESS)
    with path.open("a") as file:
        file.write("{\n")
    settings = {"working_hours": "0-24", "known_networks": ["0.0.0.0/0"]}
    (found,) = k8snb.assess(read(path), controls=["audit-log-findings"], parameters=settings).record.findings
    assert found.status == "not-assessed"
    assert "1 lines are no events" in found.message
