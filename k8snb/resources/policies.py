"""Network policies of plugins and of administrators: whom they may select, and whether they allow or deny.

What their rules say is not kept: it is not computed, and rules may quote headers of requests.
"""

from k8snb.resources.base import Frozen, LabelSelector, Object


class Rule(Frozen, frozen=True):
    """A rule: only its action."""

    action: str | None = None


class DefaultDeny(Frozen, frozen=True):
    """`enableDefaultDeny` of Cilium."""

    ingress: bool | None = None
    egress: bool | None = None


class CiliumSpec(Frozen, frozen=True):
    """`spec` or `specs[]` of a Cilium policy."""

    endpointSelector: LabelSelector | None = None
    ingress: tuple[Rule, ...] | None = None
    ingressDeny: tuple[Rule, ...] | None = None
    egress: tuple[Rule, ...] | None = None
    egressDeny: tuple[Rule, ...] | None = None
    enableDefaultDeny: DefaultDeny | None = None


class _Cilium(Object, frozen=True):
    spec: CiliumSpec | None = None
    specs: tuple[CiliumSpec, ...] | None = None


class CiliumNetworkPolicy(_Cilium, frozen=True):
    """`cilium.io/v2 CiliumNetworkPolicy`."""


class CiliumClusterwideNetworkPolicy(_Cilium, frozen=True):
    """`cilium.io/v2 CiliumClusterwideNetworkPolicy`."""


class CalicoSpec(Frozen, frozen=True):
    """`spec` of a Calico policy; selectors are expressions."""

    tier: str | None = None
    selector: str | None = None
    namespaceSelector: str | None = None
    types: tuple[str, ...] | None = None
    ingress: tuple[Rule, ...] | None = None
    egress: tuple[Rule, ...] | None = None


class _Calico(Object, frozen=True):
    spec: CalicoSpec = CalicoSpec()


class CalicoNetworkPolicy(_Calico, frozen=True):
    """`crd.projectcalico.org/v1 NetworkPolicy`."""


class GlobalNetworkPolicy(_Calico, frozen=True):
    """`crd.projectcalico.org/v1 GlobalNetworkPolicy`."""


class SubjectPods(Frozen, frozen=True):
    """`spec.subject.pods`."""

    namespaceSelector: LabelSelector | None = None
    podSelector: LabelSelector | None = None


class PolicySubject(Frozen, frozen=True):
    """`spec.subject`: one of the two."""

    namespaces: LabelSelector | None = None
    pods: SubjectPods | None = None


class AdminSpec(Frozen, frozen=True):
    """`spec` of an administrator's policy."""

    tier: str | None = None
    subject: PolicySubject | None = None
    ingress: tuple[Rule, ...] | None = None
    egress: tuple[Rule, ...] | None = None


class _Admin(Object, frozen=True):
    spec: AdminSpec = AdminSpec()


class AdminNetworkPolicy(_Admin, frozen=True):
    """`policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy`."""


class BaselineAdminNetworkPolicy(_Admin, frozen=True):
    """`policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy`."""


class ClusterNetworkPolicy(_Admin, frozen=True):
    """`policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy`, which takes the place of the other two."""
