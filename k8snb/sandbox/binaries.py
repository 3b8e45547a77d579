"""Where the programs of a practice cluster come from."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from k8snb.errors import UsageError
from k8snb.sandbox import build, release
from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.home import cache
from k8snb.sandbox.lock import locked
from k8snb.sandbox.versions import Versions

Tell = Callable[[str], None]
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
    return {name: found(name, wanted, bin_dir) or _got(name, wanted, tell) for name in names}


def found(name: str, wanted: Versions, bin_dir: str | None = None) -> Path | None:
    """Give the path of a program that is there already, or None.

    Args:
        name: The program.
        wanted: Releases; a program from elsewhere than `bin_dir` counts only if it is of the same minor version.
        bin_dir: A folder that is looked into first.
    """
    given = Path(bin_dir, name).absolute() if bin_dir else None
    if given and os.access(given, os.X_OK):
        return given
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    elsewhere = [Path(assets, name)] if assets else []
    elsewhere += [Path(path) for path in [shutil.which(name)] if path]
    right = (path.absolute() for path in elsewhere if os.access(path, os.X_OK) and _fits(path, name, wanted))
    cached = _cached(name, wanted)
    return next(right, None) or (cached if cached.exists() else None)


def _fits(path: Path, name: str, wanted: Versions) -> bool:
    if not name.startswith("kube-"):
        return True
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.startswith(f"Kubernetes v{wanted.minor}.")


def _cached(name: str, wanted: Versions) -> Path:
    return cache() / f"{name}-{wanted.of(name)}" / name


def _got(name: str, wanted: Versions, tell: Tell) -> Path:
    path = _cached(name, wanted)
    waiting = f"Waiting for another process that provides {name}."
    with locked(cache() / f"{name}-{wanted.of(name)}.lock", lambda: tell(waiting)):
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
    tell(f"No release of {name}: {told}")
    if not build.possible():
        raise SandboxError(f"There is no {name} {wanted.of(name)}: {told}", REMEDY)
    build.build(name, wanted, part, tell)
