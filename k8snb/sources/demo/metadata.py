"""`metadata` as the API server writes it."""

from datetime import timedelta
from typing import Any

from k8snb.sources.demo.bootstrap import FOUNDED
from k8snb.sources.demo.seeds import NOW, number, parse, stamp, uid

Json = dict[str, Any]

_WITH_GENERATION = {"NetworkPolicy", "Ingress", "PodDisruptionBudget", "Gateway", "VulnerabilityReport"}
_founded: dict[str, str] = {}


def remember(namespaces: list[Json]) -> None:
    """Note when the namespaces were made; nothing in them is older."""
    _founded.update({one["metadata"]["name"]: one["metadata"]["creationTimestamp"] for one in namespaces})


def created(one: Json) -> str:
    """Give an object's creation time; one that has none gets it, within 40 days of its namespace's."""
    meta = one["metadata"]
    if "creationTimestamp" not in meta:
        start = parse(_founded.get(meta.get("namespace", ""), FOUNDED))
        span = min(timedelta(days=40), NOW - start) // timedelta(minutes=1)
        offset = number(span, "created", one["kind"], meta.get("namespace", ""), meta["name"])
        meta["creationTimestamp"] = stamp(start + timedelta(minutes=offset))
    result: str = meta["creationTimestamp"]
    return result


def stamp_all(objects: list[Json]) -> None:
    """Give every object its uid, resourceVersion and creation time; owners without a uid get theirs."""
    for one in objects:
        meta = one["metadata"]
        key = (one["kind"], meta.get("namespace", ""), meta["name"])
        meta |= {"uid": uid(*key), "resourceVersion": str(1_000_000 + number(40_000_000, "version", *key))}
        created(one)
        if one["kind"] in _WITH_GENERATION or one["kind"].endswith(("WebhookConfiguration", "Policy", "PolicyBinding")):
            meta.setdefault("generation", 1)
        for above in meta.get("ownerReferences", ()):
            above.setdefault("uid", uid(above["kind"], meta.get("namespace", ""), above["name"]))
