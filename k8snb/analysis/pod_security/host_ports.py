"""No ports of the node.

Restricted field: `spec.{containers,initContainers,ephemeralContainers}[*].ports[*].hostPort`.
Allowed: unset, `0`.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.resources.pod import PodTemplate


def host_ports(template: PodTemplate) -> Iterator[Place]:
    """Look at `hostPort` of every port; at `ports` where a container has none."""
    for path, container in template.containers():
        if not container.ports:
            yield Place(True, f"spec.{path}.ports", None, container)
        for index, port in enumerate(container.ports or ()):
            yield Place(not port.hostPort, f"spec.{path}.ports[{index}].hostPort", port.hostPort, container)


def _admitted(template: PodTemplate) -> Iterator[Place]:
    """Look at what the API server makes of a pod on the node's network: every port of it is one of the node."""
    defaulted = bool(template.spec.hostNetwork)
    for place in host_ports(template):
        unset = defaulted and place.allowed and place.at.endswith(".hostPort")
        yield Place(False, place.at, place.observed, place.container) if unset else place


CHECK = Check("hostPorts", "baseline", (Revision(0, _admitted),))
