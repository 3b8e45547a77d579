"""Containers do not run as root."""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Place
from k8snb.analysis.pod_security.visit import of_containers, of_pod, unless_user_namespace
from k8snb.controls.model import Observation, References
from k8snb.controls.pod_security._shared import CHAPTER, NON_ROOT, context, pod, tell
from k8snb.controls.registry import control
from k8snb.resources.pod import PodTemplate

_POD = "spec.securityContext."


@unless_user_namespace
def _users(template: PodTemplate) -> Iterator[Place]:
    """Look at what decides on the user of every container: its user id if there is one, else `runAsNonRoot`."""
    pod_user, pod_non_root = of_pod(template, "runAsUser"), of_pod(template, "runAsNonRoot")
    for at, own, container in of_containers(template, "runAsUser"):
        user = pod_user if own is None else own
        if user is not None:
            yield Place(user > 0, f"{_POD}runAsUser" if own is None else at, user, container)
            continue
        decided = container.securityContext.runAsNonRoot if container.securityContext else None
        inherited = decided is None and pod_non_root is not None
        where = f"{_POD}runAsNonRoot" if inherited else at.replace("runAsUser", "runAsNonRoot")
        non_root = pod_non_root if decided is None else decided
        yield Place(non_root is True, where, non_root, container)


def _bad(place: Place) -> str:
    if place.observed is None:
        return "{who} may run as root: neither runAsNonRoot nor runAsUser is set"
    return (
        "{who} may run as root: runAsNonRoot is false" if place.observed is False else "{who} runs as user {observed}"
    )


@control(
    id="run-as-non-root",
    chapter=CHAPTER,
    section=NON_ROOT,
    severity="high",
    subject="pod",
    title="Containers run as a user other than root",
    why=(
        "A process that is root in its container is root for the kernel too. One flaw in the runtime, or one careless "
        "mount, and it is root on the node."
    ),
    fix=(
        "Build the image with a numeric USER other than 0, then set runAsNonRoot: true, and runAsUser where the image "
        "names its user by a word. Where root is really needed, hostUsers: false maps it to nobody on the node."
    ),
    caution="Files that belong to root, ports below 1024 and images that write below / may stop working; try it first.",
    remedy="patch",
    references=References(
        pss=("restricted: Running as Non-root", "restricted: Running as Non-root user"),
        cis=("5.2.7",),
        nist_800_53=("AC-6", "CM-7"),
        nist_800_190=("4.1.2", "4.4.3"),
        mitre=("T1611", "T1068"),
        kubescape=("C-0013",),
        trivy=("KSV-0012", "KSV-0105"),
        kube_bench=("5.2.7",),
    ),
    passing=[
        context("{runAsNonRoot: true}"),
        context("{runAsUser: 1000}"),
        pod("securityContext: {runAsNonRoot: true}\ncontainers: [{name: app, image: registry.example.com/app:1.4.2}]"),
        pod("hostUsers: false\ncontainers: [{name: app, image: registry.example.com/app:1.4.2}]"),
    ],
    failing=[
        context("{}"),
        context("{runAsNonRoot: true, runAsUser: 0}"),
        pod(
            "securityContext: {runAsNonRoot: true}\n"
            "containers: [{name: app, image: registry.example.com/app:1.4.2, securityContext: {runAsNonRoot: false}}]"
        ),
    ],
)
def run_as_non_root(template: PodTemplate) -> Iterator[Observation]:
    """Containers run as a user other than root."""
    return tell(
        template,
        _users(template),
        "runAsNonRoot: true or runAsUser above 0, in the container or the pod; or hostUsers: false",
        "no container runs as root",
        _bad,
    )
