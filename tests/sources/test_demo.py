"""The demo cluster: reproducible, consistent in itself, and rich enough that every control finds both."""

import ipaddress
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from k8snb.sources.demo import RECORDING, demo
from k8snb.sources.demo.__main__ import record
from k8snb.sources.demo.build import RESOURCES, items, objects
from k8snb.sources.demo.quantity import amount, total
from k8snb.sources.demo.schedule import last_runs
from k8snb.sources.demo.seeds import stamp
from k8snb.sources.stream import Fact, Gap, Listed, Page

Json = dict[str, Any]
CLUSTER: list[Json] = objects()
BY_KIND: dict[str, list[Json]] = {kind: [one for one in CLUSTER if one["kind"] == kind] for kind in RESOURCES}
PODS = BY_KIND["Pod"]
NAMESPACES = {one["metadata"]["name"]: one for one in BY_KIND["Namespace"]}
TOPS = ("Deployment", "StatefulSet", "DaemonSet", "CronJob", "ReplicationController")
DOCUMENTATION = [
    ipaddress.ip_network(net) for net in ("2001:db8::/32", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
]
METADATA_SERVICE = {"169.254.169.254", "fd00:ec2::254"}
UNSPECIFIED_OR_LOOPBACK = {"::", "::1", "0.0.0.0", "127.0.0.1"}  # noqa: S104


def where(one: Json) -> tuple[str, str, str]:
    return one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]


def templates(one: Json) -> Iterator[Json]:
    spec = one.get("spec", {})
    if one["kind"] == "Pod":
        yield one
    elif one["kind"] == "CronJob":
        yield spec["jobTemplate"]["spec"]["template"]
    elif "template" in spec:
        yield spec["template"]


# The recording


