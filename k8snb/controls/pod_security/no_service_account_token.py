"""Pods carry no ServiceAccount token."""

from collections.abc import Iterator

from k8snb.analysis.accounts import summary
from k8snb.analysis.tokens import audiences, injected
from k8snb.controls._flags import component
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.pod_security._shared import CHAPTER, NO_CONTAINER, TOKENS, empty, pod
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.core import ServiceAccount
from k8snb.resources.pod import PodTemplate, Volume
from k8snb.sources.stream import Gap

_FIELD = "automountServiceAccountToken"
_EXPECTED = "false, in the pod or its ServiceAccount"
_BY_HAND = "no ServiceAccount token"
_PLACE = "/var/run/secrets/kubernetes.io/serviceaccount"
_CONTAINERS = "containers: [{name: app, image: registry.example.com/app:1.4.2}]\n"
_OFF = """---
apiVersion: v1
kind: ServiceAccount
metadata: {name: app, namespace: shop}
automountServiceAccountToken: false
"""
_PROJECTED = """
automountServiceAccountToken: false
containers:
- {name: app, image: registry.example.com/app:1.4.2, volumeMounts: [{name: token, mountPath: /token}]}
volumes: [{name: token, projected: {sources: [{serviceAccountToken: {path: token}}]}}]
"""
_VAULT = _PROJECTED.replace("{path: token}", "{path: token, audience: vault}")
_SERVER = "---\n" + component("kube-apiserver", "service-account-issuer=https://kubernetes.example.com").replace(
    "spec:\n", "spec:\n  automountServiceAccountToken: false\n"
)
_SECRET = f"""
automountServiceAccountToken: false
containers:
- {{name: app, image: registry.example.com/app:1.4.2, volumeMounts: [{{name: old, mountPath: {_PLACE}/}}]}}
volumes: [{{name: old, secret: {{secretName: app-token}}}}]
"""


def _mounted(template: PodTemplate) -> Iterator[tuple[str, str, str]]:
    """Give the tokens that containers mount by hand: where the volume stands, what it is, for which audience."""
    mounts = [mount for _, one in template.containers() for mount in one.volumeMounts or ()]
    mounted = {mount.name for mount in mounts}
    looked_for = {mount.name for mount in mounts if (mount.mountPath or "").rstrip("/") == _PLACE}
    for index, volume in enumerate(template.spec.volumes or ()):
        tokens = _tokens(volume) if volume.name in mounted else []
        for audience in tokens:
            own, other = "a ServiceAccount token", f"a ServiceAccount token for the audience {audience[:253]}"
            yield f"spec.volumes[{index}].projected", other if audience else own, audience
        if not tokens and volume.name in looked_for and (volume.secret or volume.projected):
            yield f"spec.volumes[{index}]", "what stands where ServiceAccount tokens are looked for", ""


def _tokens(volume: Volume) -> list[str]:
    """Give the audiences of the tokens in a volume; empty for the API server's own."""
    sources = (volume.projected and volume.projected.sources) or ()
    return [one.serviceAccountToken.audience or "" for one in sources if one.serviceAccountToken]


def _by_hand(workload: Workload, cluster: Cluster) -> Iterator[Observation]:
    """Judge tokens that are mounted by hand; one for somebody else's audience is worth nothing to the API server."""
    for at, what, audience in _mounted(workload.template):
        where, (taken, whole) = f"{workload.path}{at}", audiences(cluster)
        if not audience or audience in taken:
            granted = summary(cluster, workload.namespace, workload.service_account)
            yield seen(False, where, what, _BY_HAND, f"a container mounts {what}; {granted}")
        elif whole:
            yield seen(True, where, what, _BY_HAND, f"the API server does not take {what}, which a container mounts")
        else:
            clause = f"whether the API server takes {what}, which a container mounts, is not known"
            yield unknown("not-collected", where, _BY_HAND, clause)


