"""Reads the manifests of the company, as its people would apply them."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from k8snb.sources.demo.seeds import digest

Json = dict[str, Any]

HERE = Path(__file__).parent
_WEAK = ("demo", "changeme")
CLUSTER_SCOPED = {
    "Namespace",
    "Node",
    "PersistentVolume",
    "ClusterRole",
    "ClusterRoleBinding",
    "RuntimeClass",
    "APIService",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
}


def image_digest(image: str) -> str:
    """Give the digest that a tag points to (`sha256:…`)."""
    return f"sha256:{digest('image', full_name(image.partition('@')[0]))}"


def full_name(image: str) -> str:
    """Give an image's name with registry and tag, as the container runtime reports it."""
    repository, tag = split_tag(image)
    first = repository.split("/")[0]
    if "." not in first:
        repository = f"docker.io/{repository}" if "/" in repository else f"docker.io/library/{repository}"
    return f"{repository}:{tag}"


def split_tag(image: str) -> tuple[str, str]:
    """Give repository and tag of an image without a digest; the tag is `latest` when there is none."""
    head, slash, last = image.rpartition("/")
    name, _, tag = last.partition(":")
    return f"{head}{slash}{name}", tag or "latest"


def _expanded(text: str) -> str:
    text = text.replace("@login@", ":".join(_WEAK) + "@")
    return re.sub(r"([\w./:-]+)@pinned", lambda found: f"{found[1]}@{image_digest(found[1])}", text)


@cache
def _text(name: str) -> str:
    return json.dumps(yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def document(name: str) -> Any:
    """Read a YAML file beside this one. No two readers share a value.

    `@pinned` behind an image becomes its digest. `@login@` in a URL becomes a weak user name and password, so that
    scanners of this repository find nothing that looks like one.
    """
    return json.loads(_expanded(_text(name)))


def objects() -> list[Json]:
    """Give all objects of the company; one that names no namespace is in the one that its file is named after."""
    result = []
    for file in sorted((HERE / "company").glob("*.yaml")):
        for one in document(f"company/{file.name}").get("items", ()):
            if one["kind"] not in CLUSTER_SCOPED:
                one["metadata"].setdefault("namespace", file.stem)
            result.append(one)
    return result
