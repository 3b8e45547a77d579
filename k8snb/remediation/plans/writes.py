"""What the recipes write, for the role that lets somebody fix; a test holds it against what they really write."""

from collections.abc import Iterable
from typing import Any

import msgspec

from k8snb.remediation.target import TEMPLATES
from k8snb.resources.kinds import KINDS, Kind

_FIXED_PODS = frozenset({"Pod", "Job"})
_MADE = ("create", "delete")
_CHANGED = ("patch",)
WRITES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(sorted(set(TEMPLATES) - _FIXED_PODS), _CHANGED),
    **dict.fromkeys(("Namespace", "ServiceAccount", "Service", "Ingress"), _CHANGED),
    **dict.fromkeys(("LimitRange", "ResourceQuota", "NetworkPolicy"), _MADE),
    **dict.fromkeys(("Role", "ClusterRole"), _CHANGED),
    **dict.fromkeys(("RoleBinding", "ClusterRoleBinding"), (*_CHANGED, *_MADE)),
}
"""The verbs by kind, those of the way back included."""
RBAC = "rbac.authorization.k8s.io"
"""Its objects are in no role: who may change them may give themselves everything (`escalate`, `bind`)."""
_LOOKED_AT = {"": "events", "policy": "poddisruptionbudgets", "autoscaling": "horizontalpodautoscalers"}


class Write(msgspec.Struct, frozen=True):
    """What somebody has to be allowed.

    Attributes:
        verb: As RBAC names it.
        kind: Of what.
    """

    verb: str
    kind: Kind


def writes() -> tuple[Write, ...]:
    """Give everything that the recipes write, but RBAC."""
    known = {kind.kind: kind for kind in KINDS if not kind.optional}
    found = [Write(verb, known[name]) for name, verbs in WRITES.items() for verb in verbs]
    return tuple(one for one in found if one.kind.group != RBAC)


def rules(wanted: Iterable[Write]) -> list[dict[str, Any]]:
    """Give rules of a role: one for each API group and set of verbs, and what previews and rollouts list."""
    verbs: dict[Kind, list[str]] = {}
    for one in wanted:
        verbs.setdefault(one.kind, []).append(one.verb)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for kind, given in verbs.items():
        groups.setdefault((kind.group, tuple(given)), []).append(kind.plural)
    found = [{"apiGroups": [group], "resources": names, "verbs": [*given]} for (group, given), names in groups.items()]
    looked_at = [{"apiGroups": [group], "resources": [one], "verbs": ["list"]} for group, one in _LOOKED_AT.items()]
    return [*found, *looked_at]
