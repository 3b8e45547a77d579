"""Sets of roles and bindings by chance, the same every time: each gives one subject a little of everything."""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from k8snb.analysis.powers import POWERS, Right

API = "rbac.authorization.k8s.io/v1"
NAMESPACE, NAME = "shop", "a"
RIGHTS = [right for power in POWERS.values() for way in power.ways for right in way]
NOISE = ("get", "list", "delete", "create", "patch", "use")
Json = dict[str, Any]


class RoleSet(NamedTuple):
    """One set: its subject, as a binding and as a review tell it, and its objects."""

    subject: Json
    reviewed: Json
    objects: list[Json]

    @property
    def rules(self) -> list[Json]:
        return [rule for one in self.objects for rule in one.get("rules", ())]


def role_sets(count: int) -> Iterator[RoleSet]:
    source = random.Random(20260101)  # noqa: S311 - chance that can be repeated
    for index in range(count):
        subject, reviewed = _subject(f"s{index:03}", index)
        objects = [one for part in range(source.choice((1, 1, 2, 3))) for one in _bound(source, index, part, subject)]
        yield RoleSet(subject, reviewed, objects)


def _subject(name: str, index: int) -> tuple[Json, Json]:
    if index % 3 == 0:
        user = f"system:serviceaccount:{NAMESPACE}:{name}"
        groups = ["system:serviceaccounts", f"system:serviceaccounts:{NAMESPACE}", "system:authenticated"]
        return {"kind": "ServiceAccount", "name": name, "namespace": NAMESPACE}, {"user": user, "groups": groups}
    kind = ("User", "Group")[index % 2]
    groups = ["system:authenticated"]
    reviewed = {"user": name, "groups": groups} if kind == "User" else {"user": "nobody", "groups": [name, *groups]}
    return {"kind": kind, "name": name, "apiGroup": "rbac.authorization.k8s.io"}, reviewed


def _bound(source: random.Random, index: int, part: int, subject: Json) -> Iterator[Json]:
    name = f"s{index:03}-{part}"
    rules = [_rule(source) for _ in range(source.choice((1, 1, 2, 3)))]
    kind = source.choice(("Role", "ClusterRole", "ClusterRole"))
    local = kind == "Role" or source.random() < 0.3
    place = {"namespace": NAMESPACE} if kind == "Role" else {}
    if kind == "ClusterRole" and source.random() < 0.15:
        label = {"part-of": name}
        yield _role(kind, f"{name}-part", rules, labels=label)
        yield _role(kind, name, [], aggregationRule={"clusterRoleSelectors": [{"matchLabels": label}]})
    else:
        yield _role(kind, name, rules, **place)
    yield {
        "apiVersion": API,
        "kind": "RoleBinding" if local else "ClusterRoleBinding",
        "metadata": {"name": name, **({"namespace": NAMESPACE} if local else {})},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name},
        "subjects": [subject],
    }


def _role(kind: str, name: str, rules: list[Json], aggregationRule: Any = None, **metadata: Any) -> Json:  # noqa: N803
    aggregated = {"aggregationRule": aggregationRule} if aggregationRule else {}
    return {"apiVersion": API, "kind": kind, "metadata": {"name": name, **metadata}, "rules": rules, **aggregated}


def _rule(source: random.Random) -> Json:
    """Give a rule that is near a power: mostly its words, with wildcards and words that only look alike."""
    right: Right = source.choice(RIGHTS)
    resource = source.choice(right.resources)
    base, _, part = resource.partition("/")
    likely = [resource] * 6 + ["*", f"*/{part or 'status'}", f"{base}/*", base, "configmaps"]
    verbs = source.choices([*right.verbs * 3, "*", *NOISE], k=source.choice((1, 1, 2)))
    rule = {
        "apiGroups": source.choices([right.group] * 6 + ["*", "example.com"], k=1),
        "resources": list(dict.fromkeys(source.choices(likely, k=source.choice((1, 1, 2))))),
        "verbs": list(dict.fromkeys(verbs)),
    }
    return rule | ({"resourceNames": [NAME]} if source.random() < 0.25 else {})
