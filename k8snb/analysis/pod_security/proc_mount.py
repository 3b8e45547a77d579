"""The default masks of `/proc`.

Restricted field: `spec.{containers,initContainers,ephemeralContainers}[*].securityContext.procMount`.
Allowed: unset, `Default`. From 1.35 the baseline level allows any value with `hostUsers: false`; the restricted level
stays as it was.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers, unless_user_namespace
from k8snb.resources.pod import PodTemplate


def proc_mount(template: PodTemplate) -> Iterator[Place]:
    """Look at `procMount` of every container."""
    for at, value, container in of_containers(template, "procMount"):
        yield Place(value is None or value == "Default", at, value, container)


proc_mount_baseline = unless_user_namespace(proc_mount)

BASELINE = Check("procMount", "baseline", (Revision(0, proc_mount), Revision(35, proc_mount_baseline)))
RESTRICTED = Check("procMount_restricted", "restricted", (Revision(35, proc_mount, ("procMount",)),))
