"""Addresses: who can reach them."""

from collections.abc import Iterable
from ipaddress import collapse_addresses, ip_address, ip_network
from urllib.parse import urlsplit

_WHOLE = 0
_LOCAL = frozenset({"localhost", "localhost.localdomain"})


def is_public(host: str) -> bool | None:
    """Say whether an address is one of the internet's; None for a name, which does not tell."""
    try:
        return ip_address(host.strip("[]")).is_global
    except ValueError:
        return False if host in _LOCAL else None


def is_loopback(host: str) -> bool:
    """Say whether only the machine itself reaches an address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host in _LOCAL


def is_local_url(url: str) -> bool:
    """Say whether only the machine itself reaches a URL: a loopback address, or a socket in its file system."""
    parts = urlsplit(url)
    return parts.scheme in {"unix", "unixs"} or is_loopback(parts.hostname or "")


def lets_everybody_in(ranges: Iterable[str] | None) -> bool:
    """Say whether networks are all of the internet together; None is no limit, a word that is no network a wide one."""
    if ranges is None:
        return True
    try:
        networks = [ip_network(one, strict=False) for one in ranges]
    except ValueError:
        return True
    versions = ([one for one in networks if one.version == version] for version in (4, 6))
    return any(one.prefixlen == _WHOLE for group in versions for one in collapse_addresses(group))  # type: ignore[type-var]
