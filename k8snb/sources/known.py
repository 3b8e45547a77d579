"""Which sources there are to name: contexts of kubeconfig files, files and folders. Names are untrusted text."""

import os
from pathlib import Path

Words = dict[str, str]
"""What may be named, and what each is."""
ENDINGS = (".yaml", ".yml", ".json", ".k8snb")
"""How files end that are sources."""
_LARGEST = 4 * 2**20
"""Bytes of a kubeconfig that is looked into."""


def contexts() -> list[str]:
    """Give the names of the contexts in the user's kubeconfig files; a file that cannot be read has none."""
    files = os.environ.get("KUBECONFIG") or "~/.kube/config"
    return sorted({name for file in files.split(os.pathsep) if file for name in _contexts(Path(file))})


def _contexts(file: Path) -> list[str]:
    import yaml

    try:
        with file.expanduser().open("rb") as opened:
            content = yaml.load(opened.read(_LARGEST), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        return [one["name"] for one in content["contexts"] if isinstance(one["name"], str)]
    except (OSError, ValueError, TypeError, LookupError, RuntimeError, yaml.YAMLError):
        return []


def paths(begun: str) -> Words:
    """Give the files and folders that a path may become; folders end with `/`, hidden ones wait for their dot."""
    folder, slash, start = begun.rpartition("/")
    try:
        found = sorted(Path(folder or (slash or ".")).expanduser().iterdir())
    except (OSError, ValueError, RuntimeError):
        return {}
    shown = [one for one in found if one.name.startswith(start) and (start or not one.name.startswith("."))]
    return dict(
        (f"{folder}{slash}{one.name}/", "folder") if one.is_dir() else (f"{folder}{slash}{one.name}", "file")
        for one in shown
    )