def _account(cluster: Cluster, namespace: str, name: str) -> tuple[bool | None, Gap | None]:
    """Give the field of a ServiceAccount, and what hides it."""
    found = next((one for one in cluster.all(ServiceAccount, namespace) if one.name == name), None)
    if found:
        return found.automountServiceAccountToken, None
    return None, cluster.gap("serviceaccounts", namespace)


def _automount(workload: Workload, cluster: Cluster) -> Observation:
    """Judge the field; an account that was simply not collected has its default, one that was refused is not known."""
    own, name = workload.spec.automountServiceAccountToken, workload.service_account
    at = f"{workload.path}spec.{_FIELD}"
    if own is not None:
        return seen(not own, at, own, _EXPECTED, _message(workload, cluster, token=own))
    value, gap = _account(cluster, workload.namespace, name)
    if gap and gap.cause != "not-collected":
        return unknown(gap, at, _EXPECTED, f"ServiceAccount {name[:253]} could not be read: {gap.message}")
    where = at if value is None else f"ServiceAccount/{workload.namespace}/{name[:253]}.{_FIELD}"
    message = _message(workload, cluster, token=value is not False)
    told = f"{message}; the account may turn the token off, and was not collected" if gap else message
    return seen(value is False, where, value, _EXPECTED, told)


def _message(workload: Workload, cluster: Cluster, *, token: bool) -> str:
    if not token:
        return "no ServiceAccount token is mounted"
    return f"a token is mounted; {summary(cluster, workload.namespace, workload.service_account)}"


@control(
    id="no-service-account-token",
    chapter=CHAPTER,
    section=TOKENS,
    severity="medium",
    subject="workload",
    reads=["serviceaccounts", "roles", "clusterroles", "rolebindings", "clusterrolebindings"],
    title="Pods that do not need the API carry no token for it",
    why=(
        "Unless it is told otherwise, Kubernetes puts a token for the API server into every pod. Whoever reads one "
        "file there acts as the pod's ServiceAccount, with all that it may do."
    ),
    fix=(
        "Set automountServiceAccountToken: false in the pod template, or in the ServiceAccount. Where the API is "
        "needed, use a ServiceAccount of its own with just the rights it needs, and waive this finding with that "
        "reason."
    ),
    caution="Operators, controllers and sidecars of meshes need the token; the evidence says what it is good for.",
    remedy="patch",
    references=References(
        cis=("5.1.6",),
        nist_800_53=("AC-6", "IA-5"),
        nist_800_190=("4.3.1",),
        mitre=("T1528", "T1552.007"),
        kubescape=("C-0034",),
        trivy=("KSV-0036",),
        kube_bench=("5.1.6",),
    ),
    passing=[
        pod(f"automountServiceAccountToken: false\n{_CONTAINERS}"),
        pod(f"serviceAccountName: app\n{_CONTAINERS}") + _OFF,
        pod(_VAULT) + _SERVER,
    ],
    failing=[
        pod(_CONTAINERS),
        pod(f"automountServiceAccountToken: true\n{_CONTAINERS}"),
        pod(_PROJECTED),
        pod(_VAULT) + _SERVER.replace("https://kubernetes.example.com", "vault"),
        pod(_SECRET),
    ],
)
def no_service_account_token(workload: Workload, cluster: Cluster) -> Iterator[Observation]:
    """Pods that do not need the API carry no token for it.

    A token that is made for another audience, as workload identities of clouds and vaults take them, is no token for
    the API; it is left open where the audiences of the API server are not known (`--api-audiences`, by default what
    `--service-account-issuer` says).
    """
    if empty(workload.template):
        yield NO_CONTAINER
        return
    yield from _by_hand(workload, cluster)
    running = injected(workload)
    if running is None:
        yield _automount(workload, cluster)
    else:
        at, message = f"{workload.path}spec.volumes", _message(workload, cluster, token=running)
        yield seen(not running, at, "kube-api-access" if running else None, _BY_HAND, message)
