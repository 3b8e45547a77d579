"""Every pod is isolated by policies in both directions."""

from collections.abc import Iterator

from k8snb.analysis.network import DIRECTIONS, Direction, isolation
from k8snb.analysis.other_policies import OTHERS, Change, doubt
from k8snb.analysis.policy_selection import asked_labels
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, PLAIN, POLICIES, policy
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload

_BOTH = policy("cart", "{podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress, Egress]}")
_INGRESS = policy("cart", "{podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress]}")
_OTHER = policy("web", "{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}")
_OPEN = policy("open", "{podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}")


@control(
    id="pods-isolated",
    chapter=CHAPTER,
    section=POLICIES,
    severity="medium",
    subject="workload",
    reads=["networkpolicies", *OTHERS, "namespaces"],
    title="Pods are isolated by network policies in both directions",
    why=(
        "A pod that no NetworkPolicy selects is open to the whole cluster, and may itself reach all of it. "
        "A policy that allows everything selects the pod and changes nothing."
    ),
    fix=(
        "Give the workload a NetworkPolicy of its own that names whom it serves and whom it calls, "
        "and take back policies that allow everything; policies add up, so that one open rule undoes the others."
    ),
    caution="List the connections that are really used first; DNS is one of them.",
    remedy="template",
    references=References(
        cis=("5.3.2",),
        nist_800_53=("AC-4", "SC-7"),
        nist_800_190=("3.3.3", "4.3.3"),
        mitre=("T1046", "T1613"),
        kubescape=("C-0030",),
        trivy=("KSV-0038",),
        kube_bench=("5.3.2",),
    ),
    passing=[PLAIN + _BOTH],
    failing=[PLAIN, PLAIN + _INGRESS, PLAIN + _OTHER, PLAIN + _BOTH + _OPEN],
)
def pods_isolated(workload: Workload, cluster: Cluster) -> Iterator[Observation]:
    """Pods are isolated by network policies in both directions."""
    for direction in DIRECTIONS:
        yield _observe(workload, cluster, direction)
    if workload.spec.hostNetwork:
        at = f"{workload.path}spec.hostNetwork"
        clause = "the pod is on the node's network, where what a NetworkPolicy does is not defined"
        yield unknown("unsupported", at, "not true", clause)


def _observe(workload: Workload, cluster: Cluster, direction: Direction) -> Observation:
    found = isolation(cluster, workload, direction)
    at = f"NetworkPolicy/{workload.namespace}"
    expected = f"selected for {direction}, by policies that together do not allow everything"
    gap = cluster.gap("networkpolicies", workload.namespace)
    names = list(found.policies) or None
    change: Change = "denies" if found.open else "opens" if found.isolated else "isolates"
    unsure = doubt(cluster, workload.namespace, direction, asked_labels(cluster, workload), change, every=False)
    reason = unsure if found.open else gap or unsure
    if reason:
        return unknown(reason, reason.resource or at, expected)
    if found.open:
        who, traffic = some(found.policies), direction.lower()
        alone = f"NetworkPolicy {who} allows all {traffic} traffic"
        several = f"NetworkPolicies {who} together allow all {traffic} traffic"
        clause = alone if len(found.policies) == 1 else several
        return seen(False, f"{at} spec.{direction.lower()}", names, expected, clause)
    if found.unreadable:
        clause = f"NetworkPolicy {some(found.unreadable)} has an ipBlock that is no address block"
        return unknown("malformed", f"{at} spec.{direction.lower()}", expected, clause)
    if not found.isolated:
        clause = f"no NetworkPolicy selects the pods for {direction.lower()} traffic"
        return seen(False, at, names, expected, clause)
    clause = f"{direction.lower()} traffic is limited by NetworkPolicy {some(found.policies)}"
    return seen(True, f"{at}/{found.policies[0]} spec.podSelector", names, expected, clause)
