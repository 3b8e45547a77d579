"""The controller manager listens on the loopback address only."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import component, on_loopback
from k8snb.controls.model import Observation, References
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control


@control(
    id="controller-manager-bind-address",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="medium",
    subject="controller-manager",
    reads=["pods"],
    title="The controller manager listens on the loopback address only",
    why=(
        "The controller manager serves health, metrics and, where it is on, profiling. Nobody but its own "
        "node needs them."
    ),
    fix=("Set --bind-address=127.0.0.1, or ::1."),
    caution=("A scraper of metrics on another node loses them; let it go through a proxy on the node."),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("1.3.7",),
        nist_800_53=("CM-7", "SC-7"),
        nist_800_190=("4.3.3",),
        mitre=("T1046",),
        kubescape=("C-0150",),
        kube_bench=("1.3.7",),
    ),
    passing=[
        component("kube-controller-manager", "bind-address=127.0.0.1"),
        component("kube-controller-manager", "bind-address=::1"),
    ],
    failing=[
        component("kube-controller-manager"),
        component("kube-controller-manager", "bind-address=0.0.0.0"),
        component("kube-controller-manager", "bind-address=192.0.2.7"),
    ],
)
def controller_manager_bind_address(one: Component) -> Iterator[Observation]:
    """The controller manager listens on the loopback address only."""
    yield on_loopback(one)
