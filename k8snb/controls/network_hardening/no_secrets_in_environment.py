"""Secrets come as files, not as environment variables."""

from collections.abc import Iterator

from k8snb.analysis.words import clip
from k8snb.controls.model import Observation, References, seen
from k8snb.controls.network_hardening._shared import CHAPTER, NO_CONTAINER, SECRETS, empty, pod
from k8snb.controls.registry import control
from k8snb.resources.pod import Container, PodTemplate

_EXPECTED = "no Secret in the environment"


@control(
    id="no-secrets-in-environment",
    chapter=CHAPTER,
    section=SECRETS,
    severity="low",
    subject="pod",
    title="Secrets come as files, not as environment variables",
    why=(
        "The environment is inherited by every child process and printed by crash dumps, debug pages and diagnostics. "
        "A mounted file is read where it is needed, and follows the Secret when that is renewed."
    ),
    fix="Mount the Secret as a volume and let the program read the file; many images take a *_FILE variable for it.",
    caution="A program that only knows variables needs a change or a start script.",
    remedy="manual",
    references=References(
        cis=("5.4.1",),
        nist_800_53=("IA-5(7)", "SC-28"),
        nist_800_190=("4.1.4",),
        mitre=("T1552.007",),
        kubescape=("C-0207",),
        kube_bench=("5.4.1",),
    ),
    passing=[
        pod("env: [{name: LOG_LEVEL, value: info}]"),
        pod("volumeMounts: [{name: db, mountPath: /run/secrets/db, readOnly: true}]"),
    ],
    failing=[
        pod("env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]"),
        pod("envFrom: [{secretRef: {name: db}}]"),
    ],
)
def no_secrets_in_environment(template: PodTemplate) -> Iterator[Observation]:
    """Secrets come as files, not as environment variables."""
    if empty(template):
        yield NO_CONTAINER
    for path, container in template.containers():
        clean = f"container {clip(container.name)} takes no Secret from its environment"
        yield from list(_found(f"spec.{path}", container)) or [seen(True, f"spec.{path}.env", None, _EXPECTED, clean)]


def _found(path: str, container: Container) -> Iterator[Observation]:
    for index, one in enumerate(container.env or ()):
        reference = one.valueFrom and one.valueFrom.secretKeyRef
        if reference:
            clause = f"variable {clip(one.name)} comes from Secret {clip(reference.name)}"
            yield seen(False, f"{path}.env[{index}].valueFrom.secretKeyRef", reference.name, _EXPECTED, clause)
    for index, group in enumerate(container.envFrom or ()):
        if group.secretRef:
            clause = f"all of Secret {clip(group.secretRef.name)} becomes variables of {clip(container.name)}"
            yield seen(False, f"{path}.envFrom[{index}].secretRef", group.secretRef.name, _EXPECTED, clause)
