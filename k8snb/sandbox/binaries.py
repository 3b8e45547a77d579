"""Where the programs of a practice cluster come from."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from k8snb.errors import UsageError
from k8snb.sandbox import build, release
from k8snb.sandbox.errors import SandboxError, on_disk
from k8snb.sandbox.home import cache
from k8snb.sandbox.lock import locked
from k8snb.sandbox.versions import Versions

Tell = Callable[[str], None]
_TOLD = re.compile(r"Kubernetes v(\d+\.\d+)\.")
REMEDY = "Install Go, or name a folder with etcd, kube-apiserver and kube-controller-manager by --bin-dir."


def provide(names: Iterable[str], wanted: Versions, tell: Tell, bin_dir: str | None = None) -> dict[str, Path]:
    """Give the path of each program; what is found nowhere is downloaded, or built.

    Args:
        names: The programs.
        wanted: Their releases.
        tell: Called with one line of progress at a time.
        bin_dir: A folder that is believed to hold the right ones.

    Raises:
        UsageError: if the folder is none.
        SandboxError: if a program cannot be had.
    """
    if bin_dir and not Path(bin_dir).is_dir():
        raise UsageError(f"{bin_dir} is no folder.", "--bin-dir wants one with etcd and kube-apiserver in it.")
    return {name: found(name, wanted, bin_dir, tell) or _got(name, wanted, tell) for name in names}


def found(name: str, wanted: Versions, bin_dir: str | None = None, tell: Tell = lambda _: None) -> Path | None:
    """Give the path of a program that is there already, or None.

    Args:
        name: The program.
        wanted: Releases; a program counts only if it is of the same minor version, or in `bin_dir` and tells none.
        bin_dir: A folder that is looked into first.
        tell: Called where it has no such program.

    Raises:
        UsageError: if the one in `bin_dir` is of another minor version.
    """
    given = _given(name, wanted, Path(bin_dir).absolute(), tell) if bin_dir else None
    if given:
        return given
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    elsewhere = [Path(assets, name)] if assets else []
    elsewhere += [Path(path) for path in [shutil.which(name)] if path]
    right = (path.absolute() for path in elsewhere if os.access(path, os.X_OK) and _fits(path, name, wanted))
    cached = _cached(name, wanted)
    return next(right, None) or (cached if cached.exists() else None)


def _given(name: str, wanted: Versions, folder: Path, tell: Tell) -> Path | None:
    path = folder / name
    if not os.access(path, os.X_OK):
        tell(f"There is no {name} in {folder}; looking elsewhere.")
        return None
    told = _minor(path) if name.startswith("kube-") else ""
    if told not in {"", wanted.minor}:
        raise UsageError(f"{path} is of Kubernetes {told}, not {wanted.minor}.", f"--version {told} goes with it.")
    return path


def _fits(path: Path, name: str, wanted: Versions) -> bool:
    return not name.startswith("kube-") or _minor(path) == wanted.minor


def _minor(path: Path) -> str:
    """Give the minor version of Kubernetes that a program tells; empty where it tells none."""
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = _TOLD.match(told)
    return match.group(1) if match else ""


def _cached(name: str, wanted: Versions) -> Path:
    return cache() / f"{name}-{wanted.of(name)}" / name


def _got(name: str, wanted: Versions, tell: Tell) -> Path:
    path = _cached(name, wanted)
    waiting, lock = f"Waiting for another process that provides {name}.", cache() / f"{name}-{wanted.of(name)}.lock"
    with on_disk(path, "XDG_CACHE_HOME"), locked(lock, lambda: tell(waiting)):
        if path.exists():
            return path
        shutil.rmtree(path.parent, ignore_errors=True)  # what a process that was killed has left
        path.parent.mkdir(parents=True)
        part = path.with_name(f"{name}.part")
        _into(part, name, wanted, tell)
        part.chmod(0o755)
        part.replace(path)
    return path


def _into(part: Path, name: str, wanted: Versions, tell: Tell) -> None:
    told = release.download(name, wanted, part, tell)
    if not told:
        return
    if not build.possible():
        raise SandboxError(f"There is no {name} {wanted.of(name)}: {told}", REMEDY)
    tell(f"No release of {name}: {told}")
    build.build(name, wanted, part, tell)
