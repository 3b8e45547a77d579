"""What stands behind the findings: controls that one and the same fix ends are told once."""

from collections import Counter
from collections.abc import Mapping
from typing import Literal

import msgspec

from k8snb.analysis.namespaces import SYSTEM
from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import Finding, Subject
from k8snb.controls.model import SEVERITIES, Control, Severity, SubjectKind
from k8snb.controls.registry import controls

Who = Literal["access", "cluster", "workload"]


class Fix(msgspec.Struct, frozen=True):
    """A fix that ends the findings of several controls.

    Attributes:
        title: What holds afterwards.
        fix: What to do.
        caution: What may break.
        who: Who can do it: whoever administers access or the cluster, or the owners of the workloads.
        controls: The controls whose findings it ends.
        by_namespace: Whether a namespace is fixed as a whole, whatever in it fails.
    """

    title: str
    fix: str
    caution: str
    who: Who
    controls: tuple[str, ...]
    by_namespace: bool = False


FIXES: tuple[Fix, ...] = (
    Fix(
        "Roles and bindings grant no more than is needed",
        "Bind a role that names what is needed, where it is needed, and delete the wide binding.",
        "Whoever works through the wide binding loses it: look at who uses it, and keep a way in for emergencies.",
        "access",
        (
            "cluster-admin-bindings",
            "no-anonymous-bindings",
            "no-escalation-paths",
            "no-wildcard-roles",
            "least-privilege-admission",
            "least-privilege-certificates",
            "least-privilege-escalation-verbs",
            "least-privilege-exec",
            "least-privilege-node-proxy",
            "least-privilege-secrets",
            "least-privilege-tokens",
            "least-privilege-volumes",
            "least-privilege-workload-creation",
        ),
    ),
    Fix(
        "Pods do not reach into their node",
        "Take privileged mode, host namespaces, host ports and directories of the node from every pod that works "
        "without; accept the rest by name with a waiver.",
        "Agents of networks, storage and monitoring need some of it, and static pods of the control plane too.",
        "workload",
        (
            "no-privileged-containers",
            "no-host-path-volumes",
            "restricted-volume-types",
            "no-host-network",
            "no-host-pid",
            "no-host-ipc",
            "no-host-ports",
            "no-windows-host-process",
        ),
    ),
    Fix(
        "Kubelets answer nobody whom they do not know",
        "Put the kubelet's authentication, authorization and TLS into its configuration file, node by node.",
        "Every kubelet restarts; running pods stay.",
        "cluster",
        (
            "kubelet-anonymous-auth",
            "kubelet-authorization",
            "kubelet-client-ca",
            "kubelet-read-only-port",
            "kubelet-tls",
            "kubelet-certificate-rotation",
        ),
    ),
    Fix(
        "Secrets are encrypted at rest with a key that is kept elsewhere",
        "Give the API server an encryption configuration with a KMS provider, and write all Secrets anew.",
        "Without the key the Secrets are lost: keep a copy where backups of etcd are not.",
        "cluster",
        ("secrets-encrypted-at-rest", "secrets-kms"),
    ),
    Fix(
        "Traffic is denied by default, both ways",
        "Deny ingress and egress of every namespace by NetworkPolicy, allow DNS, then allow what is needed.",
        "Connections that no policy allows stop at once: write down first who talks to whom.",
        "workload",
        ("default-deny-ingress", "default-deny-egress", "pods-isolated", "metadata-service-blocked"),
        by_namespace=True,
    ),
    Fix(
        "Pod templates give up what their containers do not need",
        "Set the security context, the limits and the token of the pod template, all in one rollout of each workload.",
        "Pods restart; an image that writes to its file system or needs root fails to start, so try one replica first.",
        "workload",
        (
            "run-as-non-root",
            "run-as-non-root-group",
            "no-privilege-escalation",
            "no-added-capabilities",
            "drop-all-capabilities",
            "read-only-root-filesystem",
            "seccomp-profile",
            "no-service-account-token",
            "container-resource-limits",
        ),
    ),
    Fix(
        "Every component runs a maintained version with the newest patches",
        "Upgrade to the newest patch of a maintained minor version, control plane first, then node by node.",
        "Read what the new version removes before; drain each node.",
        "cluster",
        ("supported-version", "latest-patch", "known-vulnerabilities", "version-skew", "node-patching"),
    ),
    Fix(
        "The API server records what happens, and the record leaves the node",
        "Give the API server an audit policy and a log file, and ship the file.",
        "The API server restarts; the log needs room on the disk.",
        "cluster",
        ("audit-logging-enabled", "audit-policy-coverage", "audit-log-retention", "audit-log-shipping"),
    ),
    Fix(
        "No credential stands in a manifest or an environment variable",
        "Move credentials into Secrets that are mounted as files, and renew every one that stood in the open.",
        "What was readable counts as known: a credential that is moved and not renewed stays known.",
        "workload",
        ("no-credentials-in-configuration", "no-secrets-in-environment"),
    ),
    Fix(
        "Images are pinned by digest",
        "Name every image by the digest that runs now.",
        "Updates then need a change of the manifest: let a bot propose them.",
        "workload",
        ("pinned-image-tag", "image-digest"),
    ),
    Fix(
        "Every namespace has limits",
        "Give each namespace a LimitRange and a ResourceQuota.",
        "What exceeds the quota is refused at its next start.",
        "cluster",
        ("limit-range", "resource-quota"),
        by_namespace=True,
    ),
)
"""The fixes that several controls share; every other control has its own."""
_OWNERS: Mapping[SubjectKind, Who] = {
    "pod": "workload",
    "workload": "workload",
    "configuration": "workload",
    "service": "workload",
    "ingress": "workload",
    "role": "access",
    "binding": "access",
    "rbac-subject": "access",
    "service-account": "workload",
}


