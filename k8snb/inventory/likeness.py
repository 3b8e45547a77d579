"""Whether pods are what their template says, but for what Kubernetes itself fills in."""

from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from k8snb.resources.pod import (
    FIELDS,
    Container,
    ContainerPort,
    PodTemplate,
    Present,
    ResourceAmounts,
    ResourceRequirements,
    Volume,
    VolumeName,
)


def comparable(template: PodTemplate, claims: Iterable[str] = ()) -> PodTemplate:
    """Give a template or pod in a form in which a pod equals the template that it was made from.

    Args:
        template: What a pod is, or would be.
        claims: Names of a StatefulSet's `volumeClaimTemplates`, each of which becomes a volume of its pods.

    Source: Kubernetes, `SetDefaults_Pod` (requests follow limits; with `hostNetwork` a `hostPort` follows its
    `containerPort`) and the StatefulSet controller (volumes of claims).
    """
    spec = template.spec
    volumes = {volume.name or VolumeName(): volume for volume in spec.volumes or ()}
    volumes |= {VolumeName(name): Volume(VolumeName(name), persistentVolumeClaim=Present()) for name in claims}
    filled = partial(_filled, host_network=bool(spec.hostNetwork))
    containers = {field: tuple(map(filled, found)) for field in FIELDS if (found := getattr(spec, field))}
    ordered = tuple(volumes[name] for name in sorted(volumes)) or None
    return replace(template, spec=replace(spec, volumes=ordered, **containers))


def _filled(container: Container, *, host_network: bool) -> Container:
    ports = container.ports and tuple(_port(one) for one in container.ports) if host_network else container.ports
    return replace(container, ports=ports, resources=_resources(container.resources))


def _port(port: ContainerPort) -> ContainerPort:
    return replace(port, hostPort=port.hostPort or port.containerPort)


def _resources(resources: ResourceRequirements | None) -> ResourceRequirements | None:
    limits = resources.limits if resources else None
    if resources is None or limits is None:
        return resources
    requests = resources.requests or ResourceAmounts()
    amounts = ResourceAmounts(requests.cpu or limits.cpu, requests.memory or limits.memory)
    return replace(resources, requests=amounts)
