"""The user's own manifest files, edited: comments, order and quoting stay, and no more lines differ than have to."""

import json
import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from k8snb.remediation.edits import diff
from k8snb.remediation.manifest_text import UnfaithfulError, edit_document
from k8snb.remediation.objects import Raw
from k8snb.remediation.patch import Change
from k8snb.remediation.plan import Plan
from k8snb.remediation.target import of_object
from k8snb.sources.manifest_file import ManifestPart
from k8snb.sources.manifests import Manifests
from k8snb.sources.stream import Gap, Origin
from k8snb.sources.yaml11 import documents

_MARK = re.compile(r"(?m)^(?=---(?:\s|$))")


def edited(plans: Sequence[Plan]) -> tuple[dict[str, str], list[str]]:
    """Give the edited files by their path below the source, and what could not be edited, one line each."""
    by_file: dict[str, list[tuple[Change, Origin]]] = defaultdict(list)
    for plan in plans:
        for change in plan.changes:
            origin = plan.origins.get(change.target)
            if origin is not None and change.verb == "patch":
                by_file[origin.file].append((change, origin))
    source = plans[0].session.cluster.opened if plans else None
    if not isinstance(source, Manifests):
        return {}, []
    files, left = {}, []
    paths = {piece.file: piece.path for piece in source.pieces if isinstance(piece, ManifestPart)}
    for shown, changes in by_file.items():
        path = Path(paths.get(shown, ""))
        try:
            files[_below(source, path)] = _file(path, changes)
        except UnfaithfulError as error:
            left.append(f"{shown} was not edited: {error}.")
        except (OSError, UnicodeError):
            left.append(f"{shown} was not edited: it cannot be read again.")
    return files, left


def _below(source: Manifests, path: Path) -> str:
    root = Path(source.name).expanduser()
    below = os.path.relpath(path, root if root.is_dir() else root.parent)
    return path.name if below.startswith("..") else below


def _file(path: Path, changes: Sequence[tuple[Change, Origin]]) -> str:
    if path.name in {"", "-"}:
        raise UnfaithfulError("it came through a pipe")
    if any((folder / "Chart.yaml").is_file() for folder in path.parents):
        raise UnfaithfulError("it is a template of a Helm chart")
    text = path.read_bytes().decode("utf-8-sig")
    before = _objects(text, path)
    is_json = path.suffix.lower() == ".json"
    after = _json(text, changes) if is_json else _yaml(text, changes)
    _check(before, _objects(after, path), [change for change, _ in changes])
    return after


def _yaml(text: str, changes: Sequence[tuple[Change, Origin]]) -> str:
    chunks = _MARK.split(text)
    starts = [1]
    for chunk in chunks:
        starts.append(starts[-1] + chunk.count("\n"))
    for change, origin in changes:
        index = max(i for i in range(len(chunks)) if starts[i] <= origin.line)
        chunks[index] = edit_document(chunks[index], change)
    return "".join(chunks)


def _json(text: str, changes: Sequence[tuple[Change, Origin]]) -> str:
    from k8snb.remediation.manifest_text import applied

    try:
        whole = json.loads(text)
    except ValueError as error:
        raise UnfaithfulError("it is no JSON of one document") from error
    for change, _ in changes:
        applied(whole, change)
    indent = re.search(r"\n( +|\t+)\S", text)
    width = indent[1] if indent else None
    return json.dumps(whole, indent=width, ensure_ascii=False) + ("\n" if text.endswith("\n") else "")


def _objects(text: str, path: Path) -> Mapping[tuple[str, str, str], Raw]:
    """Read the objects of a text as Kubernetes does."""
    found: dict[tuple[str, str, str], Raw] = {}
    for one in documents(text.encode(), path.name):
        if isinstance(one, Gap):
            raise UnfaithfulError("it cannot be read as YAML")
        for raw in _flat(one.value):
            target = of_object(raw)
            found[target.kind, target.namespace, target.name] = raw
    return found


def _flat(value: Any) -> list[Raw]:
    if isinstance(value, dict) and isinstance(value.get("items"), list):
        return [raw for item in value["items"] for raw in _flat(item)]
    named = isinstance(value, dict) and isinstance(value.get("metadata"), dict) and "name" in value["metadata"]
    return [value] if named else []


def _check(before: Mapping[Any, Raw], after: Mapping[Any, Raw], changes: Sequence[Change]) -> None:
    """Make sure that what changed is what was wanted, and nothing else.

    Raises:
        UnfaithfulError: if it is not.
    """
    wanted = {(one.target.kind, one.target.namespace, one.target.name): one for one in changes}
    if set(before) != set(after):
        raise UnfaithfulError("editing it would change other objects")
    for key, raw in after.items():
        change = wanted.get(key)
        expected = list(diff(change.before, change.wanted)) if change else []
        if [(one.path, one.after) for one in diff(before[key], raw)] != [(one.path, one.after) for one in expected]:
            raise UnfaithfulError("it shares parts between places (anchors), or cannot be edited faithfully")
