"""Network policies of plugins and of administrators: whom each may select, and what it may change.

Source: Cilium, "Network Policy" (allows add up with those of NetworkPolicies, denials go first, and what is selected
is denied by default unless `enableDefaultDeny` says otherwise); Calico, "Get started with policy" and tiers (policies
before and after NetworkPolicies in one order, and who reaches the end of a tier is denied); Network Policy API
(administrators' policies go before NetworkPolicies, baseline ones only where no NetworkPolicy selects the pod).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from k8snb.inventory.cluster import Cluster
from k8snb.resources.base import LabelSelector, Object
from k8snb.resources.kinds import BY_TYPE
from k8snb.resources.policies import (
    AdminNetworkPolicy,
    AdminSpec,
    BaselineAdminNetworkPolicy,
    CalicoNetworkPolicy,
    CalicoSpec,
    CiliumClusterwideNetworkPolicy,
    CiliumNetworkPolicy,
    CiliumSpec,
    ClusterNetworkPolicy,
    GlobalNetworkPolicy,
    Rule,
)

Change = Literal["opens", "isolates", "denies"]
"""`opens` what NetworkPolicies deny; `isolates` what none of them selects; `denies` what they allow."""
_CILIUM = (CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy)
_CALICO = (CalicoNetworkPolicy, GlobalNetworkPolicy)
_ADMIN = (AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy)
OTHERS: tuple[str, ...] = tuple(BY_TYPE[one].resource for one in (*_CILIUM, *_CALICO, *_ADMIN))
"""Resources of such policies."""
_NAMESPACE = "io.kubernetes.pod.namespace"
_ALLOW, _TERM = {"Allow", "Accept"}, re.compile(r"""\s*([\w./-]+)\s*==\s*(?:'([^']*)'|"([^"]*)")\s*""")
_HARMLESS = re.compile(r"\b(all|has)\([^()]*\)")
Changes = frozenset[tuple[str, Change]]


class Place(msgspec.Struct, frozen=True):
    """A namespace: its name, and its labels where it was read."""

    name: str
    labels: Mapping[str, str] | None


class Other(msgspec.Struct, frozen=True):
    """A policy, or one of the specs in it.

    Attributes:
        name: Kind and name; untrusted text.
        namespace: Where it selects pods; None for everywhere.
        may_select: Says whether it may select a pod with such labels in a place.
        changes: What it may do, by direction.
        keys: Keys of pods' labels that it asks for.
    """

    name: str
    namespace: str | None
    may_select: Callable[[Place, Mapping[str, str]], bool]
    changes: Changes
    keys: frozenset[str] = frozenset()


def every_other(cluster: Cluster) -> list[Other]:
    """Give every such policy that was read."""
    return [*_cilium(cluster), *_calico(cluster), *_admin(cluster)]


def _told(one: Object) -> tuple[str, str | None]:
    kind = BY_TYPE[type(one)]
    return f"{kind.kind}/{one.name}", (one.namespace or "default") if kind.namespaced else None


def _cilium(cluster: Cluster) -> Iterator[Other]:
    for one in (*cluster.all(CiliumNetworkPolicy), *cluster.all(CiliumClusterwideNetworkPolicy)):
        for spec in (*((one.spec,) if one.spec else ()), *(one.specs or ())):
            if spec.endpointSelector is not None:
                plain = _endpoints(spec.endpointSelector)
                changes = frozenset(_cilium_changes(spec))
                yield Other(*_told(one), _cilium_selects(plain), changes, _keys(plain))


def _cilium_changes(spec: CiliumSpec) -> Iterator[tuple[str, Change]]:
    default = spec.enableDefaultDeny
    for way, allow, deny, denying in (
        ("Ingress", spec.ingress, spec.ingressDeny, default and default.ingress),
        ("Egress", spec.egress, spec.egressDeny, default and default.egress),
    ):
        if allow:
            yield way, "opens"
        if deny:
            yield way, "denies"
        if deny or denying or (denying is None and allow is not None):
            yield way, "isolates"


def _keys(selector: LabelSelector | None) -> frozenset[str]:
    if selector is None:
        return frozenset()
    return frozenset((*(selector.matchLabels or {}), *(one.key for one in selector.matchExpressions or ())))


def _endpoints(selector: LabelSelector) -> LabelSelector:
    """Read an `endpointSelector` without what only Cilium knows: that may be anything."""
    wanted = {_bare(key): value for key, value in (selector.matchLabels or {}).items()}
    further = tuple(msgspec.structs.replace(one, key=_bare(one.key)) for one in selector.matchExpressions or ())
    return LabelSelector(
        {key: value for key, value in wanted.items() if not _is_own(key)},
        tuple(one for one in further if not _is_own(one.key)),
    )