def members(path: Path) -> dict[str, bytes]:
    """Everything in a snapshot but the version of the program that wrote it; how it is compressed is zlib's affair."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    index = json.loads(content["snapshot.json"]) | {"tool": ""}
    return content | {"snapshot.json": json.dumps(index).encode()}


def test_generator_reproduces_the_recording_byte_for_byte(tmp_path: Path) -> None:
    record(tmp_path / "again.k8snb")
    assert members(tmp_path / "again.k8snb") == members(RECORDING)


def test_recording_is_small() -> None:
    assert RECORDING.stat().st_size < 1_500_000


def test_recording_gives_every_object_of_the_generator() -> None:
    pages = [json.loads(item.data) for part in demo().parts() for item in part.read() if isinstance(item, Page)]
    recorded = Counter(page["kind"].removesuffix("List") for page in pages for _ in page["items"])
    assert recorded == Counter(one["kind"] for one in CLUSTER)


def test_stream_lists_every_resource_and_misses_nothing() -> None:
    stream = list(items())
    assert {item.resource for item in stream if isinstance(item, Listed)} == set(RESOURCES.values())
    assert not [item for item in stream if isinstance(item, Gap)]
    assert [item.value["gitVersion"] for item in stream if isinstance(item, Fact) and item.name == "version"] == [
        "v1.35.6"
    ]


def test_source_needs_no_generator() -> None:
    code = "import sys, k8snb.sources.demo as d; d.demo(); assert 'yaml' not in sys.modules and not hasattr(d, 'build')"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_source_is_the_whole_demo() -> None:
    source = demo()
    assert (source.kind, source.name, source.complete) == ("demo", "demo", True)


# Size


@pytest.mark.parametrize(
    ("count", "least", "most"),
    [
        (sum(not name.startswith("kube-") for name in NAMESPACES), 12, 25),
        (sum(len(BY_KIND[kind]) for kind in TOPS), 60, 100),
        (len(PODS), 280, 330),
        (len(BY_KIND["Node"]), 9, 9),
    ],
    ids=["namespaces", "workloads", "pods", "nodes"],
)
def test_size(count: int, least: int, most: int) -> None:
    assert least <= count <= most


# Consistency


@pytest.mark.parametrize("field", ["uid", "creationTimestamp", "resourceVersion"])
def test_every_object_is_stored(field: str) -> None:
    assert not [where(one) for one in CLUSTER if not one["metadata"].get(field)]


def test_uids_and_names_are_unique() -> None:
    assert max(Counter(one["metadata"]["uid"] for one in CLUSTER).values()) == 1
    assert max(Counter(where(one) for one in CLUSTER).values()) == 1


def test_names_are_valid() -> None:
    valid = re.compile(r"[a-z0-9]([-a-z0-9.:]*[a-z0-9])?")
    assert not [name for kind, _, name in map(where, CLUSTER) if not valid.fullmatch(name) or len(name) > 253]
    assert not [
        name for kind, _, name in map(where, CLUSTER) if kind in {"Pod", "Service", "Namespace"} and len(name) > 63
    ]


def test_owners_exist() -> None:
    known = {one["metadata"]["uid"]: where(one) for one in CLUSTER}
    for one in CLUSTER:
        for owner in one["metadata"].get("ownerReferences", ()):
            kind, _, name = known[owner["uid"]]
            assert (kind, name) == (owner["kind"], owner["name"]), where(one)


def test_namespaces_exist() -> None:
    assert {one["metadata"]["namespace"] for one in CLUSTER if "namespace" in one["metadata"]} <= set(NAMESPACES)


def test_nothing_is_older_than_its_namespace() -> None:
    since = {name: one["metadata"]["creationTimestamp"] for name, one in NAMESPACES.items()}
    for one in CLUSTER:
        namespace = one["metadata"].get("namespace")
        assert not namespace or one["metadata"]["creationTimestamp"] >= since[namespace], where(one)


def test_pods_run_on_nodes_that_exist() -> None:
    nodes = {one["metadata"]["name"] for one in BY_KIND["Node"]}
    assert {pod["spec"].get("nodeName") for pod in PODS if pod["status"]["phase"] != "Pending"} <= nodes


def test_pods_on_tainted_nodes_tolerate_the_taint() -> None:
    tainted = {one["metadata"]["name"] for one in BY_KIND["Node"] if one["spec"].get("taints")}
    assert len(tainted) == 3
    for pod in PODS:
        if pod["spec"].get("nodeName") in tainted and pod["metadata"]["labels"].get("tier") != "control-plane":
            keys = {one.get("key", "") for one in pod["spec"]["tolerations"]}
            assert keys & {"", "node-role.kubernetes.io/control-plane"}, where(pod)


def test_service_accounts_exist() -> None:
    accounts = {where(one)[1:] for one in BY_KIND["ServiceAccount"]}
    assert {(name, "default") for name in NAMESPACES} <= accounts
    static = [pod for pod in PODS if "kubernetes.io/config.mirror" in pod["metadata"].get("annotations", {})]
    assert len(static) == 12
    used = {(pod["metadata"]["namespace"], pod["spec"]["serviceAccountName"]) for pod in PODS if pod not in static}
    assert used <= accounts


def test_token_is_mounted_unless_it_was_declined() -> None:
    declined = {where(one)[1:] for one in BY_KIND["ServiceAccount"] if one.get("automountServiceAccountToken") is False}
    for pod in PODS:
        spec, account = pod["spec"], (pod["metadata"]["namespace"], pod["spec"].get("serviceAccountName"))
        wanted = spec.get("automountServiceAccountToken", account not in declined) and account[1] is not None
        assert any(one["name"].startswith("kube-api-access-") for one in spec.get("volumes", ())) == wanted, where(pod)


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"])
def test_selectors_match_their_templates(kind: str) -> None:
    for one in BY_KIND[kind]:
        assert one["spec"]["selector"]["matchLabels"].items() <= one["spec"]["template"]["metadata"]["labels"].items()


def test_replicas_are_there() -> None:
    owned = Counter(owner["uid"] for pod in PODS for owner in pod["metadata"].get("ownerReferences", ()))
    for one in BY_KIND["ReplicaSet"] + BY_KIND["ReplicationController"]:
        assert owned[one["metadata"]["uid"]] == one["spec"]["replicas"], where(one)


def test_services_select_pods_but_for_those_left_behind() -> None:
    empty = set()
    for one in BY_KIND["Service"]:
        selector, namespace = one["spec"].get("selector"), one["metadata"]["namespace"]
        here = (pod["metadata"]["labels"].items() for pod in PODS if pod["metadata"]["namespace"] == namespace)
        if selector and not any(selector.items() <= labels for labels in here):
            empty.add((namespace, one["metadata"]["name"]))
    assert empty == {("shop", "coupons"), ("staging", "search")}


def test_node_ports_and_addresses_are_unique() -> None:
    services = [one["spec"] for one in BY_KIND["Service"]]
    ports = [port["nodePort"] for spec in services for port in spec["ports"] if "nodePort" in port]
    addresses = [spec["clusterIP"] for spec in services if spec["clusterIP"] != "None"]
    addresses += [
        pod["status"]["podIP"] for pod in PODS if "podIP" in pod["status"] and not pod["spec"].get("hostNetwork")
    ]
    assert len(set(ports)) == len(ports)
    assert len(set(addresses)) == len(addresses)
    assert all(30000 <= port <= 32767 for port in ports)


def test_addresses_are_from_documentation_ranges() -> None:
    text = json.dumps(CLUSTER)
    found = set(re.findall(r"(?<![\d.v-])(?:\d{1,3}\.){3}\d{1,3}(?![\d.-])", text))
    found |= set(re.findall(r"(?<![\w:.])(?:[0-9a-f]{1,4}:){1,7}(?::?[0-9a-f]{1,4})*(?::)?(?![\w:])", text))
    addresses = (
        {one for one in found if one.count(".") == 3 or "::" in one} - METADATA_SERVICE - UNSPECIFIED_OR_LOOPBACK
    )
    assert len(addresses) > 200
    outside = {one for one in addresses if not any(ipaddress.ip_address(one) in net for net in DOCUMENTATION)}
    assert not outside


def test_quotas_hold() -> None:
    for quota in BY_KIND["ResourceQuota"]:
        for name, used in quota["status"]["used"].items():
            assert amount(used) <= amount(quota["status"]["hard"][name]), (where(quota), name)


def test_images_have_digests_in_status() -> None:
    statuses = [one for pod in PODS for one in pod["status"].get("containerStatuses", ())]
    assert statuses
    assert all(re.search(r"@sha256:[0-9a-f]{64}$", one["imageID"]) for one in statuses)


def test_nothing_looks_like_a_real_credential() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in RECORDING.parent.rglob("*.yaml"))
    text = json.dumps(CLUSTER) + sources
    shapes = r"AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}|xox[abp]-|eyJ[\w-]{10,}\.|PRIVATE KEY|glpat-|sk_live|\$2[aby]\$"
    assert not re.search(shapes, text)
    assert not re.search(r"://[^/\s:@]+:[^/\s@]+@", sources)
    assert "Secret" not in {one["kind"] for one in CLUSTER}


# What is in it


def containers(pod: Json) -> list[Json]:
    return [
        one for field in ("initContainers", "containers", "ephemeralContainers") for one in pod["spec"].get(field, ())
    ]


def test_pods_have_containers_that_their_templates_lack() -> None:
    injected = [pod for pod in PODS if any(one["name"] == "mesh-proxy" for one in containers(pod))]
    declared = [one for top in CLUSTER if top["kind"] != "Pod" for one in templates(top)]
    assert {pod["metadata"]["namespace"] for pod in injected} == {"shop"}
    assert len(injected) > 50
    assert not any(entry["name"] == "mesh-proxy" for one in declared for entry in containers(one))
    assert sum("ephemeralContainers" in pod["spec"] for pod in PODS) == 1


def test_log_agent_misses_the_control_plane_and_the_detector_does_not() -> None:
    desired = {one["metadata"]["name"]: one["status"]["desiredNumberScheduled"] for one in BY_KIND["DaemonSet"]}
    assert desired["fluent-bit"] == 6
    assert desired["falco"] == 9


def test_one_kubelet_is_outdated() -> None:
    versions = Counter(one["status"]["nodeInfo"]["kubeletVersion"] for one in BY_KIND["Node"])
    assert versions == {"v1.35.6": 8, "v1.31.4": 1}


def test_one_api_server_has_drifted() -> None:
    commands = [
        [flag for flag in pod["spec"]["containers"][0]["command"] if "advertise" not in flag]
        for pod in PODS
        if pod["metadata"]["labels"].get("component") == "kube-apiserver"
    ]
    assert sorted(Counter(tuple(one) for one in commands).values()) == [1, 2]


def test_bindings_dangle_as_intended() -> None:
    roles = {where(one) for one in BY_KIND["Role"] + BY_KIND["ClusterRole"]}
    missing = {
        one["metadata"]["name"]
        for one in BY_KIND["RoleBinding"] + BY_KIND["ClusterRoleBinding"]
        for ref in [one["roleRef"]]
        if (ref["kind"], one["metadata"].get("namespace", "") if ref["kind"] == "Role" else "", ref["name"])
        not in roles
    }
    assert missing == {"intranet-admins", "old-backup-tool"}


def test_front_end_can_become_cluster_admin() -> None:
    bindings = {one["metadata"]["name"]: one for one in BY_KIND["RoleBinding"] + BY_KIND["ClusterRoleBinding"]}
    assert bindings["shop-previews"]["subjects"] == [
        {"kind": "ServiceAccount", "name": "frontend", "namespace": "shop"}
    ]
    assert (
        bindings["shop-previews"]["metadata"]["namespace"] == bindings["ci-runner"]["subjects"][0]["namespace"] == "ci"
    )
    assert bindings["ci-runner"]["roleRef"]["name"] == "cluster-admin"


def test_aggregated_roles_are_filled() -> None:
    admin = next(one for one in BY_KIND["ClusterRole"] if one["metadata"]["name"] == "admin")
    resources = {resource for rule in admin["rules"] for resource in rule.get("resources", ())}
    assert {"rolebindings", "pods", "bindings"} <= resources


# The generator's own arithmetic


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], "0"),
        (["250m", "250m"], "500m"),
        (["1", "500m", "500m"], "2"),
        (["512Mi", "512Mi"], "1Gi"),
        (["96Mi"], "96Mi"),
    ],
)
def test_total(texts: list[str], expected: str) -> None:
    assert total(texts) == expected


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 6 * * *", ["2026-11-15T06:00:00Z", "2026-11-16T06:00:00Z"]),
        ("30 9 * * *", ["2026-11-14T09:30:00Z", "2026-11-15T09:30:00Z"]),
        ("0 */6 * * *", ["2026-11-16T00:00:00Z", "2026-11-16T06:00:00Z"]),
        ("0 3 * * 0", ["2026-11-08T03:00:00Z", "2026-11-15T03:00:00Z"]),
    ],
)
def test_last_runs(schedule: str, expected: list[str]) -> None:
    assert [stamp(one) for one in last_runs(schedule, 2)] == expected
