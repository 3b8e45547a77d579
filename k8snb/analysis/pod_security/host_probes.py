"""No probe or lifecycle hook that the kubelet sends to a host other than the pod.

Restricted fields, of every container: `{livenessProbe,readinessProbe,startupProbe}.{httpGet,tcpSocket}.host` and
`lifecycle.{postStart,preStop}.{httpGet,tcpSocket}.host`.
Allowed: unset, empty.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.resources.pod import Container, Handler, PodTemplate

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")


def host_probes(template: PodTemplate) -> Iterator[Place]:
    """Look at every host that is set; at the container where none is."""
    for path, container in template.containers():
        hosts = list(_hosts(container))
        if not hosts:
            yield Place(True, f"spec.{path}", None, container)
        for at, host in hosts:
            yield Place(False, f"spec.{path}.{at}", host, container)


def _handlers(container: Container) -> Iterator[tuple[str, Handler | None]]:
    for probe in _PROBES:
        yield probe, getattr(container, probe)
    if container.lifecycle:
        for hook in _HOOKS:
            yield f"lifecycle.{hook}", getattr(container.lifecycle, hook)


def _hosts(container: Container) -> Iterator[tuple[str, str]]:
    for at, handler in _handlers(container):
        if handler is None:
            continue
        if handler.httpGet and handler.httpGet.host:
            yield f"{at}.httpGet.host", handler.httpGet.host
        if handler.tcpSocket and handler.tcpSocket.host:
            yield f"{at}.tcpSocket.host", handler.tcpSocket.host


CHECK = Check("hostProbesAndHostLifecycle", "baseline", (Revision(34, host_probes),))
