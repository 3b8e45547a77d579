"""Harmless probes of an API server, only at its own address: a request without credentials, and TLS handshakes."""

import copy
import socket
import ssl
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from k8snb.sources.connection import Connection, Limits
from k8snb.sources.stream import Fact, Gap

ANONYMOUS, TLS = "probe/anonymous", "probe/tls"
PATH = "/api"
"""Without credentials nobody may read it by default, so an answer of 200 tells that everybody may."""
_SECONDS = 5.0
_BRIEF = Limits(connect=_SECONDS, read=_SECONDS, whole=_SECONDS, retries=0)
_VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
_ALERT = "ALERT_PROTOCOL_VERSION"
"""What a server says that does not speak a version; other failures may be those of this side."""


def anonymous(connection: Connection, seen: str) -> Iterator[Fact | Gap]:
    """Ask without any credentials.

    Args:
        connection: How to reach the server.
        seen: When, RFC 3339.

    Yields:
        A fact whose value is `{status}`: 401 says that anonymous requests are refused, 403 that they are let in and
        may do nothing here, 200 that everybody may read.
    """
    answer = nobody(connection).get(PATH)
    if answer.status:
        yield Fact(ANONYMOUS, {"status": answer.status}, "probe", f"GET {PATH} without credentials", seen)
    else:
        yield Gap(answer.failed or "unreachable", f"a request without credentials: {answer.reason}", ANONYMOUS)


def nobody(connection: Connection) -> Connection:
    """Give a connection to the same server without credentials."""
    from kubernetes import client

    configuration = copy.copy(connection.client.configuration)
    configuration.cert_file = configuration.key_file = configuration.username = configuration.password = None
    configuration.api_key, configuration.api_key_prefix, configuration.refresh_api_key_hook = {}, {}, None
    return Connection(connection.host, client.ApiClient(configuration), _BRIEF)


def handshakes(connection: Connection, seen: str) -> Iterator[Fact | Gap]:
    """Try a handshake of each version of TLS.

    Args:
        connection: How to reach the server.
        seen: When, RFC 3339.

    Yields:
        A fact whose value is `{versions, notAfter, address}`: for each version `accepted`, `refused` (by the server) or
        `untried`; when the certificate expires (RFC 3339) where it could be verified; the address that answered. None
        behind a proxy.
    """
    parts, configuration = urlsplit(connection.host), connection.client.configuration
    if parts.scheme != "https" or not parts.hostname or configuration.proxy:
        return
    place = (parts.hostname, parts.port or 443)
    versions = {name: _tried(place, version) for name, version in _VERSIONS.items()}
    expiry = _expiry(place, configuration)
    value = {"versions": versions, "notAfter": expiry, "address": _address(place)}
    yield Fact(TLS, value, "probe", f"TLS handshakes with {parts.netloc}", seen)


def _address(place: tuple[str, int]) -> str | None:
    try:
        with socket.create_connection(place, _SECONDS) as plain:
            return str(plain.getpeername()[0])
    except OSError:
        return None


def _tried(place: tuple[str, int], version: ssl.TLSVersion) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what this is about
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
            _peer(place, context)
        except ssl.SSLError as error:
            return "refused" if _ALERT in (error.reason or "") else "untried"
        except (OSError, ValueError):
            return "untried"
    return "accepted"


def _expiry(place: tuple[str, int], configuration: Any) -> str | None:
    try:
        context = ssl.create_default_context(cafile=configuration.ssl_ca_cert)
        context.check_hostname = False  # only its dates are wanted; every request checks the name
        ends = _peer(place, context).get("notAfter")
        at = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(ends)), UTC)
    except (OSError, ValueError):
        return None
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _peer(place: tuple[str, int], context: ssl.SSLContext) -> dict[str, Any]:
    with (
        socket.create_connection(place, _SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=place[0]) as secured,
    ):
        return secured.getpeercert() or {}
