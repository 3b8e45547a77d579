"""The masks of /proc stay on."""

from collections.abc import Iterator, Mapping
from typing import Any

from k8snb.analysis.pod_security.proc_mount import proc_mount, proc_mount_baseline
from k8snb.controls.model import Example, Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, HARDENING, LEVEL, context, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_NESTED = pod(
    "hostUsers: false\n"
    "containers: [{name: app, image: registry.example.com/app:1.4.2, securityContext: {procMount: Unmasked}}]"
)


@control(
    id="default-proc-mount",
    chapter=CHAPTER,
    section=HARDENING,
    severity="medium",
    subject="pod",
    title="Containers keep the default masks of /proc",
    why=(
        "Runtimes hide parts of /proc and make others read-only, because they tell of the node or change it. Unmasked "
        "puts them back."
    ),
    fix="Remove procMount. Nested containers that need it should run with hostUsers: false.",
    caution="Building or running containers inside a container may rely on it.",
    remedy="patch",
    references=References(
        pss=("baseline: /proc Mount Type",),
        cis=("5.6.3",),
        nist_800_53=("AC-6", "SC-39"),
        nist_800_190=("4.4.3",),
        mitre=("T1611",),
        trivy=("KSV-0027",),
        kube_bench=("5.6.3",),
    ),
    parameters=[LEVEL],
    passing=[
        context("{procMount: Default}"),
        context("{}"),
        Example(_NESTED, {LEVEL.name: "baseline"}),
    ],
    failing=[context("{procMount: Unmasked}"), Example(_NESTED, {LEVEL.name: "restricted"})],
)
def default_proc_mount(template: PodTemplate, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """Containers keep the default masks of /proc."""
    strict = parameters[LEVEL.name] == "restricted"
    return tell(
        template,
        (proc_mount if strict else proc_mount_baseline)(template),
        "Default or not set" + ("" if strict else ", or hostUsers: false"),
        "no container takes the masks off /proc",
        "{who} mounts /proc as {observed}",
        linux_only=True,
    )
