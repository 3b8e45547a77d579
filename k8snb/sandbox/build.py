"""Building programs from source with Go, through whatever module proxy Go is set up for."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.versions import Versions

Tell = Callable[[str], None]
_KUBERNETES = "k8s.io/kubernetes"
_MODULES = {"etcd": ("go.etcd.io/etcd/server/v3", ""), "kwok": ("sigs.k8s.io/kwok", "/cmd/kwok")}
_STAGING = re.compile(r"^\s*(?:replace\s+)?(k8s\.io/\S+)\s+=>\s+\./staging/", re.MULTILINE)
_GO = re.compile(r"^go .+$", re.MULTILINE)
_WHILE_I_LIVE = """exec 3<&0 </dev/null
(cat <&3; kill -KILL 0) >/dev/null 2>&1 &
exec "$@" 3<&-
"""
_REMEDY = "go env GOPROXY shows where it asks; --bin-dir takes programs from elsewhere."
_TOLD_SECONDS = 30.0
_USUALLY = {"etcd": "a minute", "kube-apiserver": "seven minutes"}


def possible() -> bool:
    """Tell whether there is a Go toolchain."""
    return shutil.which("go") is not None


def build(name: str, wanted: Versions, target: Path, tell: Tell) -> None:
    """Build a program.

    Args:
        name: The program.
        wanted: Releases.
        target: Where it goes.
        tell: Called with one line of progress at a time.

    Raises:
        SandboxError: if Go fails, with the last thing that it says.
    """
    module, package = _MODULES.get(name, (_KUBERNETES, f"/cmd/{name}"))
    release = wanted.of(name)
    with tempfile.TemporaryDirectory(prefix="build-", dir=target.parent) as folder:
        (Path(folder) / "go.mod").write_text(_module(module, release, wanted, folder), "utf-8")
        words = ["build", "-mod=mod", "-trimpath", "-ldflags", _flags(module, wanted), "-o", str(target.absolute())]
        tell(f"Building {name} {release} from source; takes about {_USUALLY.get(name, 'two minutes')}, once.")
        _go([*words, module + package], folder, tell)


def _module(module: str, release: str, wanted: Versions, folder: str) -> str:
    """Give a go.mod that requires a module, and repeats the replacements that only its own main module may state."""
    told = _go(["mod", "download", "-json", f"{module}@{release}"], folder, lambda _: None)
    text = Path(json.loads(told)["GoMod"]).read_text("utf-8")
    go = _GO.search(text)
    lines = ["module k8snb.local/sandbox", go.group(0) if go else "", f"require {module} {release}"]
    lines += [f"replace {one} => {one} {wanted.staging}" for one in _STAGING.findall(text)]
    return "\n".join(lines) + "\n"


def _flags(module: str, wanted: Versions) -> str:
    if module != _KUBERNETES:
        return "-s -w"
    major, minor = wanted.minor.split(".")
    values = {"gitVersion": wanted.kubernetes, "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    return " ".join(["-s -w", *(f"-X k8s.io/component-base/version.{key}={value}" for key, value in values.items())])


def _environment(folder: str) -> Mapping[str, str]:
    own = {"CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false -modcacherw", "GOWORK": "off", "GOTMPDIR": folder}
    return os.environ | own


def _go(arguments: list[str], folder: str, tell: Tell) -> str:
    log = Path(folder) / "log"
    began = time.monotonic()
    with log.open("wb") as errors, _kept([shutil.which("go") or "go", *arguments], folder, errors) as process:
        output = _watched(process, lambda: tell(f"  … {time.monotonic() - began:.0f} s"))
    if process.returncode:
        raise SandboxError(f"go {arguments[0]} failed: {_complaint(output, log)[-500:]}", _REMEDY)
    return output.decode()


def _complaint(output: bytes, log: Path) -> str:
    """Give the last thing that Go says; with `-json` it stands in what it gives."""
    try:
        return str(json.loads(output)["Error"])
    except (ValueError, TypeError, KeyError):
        return (log.read_text("utf-8", "replace").strip().splitlines() or ["it says nothing"])[-1]


@contextmanager
def _kept(command: list[str], folder: str, errors: IO[bytes]) -> "Iterator[subprocess.Popen[bytes]]":
    """Run a command that ends, with all that it started, when this process does, whatever ends it."""
    end, lifeline = os.pipe()
    process = subprocess.Popen(
        ["/bin/sh", "-c", _WHILE_I_LIVE, "sh", *command],
        cwd=folder,
        env=_environment(folder),
        stdin=end,
        stdout=subprocess.PIPE,
        stderr=errors,
        start_new_session=True,
    )
    os.close(end)
    with process:
        try:
            yield process
        finally:
            os.close(lifeline)


def _watched(process: "subprocess.Popen[bytes]", still: Callable[[], None]) -> bytes:
    while True:
        try:
            return process.communicate(timeout=_TOLD_SECONDS)[0]
        except subprocess.TimeoutExpired:
            still()
