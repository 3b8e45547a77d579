"""SELinux labels that confine.

Restricted fields, of the pod and every container: `securityContext.seLinuxOptions.type`, allowed if unset, empty or in
`TYPES`; `.user` and `.role`, allowed if unset or empty.
"""

from collections.abc import Iterator
from functools import partial

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers, of_pod
from k8snb.resources.pod import Container, PodTemplate, SELinuxOptions

TYPES: dict[int, frozenset[str]] = {
    0: frozenset({"container_t", "container_init_t", "container_kvm_t"}),
    31: frozenset({"container_t", "container_init_t", "container_kvm_t", "container_engine_t"}),
}
_NONE: frozenset[str] = frozenset()


def _selinux_options(types: frozenset[str], template: PodTemplate) -> Iterator[Place]:
    options: SELinuxOptions | None = of_pod(template, "seLinuxOptions")
    if options is not None:
        yield from _fields(types, "spec.securityContext.seLinuxOptions", options, None)
    for at, options, container in of_containers(template, "seLinuxOptions"):
        if options is None:
            yield Place(True, at, None, container)
        else:
            yield from _fields(types, at, options, container)


def _fields(types: frozenset[str], at: str, options: SELinuxOptions, container: Container | None) -> Iterator[Place]:
    for field, allowed in (("type", types), ("user", _NONE), ("role", _NONE)):
        value = getattr(options, field)
        yield Place(not value or value in allowed, f"{at}.{field}", value, container)


CHECK = Check(
    "seLinuxOptions",
    "baseline",
    tuple(Revision(since, partial(_selinux_options, types)) for since, types in TYPES.items()),
)
selinux_options = CHECK.revisions[-1].look
