"""A seccomp profile that filters system calls.

Restricted fields to 1.18: `metadata.annotations` `seccomp.security.alpha.kubernetes.io/pod` and
`container.seccomp.security.alpha.kubernetes.io/<container>`, allowed if unset, `runtime/default`, `docker/default` or
`localhost/*`.
Restricted fields from 1.19: `securityContext.seccompProfile.type` of the pod and every container, allowed if
`RuntimeDefault` or `Localhost`; unset is allowed at the baseline level, and at the restricted level where the pod sets
it. Windows pods are exempt from the restricted check from 1.25.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers, of_pod, unless_windows
from k8snb.resources.pod import PodTemplate, SeccompProfile

POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod"
CONTAINER_ANNOTATION = "container.seccomp.security.alpha.kubernetes.io/"
FILTERING = frozenset({"RuntimeDefault", "Localhost"})


def _annotations(template: PodTemplate) -> Iterator[Place]:
    names = {f"{CONTAINER_ANNOTATION}{container.name}" for _, container in template.containers()} | {POD_ANNOTATION}
    for key, value in template.annotations:
        if key in names:
            allowed = value in {"runtime/default", "docker/default"} or value.startswith("localhost/")
            yield Place(allowed, f"metadata.annotations['{key}']", value)


def _of_pod(template: PodTemplate) -> Iterator[Place]:
    profile: SeccompProfile | None = of_pod(template, "seccompProfile")
    if profile is not None:
        yield Place(profile.type in FILTERING, "spec.securityContext.seccompProfile.type", profile.type)


def _baseline(template: PodTemplate) -> Iterator[Place]:
    yield from _of_pod(template)
    for at, profile, container in of_containers(template, "seccompProfile"):
        if profile is not None:
            yield Place(profile.type in FILTERING, f"{at}.type", profile.type, container)


def _restricted(template: PodTemplate) -> Iterator[Place]:
    inherited = False
    for place in _of_pod(template):
        inherited = place.allowed
        yield place
    for at, profile, container in of_containers(template, "seccompProfile"):
        value = profile.type if profile else None
        yield Place(value in FILTERING if profile else inherited, f"{at}.type", value, container)


_OVERRIDES = ("seccompProfile_baseline",)
BASELINE = Check("seccompProfile_baseline", "baseline", (Revision(0, _annotations), Revision(19, _baseline)))
RESTRICTED = Check(
    "seccompProfile_restricted",
    "restricted",
    (Revision(19, _restricted, _OVERRIDES), Revision(25, unless_windows(_restricted), _OVERRIDES)),
)
