"""System calls are filtered."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Place
from k8snb.analysis.pod_security.seccomp_profile import FILTERING
from k8snb.analysis.pod_security.visit import of_containers, of_pod
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, HARDENING, context, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate


def _profiles(template: PodTemplate) -> Iterator[Place]:
    """Look at the effective profile of every container: its own if it has one, else the pod's."""
    if template.windows:
        return
    inherited = of_pod(template, "seccompProfile")
    for at, own, container in of_containers(template, "seccompProfile"):
        profile = own or inherited
        where = "spec.securityContext.seccompProfile" if own is None and inherited else at
        value = profile.type if profile else None
        yield Place(value in FILTERING, f"{where}.type", value, container)


def _bad(place: Place) -> str:
    return "{who} has no seccomp profile" if place.observed is None else "{who} has the seccomp profile {observed}"


@control(
    id="seccomp-profile",
    chapter=CHAPTER,
    section=HARDENING,
    severity="medium",
    subject="pod",
    title="A seccomp profile filters system calls",
    why=(
        "Without a profile a container may make every system call that the kernel has, and many a way out of a "
        "container began with one that no application needs. Nothing filters unless the pod, or the kubelet's "
        "default, says so."
    ),
    fix=(
        "Set seccompProfile: {type: RuntimeDefault} for the pod; a Localhost profile where you know the calls it makes."
    ),
    caution="Debuggers, tracers and a few old applications use calls that RuntimeDefault refuses.",
    remedy="patch",
    references=References(
        pss=("restricted: Seccomp",),
        cis=("5.6.2",),
        nist_800_53=("CM-7", "SC-39"),
        nist_800_190=("4.4.3",),
        mitre=("T1611", "T1068"),
        kubescape=("C-0055",),
        trivy=("KSV-0030", "KSV-0104"),
        kube_bench=("5.6.2",),
    ),
    passing=[context("{seccompProfile: {type: RuntimeDefault}}")],
    failing=[
        context("{}"),
        pod(
            "securityContext: {seccompProfile: {type: RuntimeDefault}}\ncontainers:\n- name: app\n"
            "  image: registry.example.com/app:1.4.2\n  securityContext: {seccompProfile: {type: Unconfined}}"
        ),
    ],
)
def seccomp_profile(template: PodTemplate) -> Iterator[Observation]:
    """A seccomp profile filters system calls."""
    return tell(
        template, _profiles(template), "RuntimeDefault or Localhost", "every container has a seccomp profile", _bad
    )
