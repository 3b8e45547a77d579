"""Powers that lead further than they seem, as data: verbs and resources that suffice for each.

Source: Kubernetes documentation, "Role Based Access Control Good Practices", privilege escalation risks; "User
Impersonation"; "Certificates and Certificate Signing Requests", authorization.
"""

from collections.abc import Mapping
from functools import cached_property

import msgspec

RBAC, ADMISSION, CERTIFICATES = "rbac.authorization.k8s.io", "admissionregistration.k8s.io", "certificates.k8s.io"
IDENTITIES = "authentication.k8s.io"
CHANGING = ("create", "update", "patch")
WRITING = (*CHANGING, "delete", "deletecollection")
CSR = "certificatesigningrequests"


class Right(msgspec.Struct, frozen=True, dict=True):
    """Verbs on resources of a group, any of which suffices.

    Attributes:
        verbs: The verbs.
        resources: Plural names, with a subresource after a slash.
        group: API group; empty for core.
        everywhere: Whether only a ClusterRoleBinding can grant it, because requests for it are in no namespace.
    """

    verbs: tuple[str, ...]
    resources: tuple[str, ...]
    group: str = ""
    everywhere: bool = False

    @cached_property
    def permissions(self) -> tuple[tuple[str, str, str], ...]:
        """Verb, group and resource of each permission that suffices."""
        return tuple((verb, self.group, resource) for verb in self.verbs for resource in self.resources)


class Power(msgspec.Struct, frozen=True):
    """Something that permissions let somebody do.

    Attributes:
        may: What, as a clause behind `may`.
        ways: Each is a way to it, and takes one permission of every right in it.
        named: Whether a permission on named objects is enough.
    """

    may: str
    ways: tuple[tuple[Right, ...], ...]
    named: bool = True


def _any(*rights: Right) -> tuple[tuple[Right, ...], ...]:
    return tuple((one,) for one in rights)


MAKERS = (
    Right(CHANGING, ("pods", "replicationcontrollers")),
    Right(CHANGING, ("deployments", "daemonsets", "statefulsets", "replicasets"), "apps"),
    Right(CHANGING, ("jobs", "cronjobs"), "batch"),
)
"""Changes of pods and of what makes them. Binding a pod to a node (`pods/binding`) and scaling start nothing new."""
INSIDE = (
    Right(("create", "get"), ("pods/exec", "pods/attach")),
    Right(("update", "patch"), ("pods/ephemeralcontainers",)),
)
"""Ways into running pods; `get` is what a WebSocket asks for."""
BIND = Right(("bind",), ("clusterroles", "roles"), RBAC)
ESCALATE_CLUSTER_ROLES = Right(("escalate",), ("clusterroles",), RBAC, everywhere=True)
ESCALATE_ROLES = Right(("escalate",), ("roles",), RBAC)
IMPERSONATE = Right(("impersonate",), ("users", "groups"), everywhere=True)
IMPERSONATE_ACCOUNTS = Right(("impersonate",), ("serviceaccounts",))
CONSTRAINED = (
    Right(("impersonate:user-info",), ("users", "groups"), IDENTITIES, everywhere=True),
    Right(("impersonate:serviceaccount",), ("serviceaccounts",), IDENTITIES),
    Right(("impersonate:arbitrary-node", "impersonate:associated-node"), ("nodes",), IDENTITIES, everywhere=True),
)
APPROVE = (
    Right(("update", "patch"), (f"{CSR}/approval",), CERTIFICATES, everywhere=True),
    Right(("approve",), ("signers",), CERTIFICATES, everywhere=True),
)
SIGN = (
    Right(("update", "patch"), (f"{CSR}/status",), CERTIFICATES, everywhere=True),
    Right(("sign",), ("signers",), CERTIFICATES, everywhere=True),
)
_HOOKS = (
    "mutatingwebhookconfigurations",
    "validatingwebhookconfigurations",
    "mutatingadmissionpolicies",
    "mutatingadmissionpolicybindings",
    "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
)

POWERS: Mapping[str, Power] = {
    "least-privilege-secrets": Power(
        "read all Secrets", _any(Right(("get", "list", "watch"), ("secrets",))), named=False
    ),
    "least-privilege-exec": Power(
        "get into running pods", _any(*INSIDE, Right(("create", "get"), ("pods/portforward",)))
    ),
    "least-privilege-workload-creation": Power("create or change workloads", _any(*MAKERS)),
    "least-privilege-escalation-verbs": Power(
        "bind, escalate or impersonate",
        _any(BIND, ESCALATE_CLUSTER_ROLES, ESCALATE_ROLES, IMPERSONATE, IMPERSONATE_ACCOUNTS, *CONSTRAINED),
    ),
    "least-privilege-node-proxy": Power(
        "reach kubelets through nodes/proxy",
        _any(Right(("get", "create", "update", "patch", "delete"), ("nodes/proxy",), everywhere=True)),
    ),
    "least-privilege-tokens": Power(
        "issue tokens of ServiceAccounts", _any(Right(("create",), ("serviceaccounts/token",)))
    ),
    "least-privilege-admission": Power(
        "change webhooks or admission policies", _any(Right(WRITING, _HOOKS, ADMISSION, everywhere=True))
    ),
    "least-privilege-certificates": Power("approve or sign certificates", (APPROVE, SIGN)),
    "least-privilege-volumes": Power(
        "create PersistentVolumes", _any(Right(("create",), ("persistentvolumes",), everywhere=True))
    ),
}
"""Powers by the id of the control that asks about them."""
