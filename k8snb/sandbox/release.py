"""Official release files, each compared with its published SHA-256."""

import hashlib
import io
import os
import platform
import re
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

from k8snb.sandbox.versions import Versions

KUBERNETES_URL, ETCD_URL = "K8SNB_KUBERNETES_RELEASES", "K8SNB_ETCD_RELEASES"
_DEFAULTS = {
    KUBERNETES_URL: "https://dl.k8s.io",
    ETCD_URL: "https://github.com/etcd-io/etcd/releases/download",
}
_TIMEOUT_SECONDS, _MOST_BYTES = 15.0, 500_000_000
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "AMD64": "amd64"}
_SUM = re.compile(r"[0-9a-f]{64}")


class _Missing(Exception):  # noqa: N818
    """A file cannot be had; its text says why."""


def download(name: str, wanted: Versions, target: Path, tell: Callable[[str], None]) -> str:
    """Download a program.

    The folders are those of the environment variables `K8SNB_KUBERNETES_RELEASES` and `K8SNB_ETCD_RELEASES`, or the
    official ones; an empty variable turns downloads off.

    Args:
        name: The program.
        wanted: Releases.
        target: Where it goes; written only if its SHA-256 is the published one.
        tell: Called with one line of progress at a time.

    Returns:
        Why there is none; empty if it was written.
    """
    try:
        target.write_bytes(_etcd(wanted.etcd, tell) if name == "etcd" else _kubernetes(name, wanted.kubernetes, tell))
    except _Missing as reason:
        return str(reason)
    return ""


def _system() -> tuple[str, str]:
    return sys.platform, _MACHINES.get(platform.machine(), platform.machine())


def _kubernetes(name: str, release: str, tell: Callable[[str], None]) -> bytes:
    if not name.startswith("kube-"):
        raise _Missing(f"{name} is not published with a SHA-256.")
    path = f"{release}/bin/{'/'.join(_system())}/{name}"
    tell(f"Looking for {name} {release} among the official releases.")
    published = _fetched(KUBERNETES_URL, f"{path}.sha256").decode("ascii", "replace").split()
    return _checked(path, _fetched(KUBERNETES_URL, path), published[0] if published else "")


def _etcd(release: str, tell: Callable[[str], None]) -> bytes:
    folder = f"etcd-{release}-{'-'.join(_system())}"
    tell(f"Looking for etcd {release} among the official releases.")
    lines = _fetched(ETCD_URL, f"{release}/SHA256SUMS").decode("ascii", "replace").splitlines()
    sums = {name.lstrip("*"): value for value, name in (line.split(maxsplit=1) for line in lines if " " in line)}
    archive = _checked(folder, _fetched(ETCD_URL, f"{release}/{folder}.tar.gz"), sums.get(f"{folder}.tar.gz", ""))
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
            member = opened.extractfile(f"{folder}/etcd")
            return member.read() if member else b""
    except (tarfile.TarError, KeyError) as error:
        raise _Missing(f"{folder}.tar.gz holds no etcd ({error}).") from error


def _checked(what: str, content: bytes, published: str) -> bytes:
    if not _SUM.fullmatch(published):
        raise _Missing(f"no SHA-256 is published for {what}.")
    if hashlib.sha256(content).hexdigest() != published:
        raise _Missing(f"{what} has another SHA-256 than the published one.")
    return content


def _fetched(variable: str, path: str) -> bytes:
    import urllib3

    base = os.environ.get(variable, _DEFAULTS[variable]).rstrip("/")
    if not base:
        raise _Missing(f"{variable} is empty.")
    manager = urllib3.ProxyManager(proxy) if (proxy := _proxy(base)) else urllib3.PoolManager()
    try:
        got = manager.request("GET", f"{base}/{path}", timeout=_TIMEOUT_SECONDS, retries=urllib3.Retry(2, connect=0))
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise _Missing(f"{base} does not answer ({_why(error)}).") from error
    if got.status != 200 or len(got.data) > _MOST_BYTES:
        raise _Missing(f"{base}/{path} answers with {got.status}.")
    return got.data


def _why(error: Exception) -> str:
    from k8snb.sources.connection_answer import unanswered

    return unanswered(error).reason


def _proxy(url: str) -> str:
    from urllib.parse import urlsplit
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    return "" if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme, "")
