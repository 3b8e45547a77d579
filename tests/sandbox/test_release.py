"""Release files, from a server of ours with the layout of the official ones."""

import hashlib
import http.server
import io
import tarfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from k8snb.sandbox import binaries, release
from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.versions import Versions
from tests.serving import serving

WANTED = Versions("v1.37.2", "v3.7.3")
SYSTEM, MACHINE = release._system()
ETCD = f"etcd-v3.7.3-{SYSTEM}-{MACHINE}"
KUBE = f"kubernetes/v1.37.2/bin/{SYSTEM}/{MACHINE}/kube-apiserver"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def put(path: Path, content: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def archive() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as file:
        info = tarfile.TarInfo(f"{ETCD}/etcd")
        info.size = 4
        file.addfile(info, io.BytesIO(b"etcd"))
    return buffer.getvalue()


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that a server on loopback publishes."""
    root = tmp_path / "published"
    total = put(root / KUBE, b"kube-apiserver")
    put(root / f"{KUBE}.sha256", total.encode())
    total = put(root / f"etcd/v3.7.3/{ETCD}.tar.gz", archive())
    put(root / "etcd/v3.7.3/SHA256SUMS", f"{'0' * 64}  other.tar.gz\n{total}  {ETCD}.tar.gz\n".encode())
    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))) as server:
        base = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setenv(release.KUBERNETES_URL, f"{base}/kubernetes")
        monkeypatch.setenv(release.ETCD_URL, f"{base}/etcd/")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        monkeypatch.setenv("PATH", "")
        monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
        yield root


@pytest.mark.parametrize(("name", "content"), [("kube-apiserver", b"kube-apiserver"), ("etcd", b"etcd")])
def test_release_is_downloaded_once_and_executable(published: Path, name: str, content: bytes) -> None:
    path = binaries.provide([name], WANTED, lambda _: None)[name]
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o111
    assert binaries.found(name, WANTED) == path


@pytest.mark.parametrize(
    ("name", "file", "content", "reason"),
    [
        ("kube-apiserver", KUBE, b"changed", "another SHA-256"),
        ("kube-apiserver", f"{KUBE}.sha256", b"", "no SHA-256"),
        ("kube-apiserver", f"{KUBE}.sha256", b"<html>", "no SHA-256"),
        ("etcd", f"etcd/v3.7.3/{ETCD}.tar.gz", b"changed", "another SHA-256"),
        ("etcd", "etcd/v3.7.3/SHA256SUMS", b"nothing", "no SHA-256"),
        ("kwok", "x", b"", "not published"),
        ("kube-scheduler", "x", b"", "404"),
    ],
)
def test_what_is_not_as_published_is_not_installed(
    published: Path, tmp_path: Path, *, name: str, file: str, content: bytes, reason: str
) -> None:
    (published / file).write_bytes(content)
    with pytest.raises(SandboxError, match=reason) as caught:
        binaries.provide([name], WANTED, lambda _: None)
    assert caught.value.hint == binaries.REMEDY
    assert not [path for path in (tmp_path / "cache").rglob(f"{name}*") if path.is_file() and path.suffix != ".lock"]


def test_server_that_does_not_answer_is_told(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(release.KUBERNETES_URL, "http://127.0.0.1:1")
    with pytest.raises(SandboxError, match="does not answer"):
        binaries.provide(["kube-apiserver"], WANTED, lambda _: None)


def test_empty_address_turns_downloads_off(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(release.KUBERNETES_URL, "")
    with pytest.raises(SandboxError, match="is empty"):
        binaries.provide(["kube-apiserver"], WANTED, lambda _: None)
