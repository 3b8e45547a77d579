"""A change as a strategic merge patch, which kubectl and kustomize merge into what they have."""

from typing import Any

from msgspec import UNSET

from k8snb.remediation.edits import Edit, Path, diff, get, is_keyed
from k8snb.remediation.patch import Change

_PORTS = frozenset({"port", "containerPort"})


def strategic(change: Change) -> dict[str, Any]:
    """Give only what changes: list items named by their keys, what goes as null.

    Args:
        change: Of an object that is there and stays.

    Source: Kubernetes, "Update API Objects in Place Using kubectl patch"; `apimachinery/pkg/util/strategicpatch`.
    """
    found: dict[str, Any] = {}
    for edit in diff(change.before, change.wanted):
        _merge(found, edit.path, _value(edit), change.before)
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


def _merge(found: Any, path: Path, value: Any, before: Any) -> None:
    """Put a value at a path of a patch; a list item is one that carries its key."""
    for index, (step, after) in enumerate(zip(path, [*path[1:], None], strict=True)):
        if isinstance(step, dict):
            key = step | _protocol(step, get(before, path[: index + 1]))
            item = next((one for one in found if key.items() <= one.items()), None)
            if item is None:
                found.append(item := key)
            if after is None:
                item.update(value)
            found = item
        elif after is None:
            found[step] = value
        else:
            found = found.setdefault(step, [] if isinstance(after, dict) else {})


def _protocol(step: dict[str, Any], item: Any) -> dict[str, Any]:
    """Give the second half of a port's key, where the object tells it: kustomize takes both, kubectl the first.

    Source: Kubernetes, `x-kubernetes-list-map-keys` of `ContainerPort` and `ServicePort`.
    """
    told = item.get("protocol") if isinstance(item, dict) and not _PORTS.isdisjoint(step) else None
    return {"protocol": told} if told else {}
