"""Google Kubernetes Engine: `gcloud container clusters describe --format=json`."""

from collections.abc import Mapping
from typing import Any

from k8snb.evidence.providers.export import Answer, Export, at, hosts, parts

_AUTHORIZED, _PRIVATE = "masterAuthorizedNetworksConfig", "privateClusterConfig"
_ENDPOINTS = "controlPlaneEndpointsConfig"
_ADDRESSES = (
    "endpoint",
    f"{_PRIVATE}.privateEndpoint",
    f"{_PRIVATE}.publicEndpoint",
    f"{_ENDPOINTS}.dnsEndpointConfig.endpoint",
)
_EVERY_MACHINE = "every machine of Google Cloud"


def known(one: Mapping[str, Any]) -> bool:
    """Say whether it is such an export."""
    return "masterAuth" in one and "currentMasterVersion" in one


def read(one: Mapping[str, Any]) -> Export:
    """Read it; people log in by Google identities, and Admin Activity audit logs are written, always.

    Source: Google Kubernetes Engine API, `projects.locations.clusters`; "GKE audit logging information".
    """
    answers = {
        "authentication": Answer("Google identities", "selfLink"),
        "audit": Answer(True, "selfLink"),
        "static": Answer(bool(at(one, "masterAuth.username") or at(one, "masterAuth.clientCertificate")), "masterAuth"),
        "rbac": Answer(at(one, "legacyAbac.enabled") is not True, "legacyAbac.enabled"),
        **_reach(one),
    }
    state, mode = at(one, "databaseEncryption.state"), at(one, "anonymousAuthenticationConfig.mode")
    if state in {"ENCRYPTED", "DECRYPTED"}:
        answers["encryption"] = Answer("kms" if state == "ENCRYPTED" else "identity", "databaseEncryption.state")
    if mode in {"LIMITED", "ENABLED"}:
        answers["anonymous"] = Answer(mode == "ENABLED", "anonymousAuthenticationConfig.mode")
    version = str(one.get("currentMasterVersion") or "")
    return Export("GKE", str(one.get("name") or ""), hosts(at(one, path) for path in _ADDRESSES), version, answers)


def _reach(one: Mapping[str, Any]) -> dict[str, Answer]:
    by_name = f"{_ENDPOINTS}.dnsEndpointConfig.allowExternalTraffic"
    if at(one, by_name) is True:
        return {"public": Answer(True, by_name), "ranges": Answer(None, by_name)}
    closed = f"{_PRIVATE}.enablePrivateEndpoint"
    public = at(one, f"{_ENDPOINTS}.ipEndpointsConfig.enablePublicEndpoint")
    private = at(one, closed) is True or public is False
    return {"public": Answer(not private, closed), "ranges": Answer(_ranges(one), _AUTHORIZED)}


def _ranges(one: Mapping[str, Any]) -> list[str] | None:
    if at(one, f"{_AUTHORIZED}.enabled") is not True:
        return None
    named = [str(part.get("cidrBlock"))[:50] for part in parts(one, f"{_AUTHORIZED}.cidrBlocks")]
    every = at(one, f"{_AUTHORIZED}.gcpPublicCidrsAccessEnabled") is True
    return [*named, *([_EVERY_MACHINE] if every else [])]
