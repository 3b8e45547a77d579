"""Where a practice cluster keeps its files, and where built binaries are kept."""

import os
import re
from pathlib import Path

import msgspec

from k8snb.errors import UsageError

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
CONTEXT = "k8snb-sandbox"


class Home(msgspec.Struct, frozen=True):
    """The files of one practice cluster.

    Attributes:
        name: Its name; empty for the one without a name.
        folder: Everything that it writes; `down` removes it.
    """

    name: str
    folder: Path

    @property
    def context(self) -> str:
        """Name of the kubeconfig context."""
        return f"{CONTEXT}-{self.name}" if self.name else CONTEXT

    @property
    def lock(self) -> Path:
        """Held by whoever changes it."""
        return self.folder.with_name(self.folder.name + ".lock")

    @property
    def settings(self) -> Path:
        """What it was made as; there once it is made."""
        return self.folder / "settings.json"

    @property
    def kubeconfig(self) -> Path:
        """How to reach it as an administrator."""
        return self.folder / "kubeconfig"

    @property
    def keys(self) -> Path:
        """Certificates and keys."""
        return self.folder / "pki"

    @property
    def configuration(self) -> Path:
        """Configuration files of the components."""
        return self.folder / "configuration"

    def record(self, component: str) -> Path:
        """Give the file that names the process of a component."""
        return self.folder / "processes" / f"{component}.json"

    def log(self, component: str) -> Path:
        """Give the log of a component."""
        return self.folder / "logs" / f"{component}.log"


def home(name: str = "") -> Home:
    """Give the place of a practice cluster; nothing is made.

    Raises:
        UsageError: if the name is no name.
    """
    if name and not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a sandbox.", "Lower-case letters, digits and hyphens, at most 40.")
    return Home(name, _base("XDG_STATE_HOME", ".local/state") / "sandbox" / (f"named-{name}" if name else "default"))


def homes() -> list[Home]:
    """Give the practice clusters that have files."""
    folder = home().folder.parent
    found = [one.name for one in sorted(folder.glob("*")) if one.is_dir()]
    return [home(name.removeprefix("named-") if name != "default" else "") for name in found]


def by_context(context: str) -> Home | None:
    """Give the practice cluster that a kubeconfig context belongs to, if there is one."""
    return next((one for one in homes() if one.context == context and one.kubeconfig.is_file()), None)


def cache() -> Path:
    """Give the folder of binaries that were downloaded or built."""
    return _base("XDG_CACHE_HOME", ".cache") / "binaries"


def _base(variable: str, otherwise: str) -> Path:
    given = os.environ.get(variable, "")
    return (Path(given) if Path(given).is_absolute() else Path.home() / otherwise) / "k8snb"