class RootCause(msgspec.Struct, frozen=True):
    """A fix, and what it ends.

    Attributes:
        fix: The fix.
        findings: What fails for want of it and nobody accepted.
    """

    fix: Fix
    findings: tuple[Finding, ...]

    @property
    def controls(self) -> tuple[str, ...]:
        """Ids of the controls that fail, the one with the most findings first."""
        return tuple(one for one, __ in Counter(one.control for one in self.findings).most_common())

    @property
    def severities(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity, worst first; none that has none."""
        found = Counter(one.severity for one in self.findings)
        return {one: found[one] for one in SEVERITIES if found[one]}

    @property
    def worst(self) -> Severity:
        """The worst severity."""
        return next(iter(self.severities))

    @property
    def planned(self) -> int:
        """How many findings have a patch or a template; a person does the others."""
        return sum(one.fix in {"patch", "template"} for one in self.findings)

    @property
    def places(self) -> tuple[str, ...]:
        """What is to change, as `Kind/namespace/name`; untrusted text.

        First what most of the worst findings are about; what Kubernetes itself brings, and may need, comes last.
        """
        found: dict[str, Counter[Severity]] = {}
        brought: set[str] = set()
        for one in self.findings:
            place = _place(self.fix, one.subject)
            found.setdefault(place, Counter())[one.severity] += 1
            brought |= {place} if _is_brought(one.subject) else set()
        return tuple(
            sorted(found, key=lambda place: (place in brought, *(-found[place][one] for one in SEVERITIES), place))
        )


def root_causes(result: Assessment) -> list[RootCause]:
    """Give what stands behind all that fails: the cause with most critical findings first, then with most high ones.

    Args:
        result: The assessment; findings that somebody accepted do not count.
    """
    shared = {control: fix for fix in FIXES for control in fix.controls}
    found: dict[Fix, list[Finding]] = {}
    for one in result.findings(status="fail"):
        if not one.waiver:
            found.setdefault(shared.get(one.control) or _own(one.control), []).append(one)
    made = (RootCause(fix, tuple(findings)) for fix, findings in found.items())
    return sorted(made, key=_urgency)


def _urgency(one: RootCause) -> tuple[int | str, ...]:
    return *(-one.severities.get(severity, 0) for severity in SEVERITIES), one.fix.title


def _own(control: str) -> Fix:
    known: Control | None = controls().get(control)
    if known is None:
        return Fix(control, "", "", "cluster", (control,))
    title, fix, caution = (" ".join(text.split()) for text in (known.title, known.fix, known.caution))
    return Fix(title, fix, caution, _OWNERS.get(known.subject, "cluster"), (control,))


def _place(fix: Fix, subject: Subject) -> str:
    if fix.by_namespace:
        return f"Namespace/{subject.namespace or subject.name}"
    return str(subject)


def _is_brought(subject: Subject) -> bool:
    """Say whether something has a name that Kubernetes or kubeadm gives."""
    namespace = subject.name if subject.kind == "Namespace" else subject.namespace
    return namespace in SYSTEM or subject.name.startswith(("system:", "kubeadm:"))
