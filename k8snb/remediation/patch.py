"""The very request of a change: a JSON patch with its precondition, a new object, or a deletion."""

from copy import deepcopy
from typing import Any, Literal

import msgspec
from msgspec import UNSET

from k8snb.remediation.edits import diff, get, pointer
from k8snb.remediation.objects import Raw
from k8snb.remediation.target import Target

MANAGER = "k8snb"
Verb = Literal["patch", "create", "delete"]
_VOLATILE = ("resourceVersion", "generation", "managedFields", "uid", "creationTimestamp", "selfLink")
_REVISION = "deployment.kubernetes.io/revision"
_QUERY = {"fieldManager": MANAGER, "fieldValidation": "Strict"}


class Request(msgspec.Struct, frozen=True):
    """What is sent, but for the word that makes it a dry run.

    Attributes:
        method: HTTP method.
        path: Of the object, or the collection that it is made in.
        query: Parameters.
        body: JSON.
        kind: Content type of the body.
    """

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    kind: str = "application/json"

    @property
    def tried(self) -> "Request":
        """The same as a dry run.

        A deletion with options in its body is told there: the server ignores the query then, and would delete.
        Source: Kubernetes, `endpoints/handlers/delete.go DeleteResource`.
        """
        query = self.query | {"dryRun": "All"}
        if self.method != "DELETE":
            return msgspec.structs.replace(self, query=query)
        body = _json(msgspec.json.decode(self.body) | {"dryRun": ["All"]})
        return msgspec.structs.replace(self, query=query, body=body)


class Change(msgspec.Struct, frozen=True):
    """One object that is to become another.

    Attributes:
        target: Which one.
        before: As it was seen; None where there is none yet.
        wanted: As it should be; None where it should go.
    """

    target: Target
    before: Raw | None
    wanted: Raw | None

    @property
    def verb(self) -> Verb:
        """What it takes, as RBAC names it."""
        return "create" if self.before is None else "delete" if self.wanted is None else "patch"

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not list(diff(self.before, self.wanted))


def request(change: Change) -> Request:
    """Give the request of a change; it holds only as long as the object is the one that was seen."""
    target = change.target
    if change.before is None:
        return Request("POST", target.collection, _QUERY, _json(change.wanted))
    metadata = change.before["metadata"]
    if change.wanted is None:
        seen = {"uid": metadata.get("uid"), "resourceVersion": metadata.get("resourceVersion")}
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": seen}
        return Request("DELETE", target.path, {}, _json(options))
    return Request("PATCH", target.path, _QUERY, _json(operations(change)), "application/json-patch+json")


def operations(change: Change) -> list[dict[str, Any]]:
    """Give the JSON patch (RFC 6902) of a change: the version that was seen, then what was there, then what shall be.

    A patch that names a version fails with 409 where the object has another one by then.
    """
    before, wanted = change.before or {}, change.wanted or {}
    version = before["metadata"].get("resourceVersion")
    found: list[dict[str, Any]] = []
    if version is not None:
        found.append({"op": "replace", "path": "/metadata/resourceVersion", "value": version})
    for edit in diff(before, wanted):
        at = pointer(before, edit.path)
        if edit.before is not UNSET:
            found.append({"op": "test", "path": at, "value": edit.before})
        value = {} if edit.after is UNSET else {"value": edit.after}
        found.append({"op": "remove" if edit.after is UNSET else _op(edit.before), "path": at, **value})
    return found


def _op(before: Any) -> str:
    return "add" if before is UNSET else "replace"


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value)


def settled(raw: Raw | None) -> Raw | None:
    """Give an object without what the server counts and keeps for itself: versions, times, status."""
    if raw is None:
        return None
    found = {key: value for key, value in deepcopy(raw).items() if key != "status"}
    metadata = found.get("metadata")
    if isinstance(metadata, dict):
        for key in _VOLATILE:
            metadata.pop(key, None)
        _without_counter(metadata)
    return found


def _without_counter(metadata: Raw) -> None:
    annotations = metadata.get("annotations")
    if isinstance(annotations, dict) and annotations.pop(_REVISION, None) is not None and not annotations:
        del metadata["annotations"]


def new(raw: Raw) -> Raw:
    """Give an object that was deleted as it can be made again."""
    found = settled(raw) or {}
    get(found, ("metadata",)).pop("ownerReferences", None)
    return found
