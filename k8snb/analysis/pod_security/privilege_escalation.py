"""No way to more privileges than the container started with (set-user-ID programs, file capabilities).

Restricted field: `spec.{containers,initContainers,ephemeralContainers}[*].securityContext.allowPrivilegeEscalation`.
Allowed: `false`. Windows pods are exempt from 1.25.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers, unless_windows
from k8snb.resources.pod import PodTemplate


def privilege_escalation(template: PodTemplate) -> Iterator[Place]:
    """Look at `allowPrivilegeEscalation` of every container."""
    for at, value, container in of_containers(template, "allowPrivilegeEscalation"):
        yield Place(value is False, at, value, container)


CHECK = Check(
    "allowPrivilegeEscalation",
    "restricted",
    (Revision(8, privilege_escalation), Revision(25, unless_windows(privilege_escalation))),
)
