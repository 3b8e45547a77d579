"""Pods do not reach the cloud's metadata service."""

from collections.abc import Iterator

from k8snb.analysis.metadata_service import ADDRESSES, allowing, bare_metal
from k8snb.analysis.network import isolation
from k8snb.analysis.other_policies import OTHERS, Change, doubt
from k8snb.analysis.policy_selection import asked_labels, selection
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, CLOUD, PLAIN, policy
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload

_OPEN = "- {ipBlock: {cidr: 0.0.0.0/0}}"
_BUT = "- {ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}"
_HOST = PLAIN.replace("spec:\n", "spec:\n  hostNetwork: true\n")


def _out(to: str) -> str:
    return policy("out", f"\n  podSelector: {{}}\n  policyTypes: [Egress]\n  egress:\n  - to:\n    {to}")


@control(
    id="metadata-service-blocked",
    chapter=CHAPTER,
    section=CLOUD,
    severity="high",
    subject="workload",
    reads=["networkpolicies", *OTHERS, "namespaces", "nodes"],
    title="Pods do not reach the cloud's metadata service",
    why=(
        "At 169.254.169.254, and in IPv6 at fd00:ec2::254, a cloud tells each machine its user data and gives it "
        "credentials. Whoever is in a pod that reaches it acts as the node."
    ),
    fix=(
        "Deny outgoing traffic by default, and where a rule allows wide address blocks, except 169.254.169.254/32 "
        "and fd00:ec2::254/128. Give pods an identity of their own instead of the node's."
    ),
    caution=(
        "Agents that ask the metadata service for region or credentials stop working until they have another source. "
        "Pods on the node's network are not stopped by policies; only the cloud's own settings help there."
    ),
    remedy="template",
    references=References(
        nist_800_53=("AC-4", "SC-7", "SC-7(5)"),
        nist_800_190=("3.3.3", "4.3.3"),
        mitre=("T1552.007", "T1528"),
        kubescape=("C-0052",),
    ),
    passing=[
        PLAIN + policy("deny", "{podSelector: {}, policyTypes: [Egress]}"),
        PLAIN + _out(_BUT),
    ],
    failing=[PLAIN, PLAIN + _out(_OPEN), PLAIN + _out("- {ipBlock: {cidr: 'fd00::/8'}}"), _HOST + _out(_BUT)],
)
def metadata_service_blocked(workload: Workload, cluster: Cluster) -> Iterator[Observation]:
    """Pods do not reach the cloud's metadata service, by the policies that select them taken together.

    Policies add up, and `except` blocks; rules for other ports than TCP 80 do not matter. It does not apply only where
    every node is known to be bare metal.
    """
    if workload.spec.hostNetwork:
        clause = "the pod is on the node's network, where no policy keeps it from the metadata service"
        yield seen(False, f"{workload.path}spec.hostNetwork", True, "not true", clause)
    elif not bare_metal(cluster):
        for address in ADDRESSES:
            yield _observe(workload, cluster, address)


def _observe(workload: Workload, cluster: Cluster, address: str) -> Observation:
    at, expected = f"NetworkPolicy/{workload.namespace}", f"selected for Egress, and {address} not allowed"
    found, pods = isolation(cluster, workload, "Egress"), asked_labels(cluster, workload)
    known = selection(cluster, workload.namespace, "Egress")
    opening = sorted({name for labels in pods for name in allowing(known, known.of(labels), address)})
    change: Change = "denies" if opening else "opens" if found.isolated else "isolates"
    unsure = doubt(cluster, workload.namespace, "Egress", pods, change, every=False)
    reason = unsure if opening else cluster.gap("networkpolicies", workload.namespace) or unsure
    names = list(found.policies) or None
    if reason:
        return unknown(reason, reason.resource or at, expected)
    if opening:
        alone = f"NetworkPolicy {some(opening)} allows {address}"
        several = f"NetworkPolicies {some(opening)} allow {address}"
        clause = alone if len(opening) == 1 else several
        return seen(False, f"{at}/{opening[0]} spec.egress", names, expected, clause)
    if found.unreadable:
        clause = f"NetworkPolicy {some(found.unreadable)} has an ipBlock that is no address block"
        return unknown("malformed", f"{at}/{found.unreadable[0]} spec.egress", expected, clause)
    if not found.isolated:
        return seen(False, at, names, expected, f"no NetworkPolicy keeps the pods from {address}")
    alone = f"NetworkPolicy {some(found.policies)} does not allow {address}"
    several = f"NetworkPolicies {some(found.policies)} do not allow {address}"
    clause = alone if len(found.policies) == 1 else several
    return seen(True, f"{at} spec.egress", names, expected, clause)
