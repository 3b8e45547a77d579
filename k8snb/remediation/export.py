"""Fixes as files: for whoever keeps the objects, in a chart, in Git, or by hand."""

import hashlib
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from k8snb.errors import UsageError
from k8snb.remediation.export_manifests import edited
from k8snb.remediation.export_patches import strategic
from k8snb.remediation.patch import Change, settled
from k8snb.remediation.plan import Plan
from k8snb.remediation.plans.model import Procedure
from k8snb.remediation.target import Target
from k8snb.remediation.text import line, yaml

_FOLDERS = {"patch": "patches", "create": "new", "delete": "remove"}
_COMPONENT = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
_SCRIPT = """\
#!/bin/sh
# Applies these fixes to the cluster of the current context: look at every file first.
# With DRY_RUN=server the server only tells what would happen.
set -eu
cd "$(dirname "$0")"
dry="--dry-run=${DRY_RUN:-none}"
"""
_COMMANDS = {
    "patch": 'kubectl patch "$dry" -f {0} --type strategic --patch-file {0}',
    "create": 'kubectl create "$dry" -f {0}',
    "delete": 'kubectl delete "$dry" -f {0}',
}
_README = """\
Fixes planned by k8snb. Nothing here was applied.

- `kustomization.yaml` is a kustomize component: name this folder under `components:` of the kustomization that has the
  objects as its resources.
- `apply.sh` patches the cluster of the current context with kubectl; `DRY_RUN=server sh apply.sh` only tries.
- `manifests/`, where the source was a folder of manifests, holds the edited files under their own names.
- `by-hand/` says what a person has to do, and holds the files for it.

Object, controls, file:

"""


def export(plans: Sequence[Plan], folder: str | Path) -> tuple[str, ...]:
    """Write plans as files; the folder appears whole or not at all.

    Args:
        plans: What to write.
        folder: Where to; must not exist, or be empty.

    Returns:
        The names of the files, sorted.

    Raises:
        UsageError: if the folder holds something, or cannot be written.
    """
    place = Path(folder).expanduser()
    files = dict(_files(plans))
    partial = place.parent / f".k8snb-{secrets.token_hex(6)}.partial"
    try:
        if place.exists() and any(place.iterdir()):
            raise UsageError(f"{place} is not empty.", "Name a folder that does not exist yet.")
        for name, text in files.items():
            path = partial / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        if place.exists():
            place.rmdir()
        partial.replace(place)
    except OSError as error:
        raise UsageError(f"{place}: {error.strerror}; nothing was written.", "Name another folder.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return tuple(sorted(files))


def _files(plans: Sequence[Plan]) -> Iterator[tuple[str, str]]:
    named = {change.target: _name(change) for one in plans for change in one.changes}
    changes = [change for one in plans for change in one.changes]
    for change in changes:
        yield named[change.target], yaml(_content(change))
    if changes:
        yield "kustomization.yaml", yaml(_component(changes, named))
        yield "apply.sh", _SCRIPT + "".join(f"{_COMMANDS[one.verb].format(named[one.target])}\n" for one in changes)
    manifests, left = edited(plans)
    for path, text in manifests.items():
        yield f"manifests/{path}", text
    for index, (title, procedure) in enumerate(_procedures(plans), 1):
        yield from _by_hand(f"by-hand/{index:03}", title, procedure)
    yield "README.md", _README + _list(plans, named) + "".join(f"\n{line(one)}\n" for one in left)


def _content(change: Change) -> object:
    if change.before is None or change.wanted is None:
        return settled(change.wanted) if change.before is None else _identity(change.target)
    return _identity(change.target) | strategic(change)


def _identity(target: Target) -> dict[str, object]:
    metadata = {"name": target.name} | ({"namespace": target.namespace} if target.namespace else {})
    return {"apiVersion": target.api_version, "kind": target.kind, "metadata": metadata}


def _component(changes: Sequence[Change], named: Mapping[Target, str]) -> dict[str, object]:
    found: dict[str, object] = dict(_COMPONENT)
    made = [named[one.target] for one in changes if one.verb == "create"]
    patches = [{"path": named[one.target]} for one in changes if one.verb == "patch"]
    gone = [{"patch": yaml(_identity(one.target) | {"$patch": "delete"})} for one in changes if one.verb == "delete"]
    if made:
        found["resources"] = made
    if patches or gone:
        found["patches"] = patches + gone
    return found


def _name(change: Change) -> str:
    """Give the name of a file: harmless letters of the object's own name, and what tells it from every other."""
    target = change.target
    words = "-".join(part for part in (target.kind, target.namespace, target.name) if part).lower()
    harmless = re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:80]
    digest = hashlib.sha256(str((target.api_version, target)).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{_FOLDERS[change.verb]}/{harmless}-{digest}.yaml"


def _procedures(plans: Sequence[Plan]) -> Iterator[tuple[str, Procedure]]:
    known: list[Procedure] = []
    for one in plans:
        for procedure in one.procedures:
            if procedure not in known:
                known.append(procedure)
                yield f"{one.title} ({', '.join(one.controls)})", procedure


def _by_hand(folder: str, title: str, procedure: Procedure) -> Iterator[tuple[str, str]]:
    steps = "".join(f"{index}. {line(step)}\n" for index, step in enumerate(procedure.steps, 1))
    yield f"{folder}/README.md", f"{line(title)}\n\n{line(procedure.why)}\n\n{steps}"
    for name, text in procedure.files.items():
        yield f"{folder}/{name}", text


def _list(plans: Sequence[Plan], named: Mapping[Target, str]) -> str:
    rows = [
        f"    {line(str(change.target))}  {', '.join(one.controls)}  {named[change.target]}\n"
        for one in plans
        for change in one.changes
    ]
    return "".join(rows) or "    none\n"
