"""Pods run in a sandbox."""

from collections.abc import Iterator

from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.pod_security._shared import CHAPTER, HARDENING, NO_CONTAINER, empty, pod
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.admission import RuntimeClass

_SANDBOXES = ("runsc", "gvisor", "kata", "firecracker", "krun", "hypervisor", "cloud-hypervisor", "quark", "urunc")
_EXPECTED = "a RuntimeClass with a sandbox as its handler (gVisor, Kata Containers, a hypervisor)"
_CONTAINERS = "containers: [{name: app, image: registry.example.com/app:1.4.2}]\n"
_CLASS = "---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: special}\nhandler: %s\n"


def _sandbox(handler: str) -> bool:
    words = handler.lower().replace("_", "-").split("-")
    return any(one in words for one in _SANDBOXES)


@control(
    id="sandboxed-runtime",
    chapter=CHAPTER,
    section=HARDENING,
    severity="low",
    subject="workload",
    reads=["runtimeclasses"],
    informational=True,
    title="Pods run in a sandbox",
    why=(
        "Containers share the kernel of their node, and one flaw in it is a way out. A sandbox puts a second kernel, "
        "or a virtual machine, between them; that is worth it for code that you do not trust."
    ),
    fix="Install gVisor or Kata Containers on some nodes, make a RuntimeClass for it, and name it in runtimeClassName.",
    caution="Sandboxes cost memory and start time, and some system calls, devices and host features are not there.",
    remedy="manual",
    references=References(
        nist_800_53=("SC-39",),
        nist_800_190=("4.4.1", "4.5.2"),
        mitre=("T1611", "T1068"),
    ),
    passing=[pod(f"runtimeClassName: special\n{_CONTAINERS}") + _CLASS % "runsc"],
    failing=[pod(_CONTAINERS), pod(f"runtimeClassName: special\n{_CONTAINERS}") + _CLASS % "runc"],
)
def sandboxed_runtime(workload: Workload, cluster: Cluster) -> Iterator[Observation]:
    """Pods run in a sandbox."""
    at, name = f"{workload.path}spec.runtimeClassName", workload.spec.runtimeClassName
    found = next((one for one in cluster.all(RuntimeClass) if one.name == name), None)
    gap = cluster.gap("runtimeclasses") if name and found is None else None
    handler = (found.handler or "") if found else ""
    if empty(workload.template):
        yield NO_CONTAINER
    elif gap:
        yield unknown(gap, at, _EXPECTED, f"RuntimeClass {(name or '')[:253]} was not read: {gap.message}")
    elif _sandbox(handler):
        yield seen(True, at, {"runtimeClass": name, "handler": handler}, _EXPECTED, f"the pod runs in {handler[:253]}")
    else:
        message = f"the handler {handler[:253]} is no sandbox" if found else "the pod shares the kernel of its node"
        yield seen(False, at, name, _EXPECTED, message)
