"""Azure Kubernetes Service: `az aks show`."""

from collections.abc import Mapping
from typing import Any

from k8snb.evidence.providers.export import Answer, Export, at, hosts, words

_TYPE = "/microsoft.containerservice/managedclusters/"
_ACCESS, _KMS = "apiServerAccessProfile", "securityProfile.azureKeyVaultKms.enabled"


def known(one: Mapping[str, Any]) -> bool:
    """Say whether it is such an export."""
    return _TYPE in str(one.get("id") or "").lower()


def read(one: Mapping[str, Any]) -> Export:
    """Read it. Where audit events go is a diagnostic setting, which is not part of it.

    Source: Azure REST API, `ManagedClusters`.
    """
    private, ranges = f"{_ACCESS}.enablePrivateCluster", f"{_ACCESS}.authorizedIpRanges"
    entra = isinstance(one.get("aadProfile"), Mapping)
    answers = {
        "public": Answer(at(one, private) is not True, private),
        "ranges": Answer(words(at(one, ranges)) or None, ranges),
        "static": Answer(one.get("disableLocalAccounts") is not True, "disableLocalAccounts"),
        "authentication": Answer("Microsoft Entra ID" if entra else None, "aadProfile"),
    }
    if isinstance(one.get("enableRbac"), bool):
        answers["rbac"] = Answer(one["enableRbac"], "enableRbac")
    if "securityProfile" in one:
        answers["encryption"] = Answer("kms v2" if at(one, _KMS) is True else "identity", _KMS)
    version = str(one.get("currentKubernetesVersion") or one.get("kubernetesVersion") or "")
    return Export("AKS", str(one.get("name") or ""), hosts([one.get("fqdn"), one.get("privateFqdn")]), version, answers)
