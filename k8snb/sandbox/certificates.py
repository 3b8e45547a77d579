"""Certificate authorities and certificates of one practice cluster, made by `openssl`."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec

from k8snb.sandbox.errors import SandboxError

_DAYS, _BOTH = "3650", "serverAuth,clientAuth"
_LOOPBACK = "IP:127.0.0.1,IP:::1,DNS:localhost"
_SERVICE = "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Certificate(msgspec.Struct, frozen=True):
    """A certificate.

    Attributes:
        name: Of its files.
        authority: Name of the authority that signs it.
        subject: Distinguished name, as `openssl` reads it.
        usage: Extended key usage.
        names: Subject alternative names.
    """

    name: str
    authority: str
    subject: str
    usage: str = "clientAuth"
    names: str = ""


AUTHORITIES = ("ca", "etcd-ca", "kubelet-ca")
CERTIFICATES = (
    Certificate("api-server", "ca", "/CN=kube-apiserver", "serverAuth", f"{_LOOPBACK},{_SERVICE}"),
    Certificate("admin", "ca", "/O=system:masters/CN=k8snb-sandbox-admin"),
    Certificate("seed", "ca", "/O=system:masters/CN=k8snb-sandbox-seed"),
    Certificate("kube-controller-manager", "ca", "/CN=system:kube-controller-manager", _BOTH, _LOOPBACK),
    Certificate("kube-scheduler", "ca", "/CN=system:kube-scheduler", _BOTH, _LOOPBACK),
    Certificate("etcd", "etcd-ca", "/CN=etcd", _BOTH, _LOOPBACK),
    Certificate("etcd-client", "etcd-ca", "/CN=kube-apiserver-etcd-client"),
    Certificate("kubelet-client", "kubelet-ca", "/O=system:masters/CN=kube-apiserver-kubelet-client"),
)


def make(folder: Path) -> None:
    """Make every authority and certificate, and the key pair that signs service account tokens.

    Args:
        folder: Where they go; must not exist.

    Raises:
        SandboxError: if there is no `openssl`, or it fails.
    """
    folder.mkdir(mode=0o700, parents=True)
    for name in AUTHORITIES:
        _authority(folder, name)
    for serial, certificate in enumerate(CERTIFICATES, start=1):
        _certificate(folder, certificate, serial)
    _openssl(folder, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "service-accounts.key")
    _openssl(folder, "ec", "-in", "service-accounts.key", "-pubout", "-out", "service-accounts.pub")
    for path in folder.iterdir():
        path.chmod(0o600)


def _authority(folder: Path, name: str) -> None:
    extensions = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature")
    _openssl(
        folder,
        *(
            "req",
            "-x509",
            "-batch",
            "-config",
            os.devnull,
            *_CURVE,
            "-days",
            _DAYS,
            "-subj",
            f"/CN=k8snb-sandbox-{name}",
        ),
        *("-keyout", f"{name}.key", "-out", f"{name}.crt"),
        *(word for one in extensions for word in ("-addext", one)),
    )


def _certificate(folder: Path, wanted: Certificate, serial: int) -> None:
    name, authority = wanted.name, wanted.authority
    lines = [
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature",
        f"extendedKeyUsage={wanted.usage}",
    ]
    lines += [f"subjectAltName={wanted.names}"] if wanted.names else []
    request, extensions = folder / f"{name}.csr", folder / f"{name}.ext"
    extensions.write_text("\n".join(lines), "ascii")
    _openssl(
        folder,
        *("req", "-new", "-batch", "-config", os.devnull, *_CURVE, "-subj", wanted.subject),
        *("-keyout", f"{name}.key", "-out", request.name),
    )
    _openssl(
        folder,
        *("x509", "-req", "-in", request.name, "-CA", f"{authority}.crt", "-CAkey", f"{authority}.key"),
        *("-set_serial", str(serial), "-days", _DAYS, "-extfile", extensions.name, "-out", f"{name}.crt"),
    )
    request.unlink()
    extensions.unlink()


def _openssl(folder: Path, *arguments: str) -> None:
    program = shutil.which("openssl")
    if not program:
        raise SandboxError(
            "There is no openssl, which makes the certificates.", "Install it, e.g. apt-get install openssl."
        )
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, umask=0o077, check=False)
    if done.returncode:
        raise SandboxError(f"openssl {arguments[0]} failed: {_told(done.stderr)}")


def _told(output: bytes) -> str:
    lines: Sequence[str] = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it says nothing"
