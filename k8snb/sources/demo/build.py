"""Runs the company's manifests into the cluster that kube-apiserver 1.35 would list."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from k8snb.sources.demo import (
    bootstrap,
    company,
    controllers,
    defaults,
    metadata,
    nodes,
    pod_defaults,
    quotas,
    scans,
    services,
)
from k8snb.sources.demo.admission import Admission
from k8snb.sources.demo.control_plane import AUDIT_POLICY, static_pods
from k8snb.sources.demo.drift import drift
from k8snb.sources.demo.nodes import kubelets
from k8snb.sources.demo.pods import Pods
from k8snb.sources.demo.seeds import NOW, before, digest, number, stamp, uid
from k8snb.sources.demo.volumes import bind
from k8snb.sources.stream import Fact, Item, Listed, Page

Json = dict[str, Any]

RESOURCES = {
    "Namespace": "namespaces",
    "Node": "nodes",
    "Pod": "pods",
    "Deployment": "deployments",
    "StatefulSet": "statefulsets",
    "DaemonSet": "daemonsets",
    "ReplicaSet": "replicasets",
    "ReplicationController": "replicationcontrollers",
    "Job": "jobs",
    "CronJob": "cronjobs",
    "Service": "services",
    "ServiceAccount": "serviceaccounts",
    "ConfigMap": "configmaps",
    "LimitRange": "limitranges",
    "ResourceQuota": "resourcequotas",
    "NetworkPolicy": "networkpolicies",
    "Ingress": "ingresses",
    "Gateway": "gateways",
    "Role": "roles",
    "ClusterRole": "clusterroles",
    "RoleBinding": "rolebindings",
    "ClusterRoleBinding": "clusterrolebindings",
    "ValidatingWebhookConfiguration": "validatingwebhookconfigurations",
    "MutatingWebhookConfiguration": "mutatingwebhookconfigurations",
    "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
    "ValidatingAdmissionPolicyBinding": "validatingadmissionpolicybindings",
    "RuntimeClass": "runtimeclasses",
    "ClusterPolicy": "clusterpolicies",
    "VulnerabilityReport": "vulnerabilityreports",
    "APIService": "apiservices",
    "CiliumNetworkPolicy": "ciliumnetworkpolicies",
    "CiliumClusterwideNetworkPolicy": "ciliumclusterwidenetworkpolicies",
    "CalicoNetworkPolicy": "networkpolicies.crd.projectcalico.org",
    "GlobalNetworkPolicy": "globalnetworkpolicies",
    "AdminNetworkPolicy": "adminnetworkpolicies",
    "BaselineAdminNetworkPolicy": "baselineadminnetworkpolicies",
    "ClusterNetworkPolicy": "clusternetworkpolicies",
    "FelixConfiguration": "felixconfigurations",
    "PeerAuthentication": "peerauthentications",
    "PrometheusRule": "prometheusrules",
    "Alertmanager": "alertmanagers",
    "AlertmanagerConfig": "alertmanagerconfigs",
    "PersistentVolume": "persistentvolumes",
    "PersistentVolumeClaim": "persistentvolumeclaims",
    "HorizontalPodAutoscaler": "horizontalpodautoscalers",
    "PodDisruptionBudget": "poddisruptionbudgets",
}
"""Kinds that were listed, with their resources; of some there is nothing."""

CREATED = stamp(NOW)
_VERSION = {"gitVersion": "v1.35.6", "major": "1", "minor": "35", "platform": "linux/amd64"}
_PAGE = 500


def items() -> Iterator[Item]:
    """Give the stream of the demo cluster, as a live source would."""
    yield Fact("version", dict(_VERSION), "probe", "/version", CREATED)
    yield Fact("clock", CREATED.partition("T")[0], "object", "the day on which the demo was recorded", CREATED)
    for node, configuration in kubelets().items():
        path = f"/api/v1/nodes/{node}/proxy/configz"
        yield Fact(f"kubelet/{node}", configuration, "probe", path, CREATED)
    yield Fact("audit-policy", AUDIT_POLICY, "object", "/etc/kubernetes/audit/policy.yaml on cp-1", CREATED)
    by_kind: dict[str, list[Json]] = defaultdict(list)
    for one in objects():
        by_kind[one["kind"]].append(one)
    for kind, resource in RESOURCES.items():
        found = by_kind.pop(kind, [])
        for start in range(0, len(found), _PAGE):
            yield _page(kind, found[start : start + _PAGE])
        yield Listed(resource)


def _page(kind: str, objects: list[Json]) -> Page:
    content = {
        "kind": f"{kind}List",
        "apiVersion": objects[0]["apiVersion"],
        "metadata": {"resourceVersion": "48213377"},
    }
    return Page(msgspec.json.encode(content | {"items": objects}, order="deterministic"))


def objects() -> list[Json]:
    """Give every object of the demo cluster, by kind, namespace and name, as it would be listed."""
    applied = company.objects()
    names = [one["metadata"]["name"] for one in applied if one["kind"] == "Namespace"]
    bare = [one for one in applied if one["kind"] == "Pod"]
    cluster = [one for one in applied if one["kind"] != "Pod"] + bootstrap.objects(names)
    metadata.remember(_of(cluster, "Namespace"))
    for one in cluster:
        defaults.apply(one)
    bootstrap.aggregate(_of(cluster, "ClusterRole"))
    services.allocate(_of(cluster, "Service"))
    cluster += _run(cluster, bare)
    cluster += scans.reports([one for kind in ("ReplicaSet", "StatefulSet", "DaemonSet") for one in _of(cluster, kind)])
    _statuses(cluster)
    cluster += nodes.objects()
    metadata.stamp_all(cluster)
    return sorted(cluster, key=lambda one: (one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]))


def _of(objects: list[Json], kind: str) -> list[Json]:
    return [one for one in objects if one["kind"] == kind]


def _admission(cluster: list[Json]) -> Admission:
    return Admission(
        {one["metadata"]["name"]: one["metadata"].get("labels", {}) for one in _of(cluster, "Namespace")},
        {(one["metadata"]["namespace"], one["metadata"]["name"]): one for one in _of(cluster, "ServiceAccount")},
        {one["metadata"]["namespace"]: one["spec"]["limits"][0] for one in _of(cluster, "LimitRange")},
    )


def _run(cluster: list[Json], bare: list[Json]) -> list[Json]:
    """Run all controllers; give what they made and all pods."""
    pods = Pods(_admission(cluster))
    for node, name, spec in static_pods():
        _mirror(pods, node, name, spec)
    made = [child for one in cluster for child in controllers.run(one, pods)]
    for one in bare:
        age = before(days=2 + number(60, "bare", one["metadata"]["name"]))
        pods.make(one["metadata"], one["spec"], age)
    drift(pods.items)
    return made + pods.items


def _mirror(pods: Pods, node: str, name: str, spec: Json) -> None:
    """Add the mirror pod of a static pod. Source: Kubernetes, kubelet `pkg/kubelet/pod/mirror_client.go`."""
    mark, seen = digest("static", node, name)[:32], before(days=31 + number(20, node, name))
    where = {"config.hash": mark, "config.mirror": mark, "config.seen": seen, "config.source": "file"}
    owner = {"apiVersion": "v1", "kind": "Node", "name": node, "uid": uid("Node", "", node), "controller": True}
    pod_defaults.pod(spec)
    spec |= {"priority": 2000001000, "preemptionPolicy": "PreemptLowerPriority"}
    meta = {
        "name": f"{name}-{node}",
        "namespace": "kube-system",
        "labels": {"component": name, "tier": "control-plane"},
        "annotations": {f"kubernetes.io/{key}": value for key, value in where.items()},
        "ownerReferences": [owner],
    }
    pods.mirror(meta, spec, seen, node)


def _statuses(cluster: list[Json]) -> None:
    for claim in _of(cluster, "PersistentVolumeClaim"):
        if "status" not in claim:
            cluster += bind(claim)[1:]
    for quota in _of(cluster, "ResourceQuota"):
        quotas.measure(quota, cluster)
    for ingress in _of(cluster, "Ingress"):
        ingress["status"] = {"loadBalancer": {"ingress": [{"ip": "2001:db8:ff::10"}]}}
