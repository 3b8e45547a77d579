"""API versions that Kubernetes deprecates: which, since when, and where a cluster's manifests still use them."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from k8snb.analysis.releases import Version, parse, releases
from k8snb.data import Dated, load
from k8snb.inventory.cluster import Cluster
from k8snb.resources.kinds import BY_RESOURCE

_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_VERSION = re.compile(r'"apiVersion"\s*:\s*"([^"]{1,100})"')


class DeprecatedApi(msgspec.Struct, frozen=True):
    """An API version of a kind that is deprecated.

    Attributes:
        api: As `apiVersion` has it.
        kind: The kind.
        deprecated: The minor release that deprecated it.
        removed: The minor release that does not serve it any more; empty where none is known.
        instead: What to use.
    """

    api: str
    kind: str
    deprecated: str
    removed: str
    instead: str


class DeprecatedApis(Dated, frozen=True):
    """The API versions that are deprecated."""

    apis: tuple[DeprecatedApi, ...]


class Use(msgspec.Struct, frozen=True):
    """A manifest that uses a deprecated API version.

    Attributes:
        api: Which.
        where: The object, or its kind; untrusted text.
    """

    api: DeprecatedApi
    where: str


@cache
def deprecated_apis() -> DeprecatedApis:
    """Give them. Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/."""
    return load("deprecated_apis", DeprecatedApis)


def target(cluster: Cluster) -> str:
    """Give the minor release that manifests are for: the API server's, or the newest that is known."""
    version: Version | None = parse(cluster.version)
    return f"{version.major}.{version.minor}" if version else releases().minors[-1].minor


def uses(cluster: Cluster) -> Iterator[Use]:
    """Give the manifests with an API version that is deprecated at the cluster's version.

    Looked at are the objects as the source has them, and what `kubectl apply` kept of the manifests that it was given.
    An API server tells objects in the version that it is asked for, so of a live cluster only the latter say anything.
    """
    now = _order(target(cluster))
    known = {(one.api, one.kind): one for one in deprecated_apis().apis if _order(one.deprecated) <= now}
    for api_version, kind, namespace, name in (*cluster.called(), *_applied(cluster)):
        found = known.get((api_version, kind))
        if found:
            yield Use(found, "/".join(part for part in (kind, namespace, name) if part))


def _applied(cluster: Cluster) -> Iterator[tuple[str, str, str, str]]:
    for kind in BY_RESOURCE.values():
        if kind.kind == "Pod":
            continue
        for one in cluster.all(kind.type):
            match = _VERSION.search(one.annotations.get(_APPLIED, "")[:2_000])
            if match:
                yield match[1], kind.kind, one.namespace, one.name


def _order(minor: str) -> tuple[int, ...]:
    return tuple(map(int, minor.split(".")))
