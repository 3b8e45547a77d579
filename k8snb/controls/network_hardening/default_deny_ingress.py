"""A namespace denies incoming traffic by default."""

from collections.abc import Iterator

from k8snb.analysis.namespaces import NamespaceView
from k8snb.analysis.other_policies import OTHERS
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, PLAIN, POLICIES, default_deny, policy
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_DENY = policy("default-deny", "{podSelector: {}, policyTypes: [Ingress]}")
_ALLOW_ALL = policy("allow-all", "{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}")
_SOME = policy("cart", "{podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress]}")
_NEIGHBOURS = policy("neighbours", "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}")


@control(
    id="default-deny-ingress",
    chapter=CHAPTER,
    section=POLICIES,
    severity="high",
    subject="namespace-with-pods",
    reads=["networkpolicies", *OTHERS, "namespaces"],
    title="Incoming traffic is denied by default",
    why=(
        "Without a policy every pod accepts connections from every other pod of the cluster. One broken pod is "
        "then enough to knock at every database, cache and admin port there is."
    ),
    fix=(
        "Add a NetworkPolicy with an empty podSelector, policyTypes [Ingress] and no rules; then one policy for "
        "each connection that is wanted. Remove policies that allow everything."
    ),
    caution=(
        "Everything that no other policy allows stops at once: probes of some plugins, scrapers, ingress "
        "controllers and traffic between the namespace's own pods need a rule of their own first."
    ),
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
def default_deny_ingress(namespace: NamespaceView, cluster: Cluster) -> Iterator[Observation]:
    """Incoming traffic is denied by default."""
    return default_deny(namespace, cluster, "Ingress")
