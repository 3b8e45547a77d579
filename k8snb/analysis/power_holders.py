"""Who holds which power, where, and by which bindings."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from k8snb.analysis.escalation_hops import MASTERS
from k8snb.analysis.holdings import Holdings, both, making
from k8snb.analysis.powers import POWERS
from k8snb.analysis.rbac import Key, granted, named, of_the_system, reach, subjects
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding


class Holder(msgspec.Struct, frozen=True):
    """Somebody who holds powers.

    Attributes:
        subject: Who, as kind and name; untrusted text.
        place: The namespace where they hold; empty for the whole cluster.
        powers: The bindings that give each power, as `Kind/namespace/name`, by the id of the control that asks for it.
    """

    subject: Key
    place: str
    powers: Mapping[str, Sequence[str]]


def holders(cluster: Cluster) -> Iterator[Holder]:
    """Give everybody to whom bindings give a power, besides components of Kubernetes and `system:masters`.

    What somebody holds in the whole cluster is not told again for a namespace; what their groups hold is told of these.
    """
    for subject, bindings in subjects(cluster).items():
        if subject != MASTERS and not all(of_the_system(cluster, one) for one in bindings):
            by_place: dict[str, list[Binding]] = {"": []}
            for one in bindings:
                by_place.setdefault(reach(one), []).append(one)
            for place, given in by_place.items():
                powers = _powers(cluster, given, place)
                if powers:
                    yield Holder(subject, place, powers)


def _powers(cluster: Cluster, given: Sequence[Binding], place: str) -> Mapping[str, Sequence[str]]:
    having: Holdings = {}
    for one in given:
        having = both(having, granted(cluster, one).holdings)
    made = {name: making(power, having, everywhere=not place) for name, power in POWERS.items()}
    return {name: _givers(cluster, given, {one for one, _ in found}) for name, found in made.items() if found}


def _givers(cluster: Cluster, given: Sequence[Binding], made: set[tuple[str, str, str]]) -> Sequence[str]:
    """Give the bindings that give some of the permissions."""
    return [named(one) for one in given if made & set(granted(cluster, one).holdings)]
