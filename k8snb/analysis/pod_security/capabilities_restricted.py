"""All capabilities dropped, and at most one given back.

Restricted fields, of every container: `securityContext.capabilities.drop`, allowed if it holds `ALL`;
`securityContext.capabilities.add`, allowed if unset, empty or `NET_BIND_SERVICE`. Windows pods are exempt from 1.25.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers, unless_windows
from k8snb.resources.pod import Capabilities, PodTemplate

_ADDABLE = frozenset({"NET_BIND_SERVICE"})
_NOTHING = Capabilities()


def capabilities_restricted(template: PodTemplate) -> Iterator[Place]:
    """Look at the dropped and added capabilities of every container."""
    for at, capabilities, container in of_containers(template, "capabilities"):
        drop, add = (capabilities or _NOTHING).drop, (capabilities or _NOTHING).add
        yield Place("ALL" in (drop or ()), f"{at}.drop", drop and list(drop), container)
        if add:
            yield Place(_ADDABLE.issuperset(add), f"{at}.add", list(add), container)


_OVERRIDES = ("capabilities_baseline",)
CHECK = Check(
    "capabilities_restricted",
    "restricted",
    (
        Revision(22, capabilities_restricted, _OVERRIDES),
        Revision(25, unless_windows(capabilities_restricted), _OVERRIDES),
    ),
)
