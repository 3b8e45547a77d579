"""Two ways to configure a control plane: one that falls short of the hardening guide, and one that follows it."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from k8snb.errors import UsageError
from k8snb.sandbox.home import Home

SEED_USER = "k8snb-sandbox-seed"
"""May create pods whatever their Pod Security level: the practice workloads are there before the rules are."""

_GUIDE_EVENTS: tuple[dict[str, Any], ...] = (
    {"level": "None", "verbs": ["watch"], "users": ["system:kube-controller-manager", "system:kube-scheduler"]},
    {
        "level": "Metadata",
        "resources": [
            {"group": "", "resources": ["secrets", "configmaps", "serviceaccounts/token"]},
            {"group": "authentication.k8s.io", "resources": ["tokenreviews"]},
        ],
    },
    {
        "level": "RequestResponse",
        "verbs": ["create", "update", "patch", "delete", "deletecollection"],
        "resources": [
            {"group": "rbac.authorization.k8s.io"},
            {"group": "admissionregistration.k8s.io"},
            {"group": "", "resources": ["pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers"]},
        ],
    },
    {"level": "Metadata"},
)


class Profile(msgspec.Struct, frozen=True):
    """How components are configured.

    Attributes:
        api_server: Flags of the API server by name, without dashes.
        controller_manager: Flags of the controller manager.
        scheduler: Flags of the scheduler.
        files: What goes into the folder of configuration files, by file name; called with the place of the cluster.
        etcd_tls: Whether etcd wants client certificates, and speaks TLS only.
    """

    api_server: Mapping[str, str]
    controller_manager: Mapping[str, str]
    scheduler: Mapping[str, str]
    files: Mapping[str, Callable[[Home], str]]
    etcd_tls: bool


def _audit_policy(_: Home) -> str:
    return json.dumps(
        {
            "apiVersion": "audit.k8s.io/v1",
            "kind": "Policy",
            "omitStages": ["RequestReceived"],
            "omitManagedFields": True,
            "rules": _GUIDE_EVENTS,
        }
    )


def _encryption(_: Home) -> str:
    key = {"name": "sandbox", "secret": base64.b64encode(secrets.token_bytes(32)).decode()}
    resource = {"resources": ["secrets"], "providers": [{"secretbox": {"keys": [key]}}, {"identity": {}}]}
    return json.dumps(
        {"apiVersion": "apiserver.config.k8s.io/v1", "kind": "EncryptionConfiguration", "resources": [resource]}
    )


def _admission(_: Home) -> str:
    levels = {"enforce": "baseline", "audit": "restricted", "warn": "restricted"}
    defaults = levels | {f"{mode}-version": "latest" for mode in levels}
    security = {
        "apiVersion": "pod-security.admission.config.k8s.io/v1",
        "kind": "PodSecurityConfiguration",
        "defaults": defaults,
        "exemptions": {"usernames": [SEED_USER], "namespaces": ["kube-system"], "runtimeClasses": []},
    }
    return json.dumps(
        {
            "apiVersion": "apiserver.config.k8s.io/v1",
            "kind": "AdmissionConfiguration",
            "plugins": [{"name": "PodSecurity", "configuration": security}],
        }
    )


def _everything_allowed(_: Home) -> str:
    spec = dict.fromkeys(("user", "group", "namespace", "resource", "apiGroup", "nonResourcePath"), "*")
    return json.dumps({"apiVersion": "abac.authorization.kubernetes.io/v1beta1", "kind": "Policy", "spec": spec})


def _static_token(_: Home) -> str:
    return f"{secrets.token_urlsafe(32)},static-user,static-user,practice\n"


WEAK = Profile(
    api_server={
        "anonymous-auth": "true",
        "authorization-mode": "ABAC",
        "authorization-policy-file": "{configuration}/abac.jsonl",
        "token-auth-file": "{configuration}/tokens.csv",
        "enable-admission-plugins": "AlwaysAdmit",
        "disable-admission-plugins": "PodSecurity",
        "tls-min-version": "VersionTLS10",
        "profiling": "true",
    },
    controller_manager={"profiling": "true", "use-service-account-credentials": "false"},
    scheduler={"profiling": "true"},
    files={"abac.jsonl": _everything_allowed, "tokens.csv": _static_token},
    etcd_tls=False,
)
HARDENED = Profile(
    api_server={
        "anonymous-auth": "false",
        "authorization-mode": "Node,RBAC",
        "enable-admission-plugins": "NodeRestriction",
        "admission-control-config-file": "{configuration}/admission.json",
        "audit-policy-file": "{configuration}/audit-policy.json",
        "audit-log-path": "{folder}/logs/audit.log",
        "audit-log-maxage": "30",
        "audit-log-maxbackup": "10",
        "audit-log-maxsize": "100",
        "encryption-provider-config": "{configuration}/encryption.json",
        "tls-min-version": "VersionTLS12",
        "profiling": "false",
        "kubelet-client-certificate": "{keys}/kubelet-client.crt",
        "kubelet-client-key": "{keys}/kubelet-client.key",
        "kubelet-certificate-authority": "{keys}/kubelet-ca.crt",
    },
    controller_manager={"profiling": "false", "use-service-account-credentials": "true"},
    scheduler={"profiling": "false"},
    files={
        "admission.json": _admission,
        "audit-policy.json": _audit_policy,
        "encryption.json": _encryption,
    },
    etcd_tls=True,
)
PROFILES = {"weak": WEAK, "hardened": HARDENED}


def profile(name: str) -> Profile:
    """Give a profile.

    Raises:
        UsageError: if there is none of that name.
    """
    if name not in PROFILES:
        raise UsageError(f"There is no profile {name}.", f"Known: {', '.join(PROFILES)}.")
    return PROFILES[name]
