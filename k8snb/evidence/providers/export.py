"""What every provider's export is read into, and how fields of it are taken."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

NAME = "provider/export"
"""Name of the fact."""


class Answer(msgspec.Struct, frozen=True):
    """What an export says of one thing.

    Attributes:
        value: The answer; JSON types.
        at: Field path in the export.
    """

    value: Any
    at: str


class Export(msgspec.Struct, frozen=True):
    """What a provider says of a cluster.

    Attributes:
        provider: `EKS`, `GKE` or `AKS`.
        name: The cluster's name there; untrusted text.
        endpoints: Host names and addresses of its API server, in lower case.
        version: Its Kubernetes version.
        answers: By what they answer; what an export does not tell is absent.
            `public`: whether a public address leads to the API server.
            `ranges`: who may come there, as networks in CIDR notation; None for everybody.
            `audit`: whether audit events are kept outside of the cluster.
            `encryption`: what Secrets are encrypted with, as in an EncryptionConfiguration; `identity` for nothing.
            `authentication`: how people log in; None for certificates alone.
            `static`: whether a password or an administrator's certificate is issued that nobody can revoke.
            `rbac`: whether RBAC alone decides.
            `anonymous`: whether anonymous requests reach more than health checks.
    """

    provider: str
    name: str
    endpoints: tuple[str, ...]
    version: str
    answers: Mapping[str, Answer]


def at(one: Any, path: str) -> Any:
    """Give the field at a path with dots; None where it is absent."""
    for key in path.split("."):
        one = one.get(key) if isinstance(one, Mapping) else None
    return one


def parts(one: Any, path: str) -> list[Mapping[str, Any]]:
    """Give the mappings in a list; nothing where there is none."""
    found = at(one, path)
    return [part for part in found if isinstance(part, Mapping)] if isinstance(found, list) else []


def words(value: Any) -> list[str]:
    """Give the texts in a list; nothing where there is none."""
    return [str(one)[:253] for one in value if isinstance(one, str)] if isinstance(value, list) else []


def hosts(values: Iterable[Any]) -> tuple[str, ...]:
    """Give the hosts of addresses, with or without a scheme."""
    found = (urlsplit(one if "//" in one else f"//{one}").hostname for one in values if isinstance(one, str) and one)
    return tuple(dict.fromkeys(one for one in found if one))
