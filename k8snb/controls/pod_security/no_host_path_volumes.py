"""Pods mount no directory of the node."""

import posixpath
from collections.abc import Iterator

from k8snb.analysis.pod_security.host_path_volumes import host_path_volumes
from k8snb.controls.model import Observation, References, Severity, seen
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, NO_CONTAINER, empty, pod
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate, Volume

_CRITICAL = (
    "/etc",
    "/root",
    "/proc",
    "/sys",
    "/dev",
    "/var/run",
    "/run",
    "/var/lib/kubelet",
    "/var/lib/docker",
    "/var/lib/containerd",
    "/var/log",
)
_SOCKETS = frozenset({"docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock", "podman.sock"})
_CONTAINERS = "containers: [{name: app, image: registry.example.com/app:1.4.2%s}]\n"


def _critical(path: str) -> bool:
    """Say whether a directory of the node holds, or lies in, one that gives the node away."""
    path = posixpath.normpath(f"/{path.lstrip('/')}")
    beside = f"{path.rstrip('/')}/"
    reached = any(beside.startswith(f"{one}/") or f"{one}/".startswith(beside) for one in _CRITICAL)
    return reached or posixpath.basename(path) in _SOCKETS


def _access(template: PodTemplate, volume: Volume) -> str:
    """Tell what containers may do with a volume."""
    mounts = [mount for _, container in template.containers() for mount in container.volumeMounts or ()]
    mine = [mount for mount in mounts if mount.name == volume.name]
    if not mine:
        return "has an unused volume of"
    return "can read" if all(mount.readOnly for mount in mine) else "can write to"


def _volume(template: PodTemplate, at: str, volume: Volume) -> Observation:
    path = (volume.hostPath and volume.hostPath.path) or ""
    access = _access(template, volume)
    severity: Severity = "critical" if access == "can write to" and _critical(path) else "high"
    message = f"the pod {access} {path[:253] or 'a path that is not named'} of the node"
    return seen(False, at, {"path": path}, "no hostPath volume", message, severity=severity)


@control(
    id="no-host-path-volumes",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="high",
    subject="pod",
    title="Pods mount no directory of the node",
    why=(
        "A hostPath volume is a door in the wall. Through /etc, the kubelet's files or the socket of the container "
        "runtime it leads straight to the node and to every pod on it; through logs and links often enough, too."
    ),
    fix=(
        "Use a PersistentVolumeClaim, an emptyDir, a ConfigMap or a projected volume. If it must be, mount it readOnly."
    ),
    caution="Log collectors, CSI drivers and monitoring agents read the node's files; keep them few and read-only.",
    remedy="manual",
    references=References(
        pss=("baseline: HostPath Volumes",),
        cis=("5.2.11",),
        nist_800_53=("AC-6", "SC-39"),
        nist_800_190=("4.4.3", "4.5.5"),
        mitre=("T1611",),
        kubescape=("C-0048", "C-0045"),
        trivy=("KSV-0023", "KSV-0006"),
        kube_bench=("5.2.11",),
    ),
    passing=[
        pod(_CONTAINERS % ", volumeMounts: [{name: tmp, mountPath: /tmp}]" + "volumes: [{name: tmp, emptyDir: {}}]")
    ],
    failing=[
        pod(
            _CONTAINERS % ", volumeMounts: [{name: host, mountPath: /host}]"
            + "volumes: [{name: host, hostPath: {path: /}}]"
        ),
        pod(_CONTAINERS % "" + "volumes: [{name: data, hostPath: {path: /srv/data}}]"),
    ],
)
def no_host_path_volumes(template: PodTemplate) -> Iterator[Observation]:
    """Pods mount no directory of the node."""
    if empty(template):
        yield NO_CONTAINER
    volumes = template.spec.volumes or ()
    for index, place in enumerate(host_path_volumes(template)):
        if place.allowed:
            yield seen(True, place.at, None, "no hostPath volume", "no volume is a directory of the node")
        else:
            yield _volume(template, place.at, volumes[index])
