"""No privileged containers.

Restricted field: `spec.{containers,initContainers,ephemeralContainers}[*].securityContext.privileged`.
Allowed: unset, `false`.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers
from k8snb.resources.pod import PodTemplate


def privileged(template: PodTemplate) -> Iterator[Place]:
    """Look at `privileged` of every container."""
    for at, value, container in of_containers(template, "privileged"):
        yield Place(value is not True, at, value, container)


CHECK = Check("privileged", "baseline", (Revision(0, privileged),))
