"""A change as a strategic merge patch, which kubectl and kustomize merge into what they have."""

from typing import Any

from msgspec import UNSET

from k8snb.remediation.edits import Edit, Path, diff, is_keyed
from k8snb.remediation.patch import Change


def strategic(change: Change) -> dict[str, Any]:
    """Give only what changes: list items named by their keys, what goes as null.

    Args:
        change: Of an object that is there and stays.

    Source: Kubernetes, "Update API Objects in Place Using kubectl patch"; `apimachinery/pkg/util/strategicpatch`.
    """
    found: dict[str, Any] = {}
    for edit in diff(change.before, change.wanted):
        _merge(found, edit.path, _value(edit))
    metadata = found.get("metadata")
    if isinstance(metadata, dict):
        found["metadata"] = _named(change) | metadata
    return found


def _named(change: Change) -> dict[str, Any]:
    target = change.target
    return {"name": target.name} | ({"namespace": target.namespace} if target.namespace else {})


def _value(edit: Edit) -> Any:
    """Give what stands for an edit; kustomize would keep `$patch` in a list that was not there before."""
    if edit.after is UNSET:
        return None
    if isinstance(edit.after, list) and edit.before is not UNSET and is_keyed(edit.path):
        return [{"$patch": "replace"}, *edit.after]
    return edit.after


def _merge(found: Any, path: Path, value: Any) -> None:
    """Put a value at a path of a patch; a list item is one that carries its key."""
    for step, after in zip(path, [*path[1:], None], strict=True):
        if isinstance(step, dict):
            item = next((one for one in found if step.items() <= one.items()), None)
            if item is None:
                found.append(item := dict(step))
            if after is None:
                item.update(value)
            found = item
        elif after is None:
            found[step] = value
        else:
            found = found.setdefault(step, [] if isinstance(after, dict) else {})
