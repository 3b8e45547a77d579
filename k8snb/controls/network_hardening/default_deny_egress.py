"""A namespace denies outgoing traffic by default."""

from collections.abc import Iterator

from k8snb.analysis.namespaces import NamespaceView
from k8snb.analysis.other_policies import OTHERS
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, PLAIN, POLICIES, default_deny, policy
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_DENY = policy("default-deny", "{podSelector: {}, policyTypes: [Egress]}")
_ALLOW_ALL = policy("allow-all", "{podSelector: {}, policyTypes: [Egress], egress: [{}]}")
_SOME = policy("cart", "{podSelector: {matchLabels: {app: cart}}, policyTypes: [Egress]}")
_NEIGHBOURS = policy("neighbours", "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}")


@control(
    id="default-deny-egress",
    chapter=CHAPTER,
    section=POLICIES,
    severity="high",
    subject="namespace-with-pods",
    reads=["networkpolicies", *OTHERS, "namespaces"],
    title="Outgoing traffic is denied by default",
    why=(
        "A pod that may connect anywhere can fetch tools, reach the cloud's metadata service and carry data "
        "away. Egress is what an intruder needs after the first step, and what is most often forgotten."
    ),
    fix=(
        "Add a NetworkPolicy with an empty podSelector, policyTypes [Egress] and no rules; then allow DNS and "
        "each destination that is wanted. Remove policies that allow everything."
    ),
    caution=("DNS stops too: allow port 53 to kube-dns first, then each destination that is wanted."),
    remedy="template",
    references=References(
        cis=("5.3.2",),
        nist_800_53=("AC-4", "SC-7", "SC-7(5)"),
        nist_800_190=("3.3.3", "4.3.3"),
        mitre=("T1046", "T1613"),
        kubescape=("C-0030", "C-0054"),
        trivy=("KSV-0038",),
        kube_bench=("5.3.2",),
    ),
    passing=[PLAIN + _DENY, PLAIN + _DENY + _NEIGHBOURS],
    failing=[PLAIN, PLAIN + _DENY + _ALLOW_ALL, PLAIN + _SOME],
)
def default_deny_egress(namespace: NamespaceView, cluster: Cluster) -> Iterator[Observation]:
    """Outgoing traffic is denied by default."""
    return default_deny(namespace, cluster, "Egress")
