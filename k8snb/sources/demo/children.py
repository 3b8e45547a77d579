"""What all controllers need to make children."""

import json
from typing import Any

from k8snb.sources.demo.pods import owner
from k8snb.sources.demo.seeds import before, number, uid

Json = dict[str, Any]


def clone(value: Any) -> Any:
    """Give a deep copy of JSON."""
    return json.loads(json.dumps(value))


def key(one: Json) -> tuple[str, str]:
    """Give namespace and name."""
    return one["metadata"]["namespace"], one["metadata"]["name"]


def uid_of(one: Json) -> str:
    """Give the uid that an object has or will have."""
    return uid(one["kind"], *key(one))


def child(one: Json, name: str, labels: Json, template: Json) -> Json:
    """Give the metadata of something that a controller makes from its template."""
    above = template.get("metadata", {})
    meta = {"name": name, "namespace": one["metadata"]["namespace"], "labels": labels | above.get("labels", {})}
    if above.get("annotations"):
        meta["annotations"] = above["annotations"]
    return meta | {"ownerReferences": [owner(one, uid_of(one))]}


def some_days_ago(*seed: object) -> str:
    """Give a time within the last 20 days that depends on the key alone."""
    return before(minutes=60 + number(20 * 24 * 60, "created", *seed))
