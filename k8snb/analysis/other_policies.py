"""Network policies that are no NetworkPolicies: which of them may select a pod, and what they may change.

What their rules say is not computed. It is only told in which way they could change what NetworkPolicies amount to, so
that a verdict which they cannot change stands.

Source: Cilium, "Network Policy" (allows add up with those of NetworkPolicies, denials go first, and what is selected
is denied by default unless `enableDefaultDeny` says otherwise); Calico, "Get started with policy" and tiers (policies
before and after NetworkPolicies in one order, and who reaches the end of a tier is denied); Network Policy API
(administrators' policies go before NetworkPolicies, baseline ones only where no NetworkPolicy selects the pod).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal
from weakref import WeakKeyDictionary

import msgspec

from k8snb.analysis.words import some
from k8snb.inventory.cluster import Cluster
from k8snb.resources.base import LabelSelector, Object
from k8snb.resources.core import Namespace
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
from k8snb.sources.stream import Gap

Change = Literal["opens", "isolates", "denies"]
"""`opens` what NetworkPolicies deny; `isolates` what none of them selects; `denies` what they allow."""
_CHANGES: Mapping[Change, str] = {"opens": "open it", "isolates": "close it", "denies": "deny what is allowed"}
_CILIUM = (CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy)
_CALICO = (CalicoNetworkPolicy, GlobalNetworkPolicy)
_ADMIN = (AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy)
OTHERS: tuple[str, ...] = tuple(BY_TYPE[one].resource for one in (*_CILIUM, *_CALICO, *_ADMIN))
"""Resources of such policies."""
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
    """

    name: str
    namespace: str | None
    may_select: Callable[[Place, Mapping[str, str]], bool]
    changes: Changes


def doubt(
    cluster: Cluster, namespace: str, direction: str, pods: Sequence[Mapping[str, str]], change: Change, *, every: bool
) -> Gap | None:
    """Say whether a policy of another kind may change what NetworkPolicies amount to; None where none does.

    Args:
        cluster: The inventory.
        namespace: Where the pods are.
        direction: `Ingress` or `Egress`.
        pods: Their labels, each different set once.
        change: Which change would matter.
        every: Whether it matters only where it may happen to every one of the pods.
    """
    for resource in OTHERS if change != "denies" else ():
        if gap := cluster.gap(resource, namespace):
            return gap
    place, found = _place(cluster, namespace), _of(cluster, namespace)
    able = [one for one in found if (direction, change) in one.changes]
    hits = [[one.name for one in able if one.may_select(place, labels)] for labels in (pods if able else ())]
    if not hits or not (all(hits) if every else any(hits)):
        return None
    names = sorted({name for some_ in hits for name in some_})
    return Gap("unsupported", f"{some(names)} may {_CHANGES[change]}, and what it means is not computed")


_known: WeakKeyDictionary[Cluster, dict[str | None, list[Other]]] = WeakKeyDictionary()


def _of(cluster: Cluster, namespace: str) -> list[Other]:
    if cluster not in _known:
        groups: dict[str | None, list[Other]] = {}
        for one in (*_cilium(cluster), *_calico(cluster), *_admin(cluster)):
            groups.setdefault(one.namespace, []).append(one)
        _known[cluster] = groups
    known = _known[cluster]
    return [*known.get(None, ()), *known.get(namespace, ())]


def _place(cluster: Cluster, namespace: str) -> Place:
    if cluster not in _places:
        _places[cluster] = {one.name: Place(one.name, one.labels) for one in cluster.all(Namespace)}
    return _places[cluster].get(namespace) or Place(namespace, None)


_places: WeakKeyDictionary[Cluster, dict[str, Place]] = WeakKeyDictionary()


def _told(one: Object) -> tuple[str, str | None]:
    kind = BY_TYPE[type(one)]
    return f"{kind.kind}/{one.name}", (one.namespace or "default") if kind.namespaced else None


def _cilium(cluster: Cluster) -> Iterator[Other]:
    for one in (*cluster.all(CiliumNetworkPolicy), *cluster.all(CiliumClusterwideNetworkPolicy)):
        for spec in (*((one.spec,) if one.spec else ()), *(one.specs or ())):
            if spec.endpointSelector is not None:
                yield Other(*_told(one), _endpoints(spec.endpointSelector), frozenset(_cilium_changes(spec)))


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


def _endpoints(selector: LabelSelector) -> Callable[[Place, Mapping[str, str]], bool]:
    """Read an `endpointSelector`; labels that only Cilium knows may be anything."""
    wanted = {_bare(key): value for key, value in (selector.matchLabels or {}).items()}
    further = tuple(msgspec.structs.replace(one, key=_bare(one.key)) for one in selector.matchExpressions or ())
    plain = LabelSelector(
        {key: value for key, value in wanted.items() if not _is_own(key)},
        tuple(one for one in further if not _is_own(one.key)),
    )
    return lambda place, labels: plain.matches({**labels, _NAMESPACE: place.name})


_NAMESPACE = "io.kubernetes.pod.namespace"


def _bare(key: str) -> str:
    return key.removeprefix("k8s:").removeprefix("any:")


def _is_own(key: str) -> bool:
    return key != _NAMESPACE and (":" in key or key.startswith(("io.cilium.", "io.kubernetes.")))


def _calico(cluster: Cluster) -> Iterator[Other]:
    for one in (*cluster.all(CalicoNetworkPolicy), *cluster.all(GlobalNetworkPolicy)):
        if one.apiVersion.startswith("projectcalico.org/") and one.name.startswith("knp."):
            continue  # how Calico's own API shows a NetworkPolicy of Kubernetes
        yield Other(*_told(one), _expressions(one.spec), frozenset(_calico_changes(one.spec)))


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
            yield Other(*_told(one), _subject(one.spec), changes)


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
