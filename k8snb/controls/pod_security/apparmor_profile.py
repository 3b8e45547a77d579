"""No container runs without its AppArmor profile."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.apparmor_profile import ANNOTATION, CONFINING, annotations
from k8snb.analysis.pod_security.model import Place
from k8snb.analysis.pod_security.visit import of_containers, of_pod
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, HARDENING, context, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_ANNOTATED = f"""
apiVersion: v1
kind: Pod
metadata:
  name: app
  namespace: shop
  annotations: {{{ANNOTATION}app: unconfined}}
spec:
  containers: [{{name: app, image: registry.example.com/app:1.4.2}}]
"""


def _profiles(template: PodTemplate) -> Iterator[Place]:
    """Look at the annotations and at the effective profile of every container: its own, else the pod's."""
    yield from annotations(template)
    inherited = of_pod(template, "appArmorProfile")
    for at, own, container in of_containers(template, "appArmorProfile"):
        profile = own or inherited
        where = "spec.securityContext.appArmorProfile" if own is None and inherited else at
        value = profile.type if profile else None
        yield Place(profile is None or value in CONFINING, f"{where}.type", value, container)


@control(
    id="apparmor-profile",
    chapter=CHAPTER,
    section=HARDENING,
    severity="medium",
    subject="pod",
    title="No container is unconfined by AppArmor",
    why=(
        "On nodes with AppArmor the runtime confines every container by default. Unconfined takes that away, and with"
        " it the last hold on a process that already has root."
    ),
    fix="Remove the profile Unconfined, or set appArmorProfile: {type: RuntimeDefault} or a Localhost profile.",
    caution="A Localhost profile has to be loaded on every node where the pod may run, or the pod does not start.",
    remedy="patch",
    references=References(
        pss=("baseline: AppArmor",),
        cis=("5.6.3",),
        nist_800_53=("AC-3", "SC-39"),
        nist_800_190=("4.4.3",),
        mitre=("T1611",),
        kubescape=("C-0055",),
        trivy=("KSV-0002",),
        kube_bench=("5.6.3",),
    ),
    passing=[context("{appArmorProfile: {type: RuntimeDefault}}"), context("{}")],
    failing=[
        context("{appArmorProfile: {type: Unconfined}}"),
        pod(
            "securityContext: {appArmorProfile: {type: Unconfined}}\n"
            "containers: [{name: app, image: registry.example.com/app:1.4.2}]"
        ),
        _ANNOTATED,
    ],
)
def apparmor_profile(template: PodTemplate) -> Iterator[Observation]:
    """No container is unconfined by AppArmor."""
    return tell(
        template,
        _profiles(template),
        "RuntimeDefault, Localhost or not set",
        "no container is unconfined by AppArmor",
        "{who} has the AppArmor profile {observed}",
        linux_only=True,
    )
