"""Namespaces enforce a Pod Security level."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from k8snb.analysis.components import api_servers
from k8snb.analysis.namespaces import NamespaceView
from k8snb.analysis.pod_security.model import LEVELS, Level
from k8snb.analysis.pod_security.registry import admits, minor
from k8snb.controls.model import Example, Observation, Parameter, References, seen, unknown
from k8snb.controls.pod_security._policies import enforced, mapping
from k8snb.controls.pod_security._shared import CHAPTER, ENFORCEMENT, LEVEL, empty
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.admission import KyvernoPolicy, PodSecurityPolicy
from k8snb.sources.stream import Gap

VERSION = Parameter("pod_security_version", str, "latest", "Version of the Pod Security Standards: latest, or v1.35.")
_LABEL = "pod-security.kubernetes.io/enforce"
_AT = f"metadata.labels['{_LABEL}']"
_known: WeakKeyDictionary[Cluster, list[Mapping[str, str]]] = WeakKeyDictionary()
_NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {%s}}\n"
_POLICY = """\
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: baseline}
spec:
  validationFailureAction: Enforce
  rules:
  - {name: all, match: {any: [{resources: {kinds: [Pod]}}]}, validate: {podSecurity: {level: baseline}}}
"""
_WORKLOAD = """\
---
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: shop}
spec: {hostPID: true, containers: [{name: app, image: registry.example.com/app:1.4.2}]}
"""


def _server_minor(cluster: Cluster) -> int | None:
    found = re.match(r"v1\.(\d+)", cluster.version or "")
    return int(found[1]) if found else None


def _label(view: NamespaceView, wanted: str) -> Observation:
    value = view.labels.get(_LABEL)
    expected = f"{wanted} or stricter"
    if value is None:
        return seen(False, _AT, None, expected, "the namespace enforces no Pod Security level")
    if value not in LEVELS:
        return seen(False, _AT, value, expected, f"{value[:63]} is no Pod Security level")
    holds = LEVELS.index(value) >= LEVELS.index(wanted)
    return seen(holds, _AT, value, expected, f"the namespace enforces the level {value}")


def _effect(view: NamespaceView, wanted: Level, version: str) -> str:
    """Tell what enforcing the level would refuse, so that nobody is surprised."""
    judged = [one for one in view.workloads if not empty(one.template)]
    refused = sum(not admits(one.template, wanted, version) for one in judged)
    if len(judged) == 1:
        return f"at {wanted} its only workload would {'' if refused else 'not '}be refused"
    return f"at {wanted} {refused} of its {len(judged)} workloads would be refused" if judged else ""


def _instead(view: NamespaceView, cluster: Cluster, wanted: str) -> Observation | None:
    """Look for what does the same as the label: an engine's policy, or a PodSecurityPolicy before 1.25."""
    expected = f"{wanted} or stricter"
    for policy in cluster.all(KyvernoPolicy):
        found = _level_of(policy, view.name)
        if LEVELS.index(found) >= max(LEVELS.index(wanted), 1):
            message = f"ClusterPolicy {policy.name[:253]} enforces the level {found}"
            return seen(True, f"ClusterPolicy/{policy.name}", found, expected, message)
    server, old = _server_minor(cluster), cluster.all(PodSecurityPolicy)
    if server is not None and server < 25 and old and _plugin(cluster, "enable-admission-plugins", "PodSecurityPolicy"):
        return seen(True, "PodSecurityPolicy", len(old), expected, "PodSecurityPolicies are in force", source="flag")
    return None


def _level_of(policy: KyvernoPolicy, namespace: str) -> str:
    """Give the strictest level that rules `validate.podSecurity` enforce there without exclusions."""
    checks = [mapping(mapping(rule.get("validate")).get("podSecurity")) for rule in enforced(policy, namespace)]
    named = [one.get("level") for one in checks if not one.get("exclude")]
    return max((one for one in LEVELS if one in named), key=LEVELS.index, default="privileged")


def _flags(cluster: Cluster) -> list[Mapping[str, str]]:
    if cluster not in _known:
        _known[cluster] = [one.flags or {} for one in api_servers(cluster)]
    return _known[cluster]


def _plugin(cluster: Cluster, flag: str, plugin: str) -> bool:
    return any(plugin in flags.get(flag, "").split(",") for flags in _flags(cluster))


