"""No AppArmor profile that confines nothing.

Restricted fields: `metadata.annotations['container.apparmor.security.beta.kubernetes.io/*']`, allowed if empty,
`runtime/default` or `localhost/*`; `securityContext.appArmorProfile.type` of the pod and every container, allowed if
the profile is unset, `RuntimeDefault` or `Localhost`.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers, of_pod
from k8snb.resources.pod import AppArmorProfile, PodTemplate

ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"
CONFINING = frozenset({"RuntimeDefault", "Localhost"})


def allowed_annotation(value: str) -> bool:
    """Say whether the value of an annotation names a profile that is allowed."""
    return value in {"", "runtime/default"} or value.startswith("localhost/")


def annotations(template: PodTemplate) -> Iterator[Place]:
    """Look at every AppArmor annotation, also of containers that do not exist."""
    for key, value in template.annotations:
        if key.startswith(ANNOTATION):
            yield Place(allowed_annotation(value), f"metadata.annotations['{key}']", value)


def apparmor_profile(template: PodTemplate) -> Iterator[Place]:
    """Look at the annotations and at the profile of the pod and of every container."""
    yield from annotations(template)
    profile: AppArmorProfile | None = of_pod(template, "appArmorProfile")
    if profile is not None:
        yield Place(profile.type in CONFINING, "spec.securityContext.appArmorProfile.type", profile.type)
    for at, profile, container in of_containers(template, "appArmorProfile"):
        if profile is not None:
            yield Place(profile.type in CONFINING, f"{at}.type", profile.type, container)


CHECK = Check("appArmorProfile", "baseline", (Revision(0, apparmor_profile),))
