"""What permissions make of somebody: the hops of which chains to cluster-admin are made.

Source: Kubernetes documentation, "Role Based Access Control Good Practices", privilege escalation risks; "Using RBAC
Authorization", privilege escalation prevention; "Certificates and Certificate Signing Requests", signers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from k8snb.analysis.holdings import Held, held
from k8snb.analysis.powers import (
    ADMISSION,
    APPROVE,
    CERTIFICATES,
    CHANGING,
    CSR,
    INSIDE,
    MAKERS,
    POWERS,
    RBAC,
    Right,
)
from k8snb.analysis.words import clip, some
from k8snb.sources.stream import Gap

Node = tuple[str, str]
"""A subject (kind and name), a crowd (`accounts`, `pods` and a namespace, `users`, `anybody`), or the goal."""
GOAL: Node = ("", "cluster-admin")
MASTERS: Node = ("Group", "system:masters")
MANAGER: Node = ("User", "system:kube-controller-manager")
USERS: Node = ("users", "")
ANYBODY: Node = ("anybody", "")
CROWDS = {"accounts", "pods", "roles", "users", "anybody", "unread"}


class Hop(msgspec.Struct, frozen=True):
    """One step of a chain.

    Attributes:
        source: Who takes it.
        to: Whom that makes them, or of whom they have the choice.
        power: What makes it possible, one clause behind the source's name.
        by: The binding that gives the power, as `Kind/namespace/name`; untrusted text.
        gap: Why it is not known whether the step is possible; None where it is.
    """

    source: Node
    to: Node
    power: str
    by: str = ""
    gap: Gap | None = None


class Bound(Held, frozen=True):
    """A permission, with the binding that gives it."""

    by: str = ""


Having = Mapping[tuple[str, str, str], Sequence[Bound]]


class Link(msgspec.Struct, frozen=True):
    """Permissions that together make somebody one of a crowd.

    Attributes:
        power: What they allow, as a clause; the place follows.
        rights: All of them are needed.
        crowd: Whom they make; names in the last right's permissions limit it where `named`.
        named: Whether the objects of the last right are the ones that the holder becomes.
        everywhere: Whether it needs permissions in the whole cluster, and reaches all of it.
    """

    power: str
    rights: tuple[Right, ...]
    crowd: str
    named: bool = False
    everywhere: bool = False


_PODS = Right(("create",), ("pods",))
_READ_SECRETS = POWERS["least-privilege-secrets"].ways[0][0]
_CONTROLLERS = (
    Right(CHANGING, ("replicationcontrollers",)),
    *MAKERS[1:],
)
_VOLUMES = POWERS["least-privilege-volumes"].ways[0]
_HOOKS = Right(CHANGING, ("mutatingwebhookconfigurations",), ADMISSION, everywhere=True)
LINKS = (
    *(Link("create or change workloads", (one,), "accounts") for one in (_PODS, *_CONTROLLERS)),
    Link("change pods", (Right(("update", "patch"), ("pods",)),), "pods", named=True),
    *(Link("get into pods", (one,), "pods", named=True) for one in INSIDE),
    Link("issue tokens", POWERS["least-privilege-tokens"].ways[0], "accounts", named=True),
    Link(
        "make and read Secrets with tokens",
        (Right(("create",), ("secrets",)), _READ_SECRETS),
        "accounts",
    ),
    Link("impersonate ServiceAccounts", (Right(("impersonate",), ("serviceaccounts",)),), "accounts", named=True),
    Link("run commands through nodes/proxy", POWERS["least-privilege-node-proxy"].ways[0], "pods", everywhere=True),
    *(
        Link("mount directories of nodes by PersistentVolumes", (*_VOLUMES, one), "pods", everywhere=True)
        for one in (_PODS, *_CONTROLLERS)
    ),
    Link("change the pods that others make by a webhook", (_HOOKS,), "accounts", everywhere=True),
)
"""The steps that are told by data alone; those of roles, users, groups and certificates need more, see below."""
_LINKS_OF = {
    permission: [link for link in LINKS if permission in link.rights[0].permissions]
    for link in LINKS
    for permission in link.rights[0].permissions
}
_SPECIAL = {"bind", "escalate", "impersonate", "approve"}
_SIGNERS = {"kubernetes.io/kube-apiserver-client", "kubernetes.io/*"}
_TOKENS_IN_SECRETS = "whether tokens of ServiceAccounts lie in the Secrets of {} is not known: Secrets are never read"


def hops(source: Node, having: Having, place: str, roles: Iterable[str], *, legacy: bool) -> Iterator[Hop]:
    """Give the steps that permissions allow somebody.

    Args:
        source: Who has them.
        having: The permissions.
        place: The namespace where they hold; empty for the whole cluster.
        roles: Names of the roles that the bindings which hold in this place give the source.
        legacy: Whether every ServiceAccount's token lies in a Secret, as it did before 1.24.
    """
    for link in dict.fromkeys(link for permission in having for link in _LINKS_OF.get(permission, ())):
        yield from _by_link(source, link, having, place)
    yield from _secrets(source, having, place, legacy=legacy)
    if any(permission[0] in _SPECIAL for permission in having):
        yield from _roles(source, having, place, frozenset(roles))
        yield from _impersonating(source, having)
        yield from _certificates(source, having)


def _by_link(source: Node, link: Link, having: Having, place: str) -> Iterator[Hop]:
    found = [_held(right, having) for right in link.rights]
    if all(found):
        where = "" if link.everywhere else place
        power = f"may {link.power} {told_place(where)}"
        for one in found[-1] if link.named else found[-1][:1]:
            yield from _each(source, link.crowd, where, one if link.named else Bound(0, by=one.by), power)


def _each(source: Node, crowd: str, place: str, one: Bound, power: str) -> Iterator[Hop]:
    """Give a step to a crowd, or one to each of its members that a permission names."""
    for name in one.names or ("",):
        yield Hop(source, (crowd, f"{place}/{name}"), power, one.by)


def _held(right: Right, having: Having) -> list[Bound]:
    """Give what is there of a right; permissions on all objects alone, where there are such."""
    if having.keys().isdisjoint(right.permissions):
        return []
    found = [one for _, one in held(right, having) if isinstance(one, Bound)]
    return [one for one in found if not one.names][:1] or found


def told_place(place: str) -> str:
    """Tell where something holds; the name is untrusted text."""
    return f"in {clip(place)}" if place else "everywhere"


def _secrets(source: Node, having: Having, place: str, *, legacy: bool) -> Iterator[Hop]:
    found = [one for one in _held(_READ_SECRETS, having) if not one.names]
    if found:
        where = clip(place) if place else "every namespace"
        gap = None if legacy else Gap("not-collected", _TOKENS_IN_SECRETS.format(where), "secrets", place or None)
        yield Hop(source, ("accounts", f"{place}/"), f"may read Secrets {told_place(place)}", found[0].by, gap)


def _reaches(right: Right, having: Having, name: str) -> bool:
    return any(not one.names or name in one.names for one in _held(right, having))


def _roles(source: Node, having: Having, place: str, roles: frozenset[str]) -> Iterator[Hop]:
    kind = "roles" if place else "clusterroles"
    escalate, change = Right(("escalate",), (kind,), RBAC), Right(("update", "patch"), (kind,), RBAC)
    own = sorted(name for name in roles if _reaches(escalate, having, name) and _reaches(change, having, name))
    to = ("accounts", f"{place}/") if place else GOAL
    if own:
        yield Hop(source, to, f"may escalate {some(own)}, which it has itself", _held(escalate, having)[0].by)
    for written, scope in (("rolebindings", place), *((("clusterrolebindings", ""),) if not place else ())):
        if _writes(written, having):
            yield from _binding(source, having, scope, to if written != "rolebindings" else None)


def _writes(bindings: str, having: Having) -> bool:
    """Whether bindings of any role can be written: made, or changed whichever they are."""
    changed = _held(Right(("update", "patch"), (bindings,), RBAC), having)
    made = _held(Right(("create",), (bindings,), RBAC), having)
    return bool(made) or any(not one.names for one in changed)


def _binding(source: Node, having: Having, place: str, to: Node | None) -> Iterator[Hop]:
    for one in _held(Right(("bind",), ("clusterroles",), RBAC), having):
        power = f"may bind ClusterRoles {told_place(place)}"
        if one.names:
            scope = "*" if to else place
            yield from (Hop(source, ("ClusterRole", f"{scope}/{name}"), power, one.by) for name in one.names)
        else:
            yield Hop(source, to or ("accounts", f"{place}/"), power, one.by)
    if to is None:
        for one in _held(Right(("bind",), ("roles",), RBAC), having):
            yield from _each(source, "roles", place, one, f"may bind Roles {told_place(place)}")


def _impersonating(source: Node, having: Having) -> Iterator[Hop]:
    users, groups = (_held(Right(("impersonate",), (kind,)), having) for kind in ("users", "groups"))
    for one in users:
        targets: tuple[Node, ...] = tuple(("User", name) for name in one.names) or (USERS,)
        yield from (Hop(source, to, "may impersonate users", one.by) for to in targets)
    if users or _held(Right(("impersonate",), ("serviceaccounts",)), having):
        for one in groups:
            targets = tuple(("Group", name) for name in one.names) or (MASTERS,)
            yield from (Hop(source, to, "may impersonate groups", one.by) for to in targets)


def _certificates(source: Node, having: Having) -> Iterator[Hop]:
    asked, changed = _held(Right(("create",), (CSR,), CERTIFICATES), having), _held(APPROVE[0], having)
    approved = [one for one in _held(APPROVE[1], having) if not one.names or _SIGNERS & set(one.names)]
    if asked and changed and approved:
        yield Hop(source, ANYBODY, "may ask for client certificates and approve them", approved[0].by)
