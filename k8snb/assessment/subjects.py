"""Where the subjects of controls come from, and how each is told."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import msgspec

from k8snb.analysis.components import components
from k8snb.analysis.namespaces import namespaces
from k8snb.analysis.rbac import subjects
from k8snb.analysis.running import running
from k8snb.assessment.result import Subject
from k8snb.controls.model import SubjectKind
from k8snb.inventory.cluster import CONTROLLERS, Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.base import Metadata, Object
from k8snb.resources.core import ConfigMap, Node, Service, ServiceAccount
from k8snb.resources.kinds import BY_TYPE
from k8snb.resources.network import Gateway, Ingress
from k8snb.resources.rbac import ClusterRole, ClusterRoleBinding, Role, RoleBinding

Found = Iterator[tuple[Subject, Any]]
WORKLOADS = ("pods", *(kind.resource for kind in CONTROLLERS))


class Subjects(msgspec.Struct, frozen=True):
    """One kind of subject.

    Attributes:
        resources: What must have been listed before their absence means that there are none.
        find: Gives each with its telling.
    """

    resources: tuple[str, ...]
    find: Callable[[Cluster], Iterable[tuple[Subject, Any]]]


def of_workload(workload: Workload) -> Subject:
    """Tell a workload."""
    return Subject(
        workload.api_version, workload.kind, workload.namespace, workload.name, workload.pods, workload.variant or None
    )


def of_object(one: Object) -> Subject:
    """Tell an object."""
    kind = BY_TYPE[type(one)]
    version = f"{kind.group}/{kind.version}" if kind.group else kind.version
    namespace = (one.namespace or "default") if kind.namespaced else ""
    return Subject(one.apiVersion or version, kind.kind, namespace, one.name)


Telling = Callable[[Cluster], Found]
_told: WeakKeyDictionary[Cluster, dict[Telling, list[tuple[Subject, Any]]]] = WeakKeyDictionary()


def _once(tell: Telling) -> Telling:
    """Tell the subjects of a cluster once for all controls."""

    def find(cluster: Cluster) -> Found:
        known = _told.setdefault(cluster, {})
        if tell not in known:
            known[tell] = list(tell(cluster))
        return iter(known[tell])

    return find


@_once
def _workloads(cluster: Cluster) -> Found:
    return ((of_workload(workload), workload) for workload in cluster.workloads)


def _objects(*types: type[Object]) -> Telling:
    @_once
    def find(cluster: Cluster) -> Found:
        selected = cluster.selected_namespaces
        for wanted in types:
            for one in cluster.all(wanted):
                if not selected or (one.namespace or "default") in selected:
                    yield of_object(one), one

    return find


@_once
def _service_accounts(cluster: Cluster) -> Found:
    """Give the accounts; where they were not collected, also the `default` that Kubernetes makes and something uses."""
    yield from _objects(ServiceAccount)(cluster)
    listed = {one.namespace or "default" for one in cluster.all(ServiceAccount) if one.name == "default"}
    for namespace in sorted({work.namespace for work in cluster.workloads if work.service_account == "default"}):
        gap = cluster.gap("serviceaccounts", namespace)
        if namespace not in listed and gap and gap.cause == "not-collected":
            one = ServiceAccount(metadata=Metadata(name="default", namespace=namespace))
            yield of_object(one), one


def _rbac_subjects(cluster: Cluster) -> Found:
    selected = cluster.selected_namespaces
    for key, bindings in subjects(cluster).items():
        kind, name = key
        namespace, _, short = name.partition("/") if kind == "ServiceAccount" else ("", "", name)
        if not selected or namespace in selected or any(one.namespace in selected for one in bindings):
            version = "v1" if kind == "ServiceAccount" else "rbac.authorization.k8s.io/v1"
            yield Subject(version, kind, namespace, short), key


def _namespaces(cluster: Cluster) -> Found:
    for one in namespaces(cluster):
        yield Subject("v1", "Namespace", "", one.name), one


def _namespaces_with_pods(cluster: Cluster) -> Found:
    for subject, one in _namespaces(cluster):
        if one.workloads:
            yield subject, one


def _configuration(cluster: Cluster) -> Found:
    yield from _workloads(cluster)
    yield from _objects(ConfigMap)(cluster)


def _components(*programs: str) -> Callable[[Cluster], Found]:
    def find(cluster: Cluster) -> Found:
        for program in programs:
            for one in components(cluster, program):
                yield Subject("", "Component", one.namespace, one.name), one

    return find


def _running(cluster: Cluster) -> Found:
    for one in running(cluster):
        yield Subject("", "Component", "", one.name), one


def _cluster(cluster: Cluster) -> Found:
    yield Subject("", "Cluster", "", cluster.source.name), cluster


_ROLES, _BINDINGS = ("roles", "clusterroles"), ("rolebindings", "clusterrolebindings")

SUBJECTS: dict[SubjectKind, Subjects] = {
    "pod": Subjects(WORKLOADS, _workloads),
    "workload": Subjects(WORKLOADS, _workloads),
    "namespace": Subjects(("namespaces",), _namespaces),
    "namespace-with-pods": Subjects((*WORKLOADS, "namespaces"), _namespaces_with_pods),
    "service": Subjects(("services",), _objects(Service)),
    "ingress": Subjects(("ingresses", "gateways"), _objects(Ingress, Gateway)),
    "configuration": Subjects((*WORKLOADS, "configmaps"), _configuration),
    "role": Subjects(_ROLES, _objects(Role, ClusterRole)),
    "binding": Subjects(_BINDINGS, _objects(RoleBinding, ClusterRoleBinding)),
    "rbac-subject": Subjects(_BINDINGS, _rbac_subjects),
    "service-account": Subjects(("serviceaccounts",), _service_accounts),
    "node": Subjects(("nodes",), _objects(Node)),
    "api-server": Subjects((), _components("kube-apiserver")),
    "etcd": Subjects((), _components("etcd")),
    "scheduler": Subjects((), _components("kube-scheduler")),
    "controller-manager": Subjects((), _components("kube-controller-manager")),
    "control-plane": Subjects((), _components("kube-apiserver", "kube-controller-manager", "kube-scheduler")),
    "component": Subjects(("nodes", "pods"), _running),
    "cluster": Subjects((), _cluster),
}
