"""Components of the control plane do not serve profiles."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import at, component, given, is_switched
from k8snb.controls.model import Observation, References, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control

_OFF = "profiling=false"


@control(
    id="profiling-disabled",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="medium",
    subject="control-plane",
    reads=["pods"],
    title="Components of the control plane do not serve profiles",
    why=(
        "Profiles tell what the program does and how much it has to do, and making them costs it time: a help "
        "for spies and for attacks on availability."
    ),
    fix=("Set --profiling=false on the API server, the controller manager and the scheduler."),
    caution=("Who hunts for a performance problem has to turn it on again for that time."),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("1.2.15", "1.3.2", "1.4.1"),
        nist_800_53=("CM-7",),
        nist_800_190=("4.3.1",),
        mitre=("T1499",),
        kubescape=("C-0129", "C-0145", "C-0151"),
        kube_bench=("1.2.15", "1.3.2", "1.4.1"),
    ),
    passing=[
        component("kube-apiserver", _OFF)
        + component("kube-scheduler", _OFF)
        + component("kube-controller-manager", _OFF)
    ],
    failing=[
        component("kube-apiserver", _OFF)
        + component("kube-scheduler", "profiling=true")
        + component("kube-controller-manager")
    ],
)
def profiling_disabled(one: Component) -> Iterator[Observation]:
    """Components of the control plane do not serve profiles.

    On by default. The scheduler ignores the flag where a configuration file is named. Source: Kubernetes, references of
    kube-apiserver, kube-controller-manager and kube-scheduler.
    """
    if one.program == "kube-scheduler" and given(one, "config"):
        clause = "--config is set: the file decides about profiling, and cannot be seen here"
        yield unknown("not-collected", at(one, "config"), "false", clause)
    else:
        yield is_switched(one, "profiling", wanted=False, default=True)
