"""Which of the permissions that matter a role holds, and which powers these make.

Source: Kubernetes, `pkg/registry/rbac/validation` (`RuleAllows`): a rule on named objects never allows a request that
names none, as creating does. Server-side apply is a `patch` that asks for `create` by name where there is no object.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from k8snb.analysis.powers import CERTIFICATES, CHANGING, CSR, POWERS, RBAC, Power, Right
from k8snb.resources.rbac import PolicyRule

Permission = tuple[str, str, str]
"""Verb, API group and resource."""


class Held(msgspec.Struct, frozen=True, gc=False):
    """A permission that a rule gives.

    Attributes:
        index: Of the rule.
        names: The objects on which it is given; empty for all.
    """

    index: int
    names: tuple[str, ...] = ()


Holdings = Mapping[Permission, Sequence[Held]]
_NAMELESS = {"create", "deletecollection"}
_FURTHER = (
    Right(CHANGING, ("clusterroles", "clusterrolebindings"), RBAC, everywhere=True),
    Right(CHANGING, ("roles", "rolebindings"), RBAC),
    Right(("create",), ("secrets",)),
    Right(("patch",), ("persistentvolumes",), everywhere=True),
    Right(("create",), (CSR,), CERTIFICATES, everywhere=True),
)
"""What else the chains of permissions take."""
_RIGHTS = (*(right for power in POWERS.values() for way in power.ways for right in way), *_FURTHER)
KNOWN: tuple[Permission, ...] = tuple(dict.fromkeys(one for right in _RIGHTS for one in right.permissions))
EVERYWHERE = frozenset(one for right in _RIGHTS if right.everywhere for one in right.permissions)
"""Permissions that a RoleBinding cannot give."""
_POWERS_OF: Mapping[Permission, Sequence[str]] = {
    one: [name for name, power in POWERS.items() if any(one in it.permissions for way in power.ways for it in way)]
    for one in KNOWN
}


def _index() -> Mapping[str, Sequence[Permission]]:
    """Give the permissions that each word of a rule's `resources` may cover."""
    found: dict[str, list[Permission]] = defaultdict(list)
    for one in KNOWN:
        _, slash, subresource = one[2].partition("/")
        for pattern in ("*", one[2], *([f"*/{subresource}"] if slash else [])):
            found[pattern].append(one)
    return found


_BY_PATTERN = _index()


def holdings(rules: Iterable[PolicyRule]) -> Holdings:
    """Give the permissions that matter of those that rules give."""
    found: dict[Permission, list[Held]] = defaultdict(list)
    for index, rule in enumerate(rules):
        held = Held(index, rule.resourceNames or ())
        for one in _given(rule):
            found[one].append(held)
    return found


def _given(rule: PolicyRule) -> Iterator[Permission]:
    covered = dict.fromkeys(one for word in rule.resources or () for one in _BY_PATTERN.get(word, ()))
    if covered:
        verbs, groups = set(rule.verbs or ()), set(rule.apiGroups or ())
        for one in covered:
            if ("*" in verbs or one[0] in verbs) and ("*" in groups or one[1] in groups):
                yield one


def held(right: Right, having: Holdings, *, named: bool = True) -> list[tuple[Permission, Held]]:
    """Give the permissions of a right that are there; those that name objects only where these are of use.

    Args:
        right: The right.
        having: What somebody has.
        named: Whether permissions on named objects count.
    """
    return [
        (permission, one)
        for permission in right.permissions
        for one in having.get(permission, ())
        if not one.names or (named and _of_use(permission, one, having))
    ]


def _of_use(permission: Permission, one: Held, having: Holdings) -> bool:
    verb, group, resource = permission
    if verb not in _NAMELESS or "/" in resource:
        return True
    patches = having.get(("patch", group, resource), ())
    return verb == "create" and any(not it.names or set(it.names) & set(one.names) for it in patches)


def both(one: Holdings, other: Holdings) -> Holdings:
    """Give two holdings as one."""
    return {key: (*one.get(key, ()), *other.get(key, ())) for key in {*one, *other}}


def touched(having: Holdings, *, everywhere: bool = True) -> frozenset[str]:
    """Give the ids of the powers of which somebody has any permission, be it of use or not; see `making`."""
    return frozenset(
        power for one in having if everywhere or one not in EVERYWHERE for power in _POWERS_OF.get(one, ())
    )


def making(power: Power, having: Holdings, *, everywhere: bool = True) -> list[tuple[Permission, Held]]:
    """Give the permissions that make a power; none where somebody does not have it.

    Args:
        power: The power.
        having: What somebody has.
        everywhere: Whether in the whole cluster, and not only in a namespace.
    """
    found = []
    for way in power.ways:
        rights = [held(right, having, named=power.named) if everywhere or not right.everywhere else [] for right in way]
        if all(rights):
            found += [one for right in rights for one in right]
    return found
