"""What the controls of least privilege share: whether a binding gives a power, and examples."""

from collections.abc import Iterator, Sequence

from k8snb.analysis.holdings import Held, Holdings, Permission, both, making
from k8snb.analysis.powers import POWERS, Power
from k8snb.analysis.rbac import Granted, bound, default_roles, granted, key_of, of_the_system, reach, told
from k8snb.analysis.words import clip, some
from k8snb.controls.authentication_authorization._shared import (
    CART,
    EVERYTHING,
    READ_PODS,
    SHIPPED,
    binding,
    cluster_role,
    group,
)
from k8snb.controls.model import Observation, seen, unknown
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding, RBACSubject
from k8snb.sources.stream import Gap

READS = ("roles", "clusterroles")
"""What these controls look at besides bindings."""


def judge(one: Binding, cluster: Cluster, control: str) -> Iterator[Observation]:
    """Tell whether a binding gives its subjects a power.

    A binding of nobody grants nothing: not applicable. Bindings that Kubernetes ships for its own components pass and
    are told as such; once such a binding names anybody else it is judged like any other. A power that takes several
    permissions counts where the binding gives one of them and other bindings of the same subject the rest.

    Args:
        one: The binding.
        cluster: The inventory.
        control: Id of the control, as in `POWERS`.
    """
    if not one.subjects:
        return
    found = granted(cluster, one)
    if control not in found.touched[bool(reach(one))]:
        yield _without(found, control)
    elif of_the_system(cluster, one):
        names = list(map(told, one.subjects))
        yield seen(True, "subjects", names, "components of Kubernetes", "Kubernetes ships it so")
    else:
        yield from _with(one, cluster, found, control)


def _with(one: Binding, cluster: Cluster, found: Granted, control: str) -> Iterator[Observation]:
    power = POWERS[control]
    holders, given, gap = _holders(cluster, one, power)
    if given:
        yield from _told(found, power, given, holders, _expected(power))
    elif gap and not found.gap:
        yield unknown(gap, found.role, _expected(power))
    else:
        yield _without(found, control)


def _without(found: Granted, control: str) -> Observation:
    """Tell a role that does not give a power, as far as it was read; once for all of its bindings."""
    said: Observation | None = found.remembered.get(control)
    if said is None:
        said = found.remembered[control] = _unfounded(found, POWERS[control])
    return said


def _unfounded(found: Granted, power: Power) -> Observation:
    if found.gap:
        return unknown(found.gap, found.role, _expected(power))
    clause = "does not exist" if found.rules is None else f"does not let anybody {power.may}"
    return seen(True, "roleRef", found.role, _expected(power), f"{clip(found.role)} {clause}")


def _expected(power: Power) -> str:
    return f"nobody who may {power.may}{'' if power.named else ' beyond resourceNames'}"


Made = Sequence[tuple[Permission, Held]]


def _holders(cluster: Cluster, binding: Binding, power: Power) -> tuple[list[RBACSubject], Made, Gap | None]:
    """Give the subjects to whom a binding gives a power, its part in that, and what may hide that there are some."""
    everywhere, subjects = not reach(binding), list(binding.subjects or ())
    alone = _alone(granted(cluster, binding), power, everywhere=everywhere)
    if alone or not everywhere:
        return subjects, alone, None
    parts = {subject: _part(cluster, binding, subject, power) for subject in subjects}
    holders = [subject for subject, part in parts.items() if part]
    return holders, next(filter(None, parts.values()), ()), _hidden(cluster, binding)


def _alone(found: Granted, power: Power, *, everywhere: bool) -> Made:
    """Give what makes a power of a role alone, found once for all of its bindings."""
    key = f"{power.may} {everywhere}"
    made: Made | None = found.remembered.get(key)
    if made is None:
        made = found.remembered[key] = making(power, found.holdings, everywhere=everywhere)
    return made


def _part(cluster: Cluster, binding: Binding, subject: RBACSubject, power: Power) -> Made:
    """Give what a binding adds to a power that a subject has by all of its ClusterRoleBindings."""
    having: Holdings = {}
    for one in _everywhere(cluster, binding, subject):
        having = both(having, granted(cluster, one).holdings)
    own = granted(cluster, binding).holdings
    return [(permission, one) for permission, one in making(power, having) if one in own.get(permission, ())]


def _everywhere(cluster: Cluster, binding: Binding, subject: RBACSubject) -> Iterator[Binding]:
    return (one for one in bound(cluster, key_of(subject, binding)) if not reach(one))


def _hidden(cluster: Cluster, binding: Binding) -> Gap | None:
    roles = (
        granted(cluster, one).gap
        for subject in binding.subjects or ()
        for one in _everywhere(cluster, binding, subject)
    )
    return cluster.gap("clusterrolebindings") or next(filter(None, roles), None)


def _told(
    found: Granted, power: Power, made: Made, holders: Sequence[RBACSubject], expected: str
) -> Iterator[Observation]:
    """Tell each rule that gives some of a power."""
    given: dict[int, list[str]] = {}
    for (verb, _, resource), one in made:
        word = f"{verb} {resource}{' by name' if one.names else ''}"
        if word not in (words := given.setdefault(one.index, [])):
            words.append(word)
    everything = some(dict.fromkeys(word for words in given.values() for word in words))
    clause = f"{clip(found.role)} lets {some(map(told, holders))} {power.may} ({everything})"
    for index, words in given.items():
        at = f"{found.role} rules[{index}]"
        if found.default:
            at = f"{found.role} as Kubernetes ships it ({default_roles().date})"
        yield seen(False, at, words, expected, clause)


PASSING = (
    cluster_role("reader", READ_PODS) + binding("reader", "ClusterRole/reader", CART),
    binding("cluster-admin", "ClusterRole/cluster-admin", group("system:masters"), SHIPPED),
)
"""Examples that pass: a harmless role, and what Kubernetes ships."""


def giving(*rules: str) -> list[str]:
    """Give examples that fail: roles that are bound to a ServiceAccount in the whole cluster.

    Args:
        rules: Rules in flow style, each of which gives the power.
    """
    bound_to_cart = binding("theirs", "ClusterRole/theirs", CART)
    everything = cluster_role("root", EVERYTHING) + binding("team", "ClusterRole/root", group("team"))
    return [*(cluster_role("theirs", one) + bound_to_cart for one in rules), everything]
