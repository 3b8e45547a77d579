"""Attack paths: from what the outside can reach, through a weak pod, to the node, to Secrets or to cluster-admin.

Source: NSA/CISA Kubernetes Hardening Guide, "Threat model"; Kubernetes documentation, "RBAC Good Practices", privilege
escalation risks. Only what was read is followed: no path found is no proof that there is none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

import msgspec

from k8snb.analysis.network import label_sets
from k8snb.analysis.powers import MAKERS
from k8snb.analysis.rbac import Power, powers
from k8snb.analysis.rules import allows, everything, grants, reading_secrets
from k8snb.analysis.tokens import holds_token
from k8snb.analysis.words import clip, some
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload, by_namespace
from k8snb.resources.core import Service, ServiceAccount
from k8snb.resources.network import Backend, Ingress
from k8snb.resources.rbac import PolicyRule

Account = tuple[str, str]
Way = tuple[str, "tuple[Step, ...]"]
Ways = tuple[Way, ...]
GOALS = ("cluster-admin", "every Secret", "a node", "Secrets of a namespace")
"""Where a path may end, the worst first."""
_POD_MAKERS = tuple((right.group, resource) for right in MAKERS for resource in right.resources)
_HOST_PATHS = (
    "/",
    "/etc",
    "/root",
    "/proc",
    "/sys",
    "/dev",
    "/var",
    "/var/run",
    "/run",
    "/var/lib",
    "/var/lib/kubelet",
)


class Step(msgspec.Struct, frozen=True):
    """One step of a path.

    Attributes:
        subject: What it is about, as `Kind/namespace/name`; untrusted text.
        because: Why it is possible, one clause.
        control: Id of the control that would stop it; empty where there is none.
    """

    subject: str
    because: str
    control: str = ""


class AttackPath(msgspec.Struct, frozen=True):
    """A way from the outside to a goal.

    Attributes:
        goal: One of `GOALS`.
        steps: From the exposed Service or Ingress to the goal.
    """

    goal: str
    steps: tuple[Step, ...]


def attack_paths(cluster: Cluster) -> list[AttackPath]:
    """Give the shortest path from each exposed workload to each goal, the worst goals and shortest paths first."""
    best: dict[tuple[str, str], AttackPath] = {}
    reach = cache(partial(_reach, cluster))
    for entry, workload in exposed(cluster):
        for goal, steps in _from(cluster, workload, reach):
            path = AttackPath(goal, (entry, *steps))
            key = (_name(workload), goal)
            if key not in best or len(path.steps) < len(best[key].steps):
                best[key] = path
    return sorted(best.values(), key=lambda one: (GOALS.index(one.goal), len(one.steps), one.steps[0].subject))


def exposed(cluster: Cluster) -> Iterator[tuple[Step, Workload]]:
    """Give the workloads behind Services that the outside can reach, each with how."""
    workloads = by_namespace(cluster.workloads)
    routed = _routed(cluster)
    for service in cluster.all(Service):
        namespace = service.namespace or "default"
        how = _exposure(service) or routed.get((namespace, service.name))
        selector = service.spec.selector
        if how and selector:
            for workload in workloads.get(namespace, ()):
                if any(selector.items() <= labels.items() for labels in label_sets(workload)):
                    yield how, workload


def _exposure(service: Service) -> Step | None:
    told = f"Service/{service.namespace or 'default'}/{service.name}"
    if service.spec.type == "NodePort":
        return Step(told, "open on a port of every node", "no-node-ports")
    if service.spec.type == "LoadBalancer":
        return Step(told, "open through a load balancer", "load-balancer-source-ranges")
    if service.spec.externalIPs:
        return Step(told, f"open on {some(service.spec.externalIPs)}", "no-external-ips")
    return None


def _routed(cluster: Cluster) -> Mapping[tuple[str, str], Step]:
    found: dict[tuple[str, str], Step] = {}
    for one in cluster.all(Ingress):
        namespace = one.namespace or "default"
        for backend, host in _backends(one):
            if backend and backend.service and backend.service.name:
                told = f"Ingress/{namespace}/{one.name}"
                found.setdefault(
                    (namespace, backend.service.name), Step(told, f"served as {clip(host)}", "ingress-tls")
                )
    return found


def _backends(ingress: Ingress) -> Iterator[tuple[Backend | None, str]]:
    yield ingress.spec.defaultBackend, "every host"
    for rule in ingress.spec.rules or ():
        for path in (rule.http.paths if rule.http else None) or ():
            yield path.backend, rule.host or "every host"


def _from(cluster: Cluster, workload: Workload, reach: Callable[[Account], Ways]) -> Iterator[Way]:
    name = _name(workload)
    weakness = _host_weakness(workload)
    if weakness:
        yield "a node", (weakness,)
    if holds_token(cluster, workload):
        account = (workload.namespace, workload.service_account)
        told = f"the pod holds the token of ServiceAccount {clip(account[1])}"
        for goal, steps in reach(account):
            yield goal, (Step(name, told, "no-service-account-token"), *steps)


def _name(workload: Workload) -> str:
    return f"{workload.kind}/{workload.namespace}/{workload.name}"


def _host_weakness(workload: Workload) -> Step | None:
    """Give what lets somebody in the pod take over its node."""
    spec, name = workload.spec, _name(workload)
    for _, container in workload.template.containers():
        if container.securityContext and container.securityContext.privileged:
            return Step(name, f"container {clip(container.name)} is privileged", "no-privileged-containers")
    writable = {
        mount.name
        for _, container in workload.template.containers()
        for mount in container.volumeMounts or ()
        if not mount.readOnly
    }
    for volume in spec.volumes or ():
        path = (volume.hostPath.path or "").rstrip("/") or "/" if volume.hostPath else None
        if path and volume.name in writable and (path in _HOST_PATHS or path.endswith(".sock")):
            return Step(name, f"the pod may write {clip(path)} of its node", "no-host-path-volumes")
    return None


def _reach(cluster: Cluster, start: Account) -> Ways:
    """Give the goals that a ServiceAccount reaches, by itself or by becoming others, each with the shortest way."""
    found: dict[str, tuple[Step, ...]] = {}
    queue: list[tuple[Account, tuple[Step, ...]]] = [(start, ())]
    known = {start}
    while queue:
        account, way = queue.pop(0)
        for power in powers(cluster, *account):
            for goal, step in _goals(account, power):
                found.setdefault(goal, (*way, step))
            for step, others in _becoming(cluster, account, power):
                fresh = [one for one in others if one not in known]
                known.update(fresh)
                queue += [(one, (*way, step)) for one in fresh]
    return tuple(found.items())


def _goals(account: Account, power: Power) -> Iterator[tuple[str, Step]]:
    rules, told = power.granted.rules or (), _told(account)
    if everything(rules) and not power.namespace:
        yield "cluster-admin", Step(told, f"{clip(power.binding)} grants everything", "cluster-admin-bindings")
        return
    verb = _escalation(rules) if not power.namespace else ""
    if verb:
        yield "cluster-admin", Step(told, f"{clip(power.binding)} lets it {verb}", "least-privilege-escalation-verbs")
    if reading_secrets(rules):
        scope = f"in {clip(power.namespace)}" if power.namespace else "everywhere"
        goal = "Secrets of a namespace" if power.namespace else "every Secret"
        yield goal, Step(told, f"{clip(power.binding)} lets it read Secrets {scope}", "least-privilege-secrets")


def _escalation(rules: Sequence[PolicyRule]) -> str:
    group = "rbac.authorization.k8s.io"
    for verb in ("bind", "escalate"):
        if any(allows(rule, verb, group, "clusterroles") for rule in rules):
            return f"{verb} ClusterRoles"
    if any(grants(rule, "impersonate", "", "groups") for rule in rules):
        return "impersonate any group"
    return ""


def _becoming(cluster: Cluster, account: Account, power: Power) -> Iterator[tuple[Step, list[Account]]]:
    """Give the ServiceAccounts that a power lets somebody become, and how."""
    rules, told = power.granted.rules or (), _told(account)
    if everything(rules) and not power.namespace:
        return
    where = clip(power.namespace) if power.namespace else "every namespace"
    if any(grants(rule, "create", group, kind) for rule in rules for group, kind in _POD_MAKERS):
        because = f"{clip(power.binding)} lets it run pods as any ServiceAccount of {where}"
        yield Step(told, because, "least-privilege-workload-creation"), _accounts(cluster, power.namespace)
    if any(grants(rule, "create", "", "serviceaccounts/token") for rule in rules):
        because = f"{clip(power.binding)} lets it issue tokens of any ServiceAccount of {where}"
        yield Step(told, because, "least-privilege-tokens"), _accounts(cluster, power.namespace)
    if any(grants(rule, verb, "", "pods/exec") for rule in rules for verb in ("create", "get")):
        because = f"{clip(power.binding)} lets it run commands in pods of {where}"
        yield Step(told, because, "least-privilege-exec"), _running(cluster, power.namespace)


def _accounts(cluster: Cluster, namespace: str) -> list[Account]:
    named = [(one.namespace or "default", one.name) for one in cluster.all(ServiceAccount, namespace or None)]
    return list(dict.fromkeys([*named, *_running(cluster, namespace)]))


def _running(cluster: Cluster, namespace: str) -> list[Account]:
    works = (one for one in cluster.workloads if not namespace or one.namespace == namespace)
    return list(dict.fromkeys((one.namespace, one.service_account) for one in works))


def _told(account: Account) -> str:
    return f"ServiceAccount/{account[0]}/{account[1]}"
