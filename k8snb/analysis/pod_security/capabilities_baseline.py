"""No capabilities beyond those that container runtimes give anyway.

Restricted field: `spec.{containers,initContainers,ephemeralContainers}[*].securityContext.capabilities.add`.
Allowed: unset, empty, and the names in `DEFAULT`.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers
from k8snb.resources.pod import PodTemplate

DEFAULT = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
"""Names are compared as they are: the API server folds no case and knows no `CAP_`."""


def capabilities_baseline(template: PodTemplate) -> Iterator[Place]:
    """Look at the added capabilities of every container."""
    for at, capabilities, container in of_containers(template, "capabilities"):
        added = capabilities.add if capabilities else None
        yield Place(DEFAULT.issuperset(added or ()), f"{at}.add", added and list(added), container)


CHECK = Check("capabilities_baseline", "baseline", (Revision(0, capabilities_baseline),))
