"""Shared responsibility: who answers for a control, here."""

from typing import Literal

import msgspec

from k8snb.analysis.operators import Operator

Who = Literal["provider", "both", "you", "unknown"]
_PROVIDERS = frozenset({"api-server", "etcd", "scheduler", "controller-manager", "control-plane"})
"""Kinds of subjects that a provider operates."""
_SETTINGS = frozenset(
    {
        "api-server-exposure",
        "audit-log-retention",
        "audit-log-shipping",
        "audit-logging-enabled",
        "latest-patch",
        "no-static-credentials",
        "rbac-enabled",
        "secrets-encrypted-at-rest",
        "secrets-kms",
        "strong-user-authentication",
        "supported-version",
        "version-skew",
    }
)
"""Controls that a customer sets, and the provider carries out."""
_ITS_OWN = frozenset({"audit-policy-coverage", "control-plane-isolation", "kubeconfig-protection"})
"""Controls of nodes and files that a customer of a provider never sees."""


class Responsibility(msgspec.Struct, frozen=True):
    """Who answers for a control: `provider`, `both`, `you`, or `unknown`; and why, in one clause."""

    who: Who
    why: str


def responsible(found: Operator, control: str, subject: str) -> Responsibility:
    """Say who answers for a control.

    Args:
        found: Who operates the control plane.
        control: Id of the control.
        subject: What it is asked about, such as `api-server` or `node`.

    Source: shared responsibility models of Amazon EKS, Google Kubernetes Engine and Azure Kubernetes Service.
    """
    provided = subject in _PROVIDERS or control in _SETTINGS | _ITS_OWN
    if found.managed is None and provided:
        return Responsibility("unknown", "who operates the control plane is not known")
    if not found.managed:
        return Responsibility("you", "the control plane is your own" if provided else "yours on every cluster")
    if control in _SETTINGS:
        return Responsibility("both", f"you set it, {found.name} carries it out")
    if provided:
        return Responsibility("provider", f"{found.name} operates it")
    if subject == "node":
        return Responsibility("both", f"{found.name} makes the image, you choose and replace it")
    return Responsibility("you", "yours on every cluster")
