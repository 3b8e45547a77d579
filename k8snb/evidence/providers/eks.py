"""Amazon EKS: `aws eks describe-cluster`."""

import re
from collections.abc import Mapping
from typing import Any

from k8snb.evidence.providers.export import Answer, Export, at, hosts, parts, words

_NETWORK = "resourcesVpcConfig"
_ENCRYPTS = (1, 28)
"""From this version on all API data is encrypted with KMS v2, by a key of the provider's where none is named.

Source: Amazon EKS User Guide, "Default envelope encryption for all Kubernetes API Data".
"""


def known(one: Mapping[str, Any]) -> bool:
    """Say whether it is such an export."""
    return _NETWORK in one and "arn" in one


def read(one: Mapping[str, Any]) -> Export:
    """Read it; people log in by AWS IAM always. Source: Amazon EKS API Reference, `Cluster`."""
    answers = {"authentication": Answer("AWS IAM", "arn"), "audit": _audit(one), **_encryption(one)}
    public = at(one, f"{_NETWORK}.endpointPublicAccess")
    if isinstance(public, bool):
        answers["public"] = Answer(public, f"{_NETWORK}.endpointPublicAccess")
        answers["ranges"] = Answer(
            words(at(one, f"{_NETWORK}.publicAccessCidrs")) or None, f"{_NETWORK}.publicAccessCidrs"
        )
    version = str(one.get("version") or "")
    return Export("EKS", str(one.get("name") or ""), hosts([one.get("endpoint")]), version, answers)


def _audit(one: Mapping[str, Any]) -> Answer:
    enabled = [setup for setup in parts(one, "logging.clusterLogging") if setup.get("enabled") is True]
    return Answer(any("audit" in words(setup.get("types")) for setup in enabled), "logging.clusterLogging")


def _encryption(one: Mapping[str, Any]) -> dict[str, Answer]:
    minor = re.match(r"(\d+)\.(\d+)", str(one.get("version") or ""))
    late = minor is not None and (int(minor[1]), int(minor[2])) >= _ENCRYPTS
    if any("secrets" in words(part.get("resources")) for part in parts(one, "encryptionConfig")):
        return {"encryption": Answer("kms v2" if late else "kms", "encryptionConfig")}
    if late:
        return {"encryption": Answer("kms v2", "version")}
    return {"encryption": Answer("identity", "encryptionConfig")} if minor else {}
