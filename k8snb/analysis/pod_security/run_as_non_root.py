"""Containers must be told to run as another user than root.

Restricted fields: `spec.securityContext.runAsNonRoot` and the same of every container.
Allowed: `true`; unset in a container where the pod sets it. From 1.35 any value with `hostUsers: false`.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers, of_pod, unless_user_namespace
from k8snb.resources.pod import PodTemplate


def run_as_non_root(template: PodTemplate) -> Iterator[Place]:
    """Look at `runAsNonRoot` of the pod, where set, and of every container."""
    inherited: bool | None = of_pod(template, "runAsNonRoot")
    if inherited is not None:
        yield Place(inherited, "spec.securityContext.runAsNonRoot", inherited)
    for at, value, container in of_containers(template, "runAsNonRoot"):
        yield Place(bool(inherited if value is None else value), at, value, container)


CHECK = Check(
    "runAsNonRoot",
    "restricted",
    (Revision(0, run_as_non_root), Revision(35, unless_user_namespace(run_as_non_root))),
)
