"""Containers must not ask for root.

Restricted fields: `spec.securityContext.runAsUser` and the same of every container.
Allowed: unset, anything but `0`. From 1.35 any value with `hostUsers: false`.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers, of_pod, unless_user_namespace
from k8snb.resources.pod import PodTemplate


def run_as_user(template: PodTemplate) -> Iterator[Place]:
    """Look at `runAsUser` of the pod, where set, and of every container."""
    inherited: int | None = of_pod(template, "runAsUser")
    if inherited is not None:
        yield Place(inherited != 0, "spec.securityContext.runAsUser", inherited)
    for at, value, container in of_containers(template, "runAsUser"):
        yield Place(value != 0, at, value, container)


CHECK = Check("runAsUser", "restricted", (Revision(23, run_as_user), Revision(35, unless_user_namespace(run_as_user))))