def _cilium_selects(plain: LabelSelector) -> Callable[[Place, Mapping[str, str]], bool]:
    return lambda place, labels: plain.matches({**labels, _NAMESPACE: place.name})


def _bare(key: str) -> str:
    return key.removeprefix("k8s:").removeprefix("any:")


def _is_own(key: str) -> bool:
    return key != _NAMESPACE and (":" in key or key.startswith(("io.cilium.", "io.kubernetes.")))


def _calico(cluster: Cluster) -> Iterator[Other]:
    for one in (*cluster.all(CalicoNetworkPolicy), *cluster.all(GlobalNetworkPolicy)):
        if one.apiVersion.startswith("projectcalico.org/") and one.name.startswith("knp."):
            continue  # how Calico's own API shows a NetworkPolicy of Kubernetes
        changes = frozenset(_calico_changes(one.spec))
        yield Other(*_told(one), _expressions(one.spec), changes, frozenset(_terms(one.spec.selector)))


def _calico_changes(spec: CalicoSpec) -> Iterator[tuple[str, Change]]:
    types = spec.types or (("Egress",) if spec.egress and not spec.ingress else ("Ingress", "Egress"))
    for way, rules in (("Ingress", spec.ingress), ("Egress", spec.egress)):
        actions = {one.action for one in rules or ()}
        if way not in types or (not spec.types and way == "Egress" and not rules):
            continue
        yield way, "isolates"
        if actions - {"Deny", "Log"}:
            yield way, "opens"
        if "Deny" in actions or spec.tier not in {None, "", "default"}:
            yield way, "denies"


def _expressions(spec: CalicoSpec) -> Callable[[Place, Mapping[str, str]], bool]:
    pods, places = _terms(spec.selector), _terms(spec.namespaceSelector)

    def may_select(place: Place, labels: Mapping[str, str]) -> bool:
        own = {**labels, "projectcalico.org/namespace": place.name}
        around = None if place.labels is None else {**place.labels, "projectcalico.org/name": place.name}
        return _fits(pods, own) and (around is None or _fits(places, around))

    return may_select


def _terms(expression: str | None) -> dict[str, str]:
    """Give the `key == 'value'` terms that must hold; none where an expression is more than terms joined by `&&`."""
    left = _HARMLESS.sub("", expression or "")
    if any(sign in left for sign in ("(", ")", "||")):
        return {}
    found = (_TERM.fullmatch(one) for one in left.split("&&"))
    return {one[1]: one[2] or one[3] or "" for one in found if one}


def _fits(terms: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    return all(
        labels.get(key) == value
        for key, value in terms.items()
        if key in labels or not key.startswith("projectcalico.org/")
    )


def _admin(cluster: Cluster) -> Iterator[Other]:
    for wanted in _ADMIN:
        for one in cluster.all(wanted):
            baseline = wanted is BaselineAdminNetworkPolicy or one.spec.tier == "Baseline"
            changes = frozenset(_admin_changes(one.spec, baseline=baseline))
            pods = one.spec.subject.pods if one.spec.subject else None
            yield Other(*_told(one), _subject(one.spec), changes, _keys(pods.podSelector if pods else None))


def _admin_changes(spec: AdminSpec, *, baseline: bool) -> Iterator[tuple[str, Change]]:
    ways: Iterable[tuple[str, Sequence[Rule] | None]] = (("Ingress", spec.ingress), ("Egress", spec.egress))
    for way, rules in ways:
        actions = {one.action for one in rules or ()} - {"Pass"}
        if actions - _ALLOW:
            yield way, "isolates"
        if actions - _ALLOW and not baseline:
            yield way, "denies"
        if actions - {"Deny"} and not baseline:
            yield way, "opens"


def _subject(spec: AdminSpec) -> Callable[[Place, Mapping[str, str]], bool]:
    def may_select(place: Place, labels: Mapping[str, str]) -> bool:
        subject = spec.subject
        if subject is None:
            return True
        places = subject.pods.namespaceSelector if subject.pods else subject.namespaces
        around = place.labels is None or {**place.labels, "kubernetes.io/metadata.name": place.name}
        if places and isinstance(around, dict) and not places.matches(around):
            return False
        return subject.pods is None or subject.pods.podSelector is None or subject.pods.podSelector.matches(labels)

    return may_select
