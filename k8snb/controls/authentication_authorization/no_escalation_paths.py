"""No chain of permissions leads to cluster-admin."""

from collections.abc import Iterator, Sequence

import msgspec

from k8snb.analysis.escalation import chain, chains
from k8snb.analysis.escalation_hops import CROWDS, MASTERS, Hop, Node
from k8snb.analysis.rbac import Key, of_the_system, subjects
from k8snb.analysis.words import clip
from k8snb.controls.authentication_authorization._shared import (
    CART,
    CHAPTER,
    EVERYTHING,
    RBAC,
    READ_PODS,
    account,
    binding,
    cluster_role,
    group,
    role,
)
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_EXPECTED = "no chain of permissions to cluster-admin"
_OWNER = "[{kind: ServiceAccount, name: owner, namespace: shop}]"
_ROOT = account("owner") + cluster_role("root", EVERYTHING) + binding("owner", "ClusterRole/root", _OWNER)
_PODS = role("pods", '[{apiGroups: [""], resources: [pods], verbs: [create]}]')
_GROUPS = cluster_role("actor", '[{apiGroups: [""], resources: [users, groups], verbs: [impersonate]}]')


@control(
    id="no-escalation-paths",
    chapter=CHAPTER,
    section=RBAC,
    severity="critical",
    subject="rbac-subject",
    reads=["roles", "clusterroles", "rolebindings", "clusterrolebindings", "serviceaccounts", "pods"],
    title="No chain of permissions leads to cluster-admin",
    why=(
        "Permissions that look small add up: whoever may create pods is every ServiceAccount of the namespace, and one "
        "of these may issue tokens, impersonate, or bind roles. The last of the chain owns the cluster."
    ),
    fix=(
        "Break the chain at its cheapest hop: take the permission away, move the mighty ServiceAccount to a namespace "
        "of its own, or give it less."
    ),
    caution="A hop may be what an operator lives on: read its documentation, and test with a copy of the role.",
    remedy="manual",
    references=References(
        cis=("5.1.1", "5.1.4", "5.1.8"),
        nist_800_53=("AC-6", "AC-6(1)", "AC-6(5)"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1078", "T1098.006", "T1528"),
    ),
    passing=[
        cluster_role("reader", READ_PODS) + binding("reader", "ClusterRole/reader", CART),
        _PODS + account("cart") + binding("pods", "Role/pods", CART, kind="RoleBinding"),
    ],
    failing=[
        _ROOT + _PODS + binding("pods", "Role/pods", CART, kind="RoleBinding"),
        _GROUPS + binding("actor", "ClusterRole/actor", group("support")),
        binding("team", "ClusterRole/cluster-admin", group("team")),
    ],
)
def no_escalation_paths(one: Key, cluster: Cluster) -> Iterator[Observation]:
    """No chain of permissions leads to cluster-admin.

    Components that only bindings of Kubernetes' own name, and `system:masters`, are not asked about. What was not read
    leaves open just those subjects whom it could make mighty. Secrets are never read: whoever may read all of a
    namespace's, but not make one, becomes its ServiceAccounts only where their tokens lie there. Source: Kubernetes,
    "RBAC Good Practices", privilege escalation risks.
    """
    if one == MASTERS or all(of_the_system(cluster, binding) for binding in subjects(cluster)[one]):
        return
    found = chains(cluster)
    certain, possible = (_hops(chain(ways, one)) for ways in (found.certain, found.possible))
    message = " -> ".join([*(f"{_name(hop.source)} {hop.power}" for hop in certain), "cluster-admin"])
    if certain:
        for hop in certain:
            yield seen(False, clip(hop.by) if hop.by else _name(hop.source), _told(hop), _EXPECTED, message)
    elif possible:
        gap = next(hop.gap for hop in chain(found.possible, one) if hop.gap)
        yield unknown(gap, " -> ".join(map(_told, possible)), _EXPECTED)
    else:
        yield seen(True, "roles and bindings", [], _EXPECTED, f"no chain leads from {_name(one)} to cluster-admin")


def _hops(steps: Sequence[Hop]) -> list[Hop]:
    """Give the hops from subject to subject, without the crowds between."""
    heads = [index for index, step in enumerate(steps) if step.source[0] not in CROWDS]
    pairs = zip(heads, [*heads[1:], len(steps)], strict=False)
    return [msgspec.structs.replace(steps[head], to=steps[after - 1].to) for head, after in pairs]


def _told(hop: Hop) -> str:
    return f"{_name(hop.source)} {hop.power} -> {_name(hop.to)}"


def _name(node: Node) -> str:
    return f"{node[0]} {clip(node[1])}".strip()