def _ineffective(cluster: Cluster) -> str:
    """Say why the label does nothing here; empty where it works, or where nothing says that it does not."""
    server = _server_minor(cluster)
    if server is not None and server < 23:
        return f"Kubernetes 1.{server} does not know Pod Security admission"
    disabled = _plugin(cluster, "disable-admission-plugins", "PodSecurity")
    return "the API server has the admission plugin PodSecurity disabled" if disabled else ""


def _default(cluster: Cluster) -> str | None:
    """Give the file of the admission configuration, which may hold a default level, if the API server has one."""
    return next((file for flags in _flags(cluster) if (file := flags.get("admission-control-config-file"))), None)


@control(
    id="pod-security-admission",
    chapter=CHAPTER,
    section=ENFORCEMENT,
    severity="high",
    subject="namespace",
    reads=["clusterpolicies", "podsecuritypolicies", "pods"],
    evidence=("object", "flag"),
    title="Namespaces enforce a Pod Security level",
    why=(
        "Hardened manifests help only as long as everybody uses them. Admission control refuses the pod that is not, "
        "whoever creates it: a tired colleague, a chart, or an intruder."
    ),
    fix=(
        f"Label the namespace {_LABEL}=baseline, or restricted. Begin with the labels warn and audit at that level, "
        "mend what they name, then enforce."
    ),
    caution="Running pods stay, but new pods that violate the level are refused, at the next rollout or node failure.",
    remedy="patch",
    references=References(
        cis=("5.2.1",),
        nist_800_53=("AC-3", "AC-6", "CM-6", "CM-7"),
        nist_800_190=("4.4.3", "4.4.5"),
        mitre=("T1610", "T1611"),
        kubescape=("C-0192",),
        kube_bench=("5.2.1",),
    ),
    parameters=[LEVEL, VERSION],
    passing=[_NAMESPACE % f"{_LABEL}: baseline", _NAMESPACE % f"{_LABEL}: restricted", _NAMESPACE % "" + _POLICY],
    failing=[
        _NAMESPACE % "",
        _NAMESPACE % f"{_LABEL}: privileged",
        Example(_NAMESPACE % f"{_LABEL}: baseline", {LEVEL.name: "restricted"}),
        Example(_NAMESPACE % f"{_LABEL}: baseline", facts={"version": {"gitVersion": "v1.22.17"}}),
        _NAMESPACE % "" + _WORKLOAD,
    ],
)
def pod_security_admission(
    view: NamespaceView, cluster: Cluster, parameters: Mapping[str, Any]
) -> Iterator[Observation]:
    """Namespaces enforce a Pod Security level.

    A namespace without the label fails also where the flags of the API server are not known, as they never are at a
    provider: by itself Kubernetes enforces nothing, and a label is there for everybody to see. Only an admission
    configuration file that was seen, but not read, leaves it open: a default level for all namespaces may stand in it.
    Who has read that file can attest what it says, or set the label, which holds whatever the file says.
    """
    wanted, version = parameters[LEVEL.name], parameters[VERSION.name]
    minor(version)
    found = _label(view, wanted)
    reason = _ineffective(cluster) if found.holds else _effect(view, wanted, version)
    if reason:
        message = f"{found.message}; {reason}"
        found = seen(False, _AT, found.evidence.observed, found.evidence.expected, message)
    yield found if found.holds else _otherwise(view, cluster, wanted, found)


def _otherwise(view: NamespaceView, cluster: Cluster, wanted: str, found: Observation) -> Observation:
    """Take what does the same as the label, or say what may hide it; else the label decides."""
    instead = _instead(view, cluster, wanted)
    if instead:
        return instead
    gap, file = _hidden(view, cluster), _default(cluster)
    if gap:
        return unknown(gap, _AT, f"{wanted} or stricter", f"no level is enforced by label, but {gap.message}")
    if file and _LABEL not in view.labels and not _ineffective(cluster):
        message = f"a default level may stand in {file[:253]}, which was not collected"
        return unknown("not-collected", "--admission-control-config-file", f"{wanted} or stricter", message)
    return found


def _hidden(view: NamespaceView, cluster: Cluster) -> Gap | None:
    """Give what may hide the label, or, where there is none, a policy that does the same."""
    if view.object is None and (gap := cluster.gap("namespaces")):
        return gap
    return None if _LABEL in view.labels else cluster.gap("clusterpolicies")
