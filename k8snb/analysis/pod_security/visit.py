"""Walking through the security contexts of a pod, and the exemptions that several checks share."""

from collections.abc import Iterable, Iterator
from typing import Any

from k8snb.analysis.pod_security.model import Look, Place
from k8snb.resources.pod import FIELDS, Container, PodTemplate


def of_containers(template: PodTemplate, field: str) -> Iterator[tuple[str, Any, Container]]:
    """Give a field of every container's `securityContext`: its path, its value (None if unset) and the container."""
    for role in FIELDS:
        for index, container in enumerate(getattr(template.spec, role) or ()):
            context = container.securityContext
            value = None if context is None else getattr(context, field)
            yield f"spec.{role}[{index}].securityContext.{field}", value, container


def of_pod(template: PodTemplate, field: str) -> Any:
    """Give a field of the pod's `securityContext`; None if unset."""
    context = template.spec.securityContext
    return getattr(context, field) if context else None


def unless_windows(look: Look) -> Look:
    """Leave out pods whose `spec.os.name` is `windows`: the API server refuses the field there."""

    def exempt(template: PodTemplate) -> Iterable[Place]:
        return () if template.windows else look(template)

    return exempt


def unless_user_namespace(look: Look) -> Look:
    """Allow pods with `hostUsers: false`: root in a user namespace is nobody on the node."""

    def relaxed(template: PodTemplate) -> Iterable[Place]:
        if template.spec.hostUsers is False:
            return (Place(True, "spec.hostUsers", False),)
        return look(template)

    return relaxed
