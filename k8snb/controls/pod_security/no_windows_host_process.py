"""No Windows container runs as a process of its node."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.windows_host_process import windows_host_process
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, context, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_HOST_PROCESS = """
os: {name: windows}
hostNetwork: true
securityContext: {windowsOptions: {hostProcess: true}}
containers: [{name: app, image: registry.example.com/app:1.4.2}]
"""


@control(
    id="no-windows-host-process",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="critical",
    subject="pod",
    title="No Windows container is a HostProcess",
    why=(
        "A HostProcess container is no container: it runs on the Windows node itself, with the rights of its account "
        "there."
    ),
    fix="Remove windowsOptions.hostProcess, and hostNetwork with it.",
    caution="Network and storage agents of Windows nodes are made this way; keep them in a namespace of their own.",
    remedy="patch",
    references=References(
        pss=("baseline: HostProcess",),
        cis=("5.2.10",),
        nist_800_53=("AC-6", "SC-39"),
        nist_800_190=("4.4.3",),
        mitre=("T1611",),
        trivy=("KSV-0103",),
        kube_bench=("5.2.10",),
    ),
    passing=[context("{}"), context("{windowsOptions: {hostProcess: false}}")],
    failing=[pod(_HOST_PROCESS)],
)
def no_windows_host_process(template: PodTemplate) -> Iterator[Observation]:
    """No Windows container is a HostProcess."""
    return tell(
        template,
        windows_host_process(template),
        "false or not set",
        "no container is a HostProcess",
        "{who} runs as a process of the Windows node",
    )
