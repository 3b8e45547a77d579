"""Bring the deprecated API versions up to date: `PYTHONPATH=. python tests/data/deprecated_apis.py FOLDER VERSION DAY`.

FOLDER is the source of the Go module k8s.io/api at VERSION, such as v0.37.2 of DAY; `go mod download -json` tells both.
Its `zz_generated.prerelease-lifecycle.go` files are what an API server warns by. What was known of versions whose types
are gone from the module is kept.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "k8snb" / "data" / "deprecated_apis.json"
_ANSWER = re.compile(r"^func \(in \*(\w+)\) APILifecycle(\w+)\(\).*\{\n\treturn (.+)$", re.MULTILINE)
_KIND = re.compile(r'Group: *"([^"]*)", Version: *"([^"]*)", Kind: *"([^"]*)"')
_GROUP = re.compile(r'^const GroupName = "([^"]*)"', re.MULTILINE)
_NAME = re.compile(r"v(\d+)(?:(alpha|beta)(\d+))?")
_NONE = "a later version, once there is one"
_NO_OBJECTS = {"Scale", "DeploymentRollback", "Eviction", "AdmissionReview"}
"""Kinds that only pass by: nobody keeps a manifest of one."""
Entry = Mapping[str, str]


def found(folder: Path, minor: int) -> Iterator[Entry]:
    """Give the API versions that are deprecated in a minor release of Kubernetes 1."""
    versions = {(one["group"], one["kind"]): one["version"] for one in sorted(_types(folder), key=_rank)}
    for one in sorted(_types(folder), key=lambda one: (one["group"], one["version"], one["kind"])):
        deprecated = one.get("Deprecated", "")
        if deprecated and _minor(deprecated) <= minor:
            newest = versions[one["group"], one["kind"]]
            same = f"{one['group']}/{newest}".lstrip("/") if newest != one["version"] else ""
            yield {
                "api": f"{one['group']}/{one['version']}".lstrip("/"),
                "kind": one["kind"],
                "deprecated": deprecated,
                "removed": one.get("Removed", ""),
                "instead": same or one.get("Replacement") or _NONE,
            }


def _types(folder: Path) -> Iterator[dict[str, str]]:
    for registered in sorted(folder.glob("*/v*/register.go")):
        group, place = _GROUP.search(registered.read_text()), registered.parent
        types = "".join(path.read_text() for path in place.glob("types*.go"))
        answers: dict[str, dict[str, str]] = {}
        for path in place.glob("zz_generated.prerelease-lifecycle.go"):
            for kind, what, value in _ANSWER.findall(path.read_text()):
                answers.setdefault(kind, {})[what] = _told(value)
        for kind in re.findall(r"^type (\w+) struct \{\n\tmetav1\.TypeMeta", types, re.MULTILINE):
            if group and not kind.endswith("List") and kind not in _NO_OBJECTS:
                yield {"group": group[1], "version": place.name, "kind": kind, **answers.get(kind, {})}


def _told(value: str) -> str:
    kind = _KIND.search(value)
    return "/".join(kind.groups()[:2]) if kind else value.replace(", ", ".")


def _rank(one: Mapping[str, str]) -> tuple[bool, bool, int, int]:
    """Order versions as Kubernetes does: v1 above v1beta2 above v1beta1 above v1alpha1."""
    name = _NAME.fullmatch(one["version"])
    assert name
    return name[2] is None, name[2] == "beta", int(name[1]), int(name[3] or 0)


def _minor(version: str) -> int:
    return int(version.partition(".")[2])


def renewed(known: dict[str, Any], folder: Path, version: str, day: str) -> dict[str, Any]:
    """Give the data with what a module says."""
    new = {(one["api"], one["kind"]): one for one in found(folder, int(version.split(".")[1]))}
    old = {(one["api"], one["kind"]): one for one in known["apis"]}
    merged = [
        {**old.get(key, {}), **{name: text for name, text in one.items() if text != _NONE}} for key, one in new.items()
    ]
    merged += [one for key, one in old.items() if key not in new]
    source = (
        f"https://pkg.go.dev/k8s.io/api@{version}, the lifecycle tags by which an API server warns; what is not in it "
        "any more: https://kubernetes.io/docs/reference/using-api/deprecation-guide/"
    )
    apis = sorted(merged, key=lambda one: (-_minor(one["deprecated"]), one["api"], one["kind"]))
    return {"date": day, "source": source, "apis": [{"removed": "", "instead": _NONE, **one} for one in apis]}


def written(data: Mapping[str, Any]) -> str:
    """Give the data as a file, an API version a line."""
    names = ("api", "kind", "deprecated", "removed", "instead")
    lines = ",\n    ".join(json.dumps({name: one[name] for name in names}) for one in data["apis"])
    head = f'{{\n  "date": {json.dumps(data["date"])},\n  "source": {json.dumps(data["source"])},\n'
    return f'{head}  "apis": [\n    {lines}\n  ]\n}}\n'


if __name__ == "__main__":
    place, release, of = sys.argv[1:]
    DATA.write_text(written(renewed(json.loads(DATA.read_text()), Path(place), release, of)))
