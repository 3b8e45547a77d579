"""No namespaces of the node.

Restricted fields: `spec.hostNetwork`, `spec.hostPID`, `spec.hostIPC`.
Allowed: unset, `false`.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.resources.pod import PodTemplate


def host_namespace(template: PodTemplate, field: str) -> Place:
    """Look at one of the fields."""
    value = getattr(template.spec, field)
    return Place(value is not True, f"spec.{field}", value)


def host_namespaces(template: PodTemplate) -> Iterator[Place]:
    """Look at all three."""
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        yield host_namespace(template, field)


CHECK = Check("hostNamespaces", "baseline", (Revision(0, host_namespaces),))
