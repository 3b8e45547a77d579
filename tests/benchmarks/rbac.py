"""Roles and bindings at a large company: seconds for every control of the chapter. Prints a Markdown table.

python tests/benchmarks/rbac.py    # 5,000 roles, 20,000 bindings and 10,000 subjects; about half a minute
"""

import argparse
import random
import time
from collections.abc import Iterator
from typing import Any

import k8snb
from k8snb.controls import controls

CHAPTER = "authentication-authorization"
API, GROUP = "rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io"
Rule = tuple[str, tuple[str, ...], tuple[str, ...]]
HARMLESS: tuple[Rule, ...] = (
    ("", ("configmaps", "services", "persistentvolumeclaims"), ("get", "list", "watch")),
    ("", ("pods", "pods/log", "events"), ("get", "list", "watch")),
    ("apps", ("deployments", "statefulsets"), ("get", "list", "watch")),
    ("apps", ("deployments/scale",), ("get", "update")),
    ("networking.k8s.io", ("ingresses", "networkpolicies"), ("get", "create", "update")),
    ("autoscaling", ("horizontalpodautoscalers",), ("*",)),
    ("coordination.k8s.io", ("leases",), ("get", "create", "update")),
    ("monitoring.coreos.com", ("*",), ("get", "list")),
)
POWERFUL: tuple[Rule, ...] = (
    ("", ("pods/exec",), ("create",)),
    ("", ("secrets",), ("get", "list")),
    ("", ("pods",), ("create", "delete")),
    ("apps", ("deployments", "statefulsets"), ("get", "list", "patch", "update")),
    ("batch", ("jobs", "cronjobs"), ("*",)),
    ("", ("serviceaccounts/token",), ("create",)),
    ("", ("nodes/proxy",), ("get",)),
)
Json = dict[str, Any]


def cluster(roles: int, bindings: int, subjects: int) -> Iterator[Json]:
    """Give the objects: a tenth of roles and bindings for the whole cluster, a fifth of the rules gives a power."""
    source = random.Random(1)
    names = [f"team-{index}" for index in range(max(1, roles // 25))]
    yield from ({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in names)
    yield {
        "apiVersion": API,
        "kind": "ClusterRole",
        "metadata": {"name": "cluster-admin"},
        "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
    }
    for index in range(roles):
        yield _role(source, index, names)
    people = [_subject(index, names) for index in range(subjects)]
    yield from (_account(one) for one in people if one["kind"] == "ServiceAccount")
    for index in range(bindings):
        yield _binding(source, index, roles, names, [people[index % subjects], source.choice(people)])


def _role(source: random.Random, index: int, names: list[str]) -> Json:
    wide = index % 10 == 0
    chosen = [source.choice(POWERFUL if source.random() < 0.2 else HARMLESS) for _ in range(source.randint(1, 4))]
    return {
        "apiVersion": API,
        "kind": "ClusterRole" if wide else "Role",
        "metadata": {"name": f"role-{index}", **({} if wide else {"namespace": names[index % len(names)]})},
        "rules": [{"apiGroups": [group], "resources": resources, "verbs": verbs} for group, resources, verbs in chosen],
    }


def _subject(index: int, names: list[str]) -> Json:
    kind = ("ServiceAccount", "ServiceAccount", "User", "Group")[index % 4]
    return {"kind": kind, "name": f"s-{index}"} | ({"namespace": names[index % len(names)]} if index % 4 < 2 else {})


def _account(one: Json) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": one["name"], "namespace": one["namespace"]},
    }


def _binding(source: random.Random, index: int, roles: int, names: list[str], subjects: list[Json]) -> Json:
    chosen = source.randrange(roles)
    wide, local = chosen % 10 == 0, index % 10 > 0 or chosen % 10 > 0
    place = names[(index if wide else chosen) % len(names)]
    admin = index % 2000 == 0
    return {
        "apiVersion": API,
        "kind": "RoleBinding" if local and not admin else "ClusterRoleBinding",
        "metadata": {"name": f"binding-{index}", **({"namespace": place} if local and not admin else {})},
        "roleRef": {
            "apiGroup": GROUP,
            "kind": "ClusterRole" if wide or admin else "Role",
            "name": "cluster-admin" if admin else f"role-{chosen}",
        },
        "subjects": subjects,
    }


def main() -> None:
    """Make the cluster, judge it, and print how long each control takes alone and all take together."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, count in (("roles", 5_000), ("bindings", 20_000), ("subjects", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=count)
    arguments = parser.parse_args()
    known = controls()  # imported before the clock runs
    objects = list(cluster(arguments.roles, arguments.bindings, arguments.subjects))
    started = time.perf_counter()
    read = k8snb.connect(objects=objects)
    print(f"| {len(objects):,} objects read | {time.perf_counter() - started:.1f} s | |\n| --- | --- | --- |")
    started, worked = time.perf_counter(), time.process_time()
    result = k8snb.assess(read, chapters=[CHAPTER])
    wall, used = time.perf_counter() - started, time.process_time() - worked
    failing = len(result.findings(status="fail"))
    print(f"| all controls of the chapter | {wall:.1f} s, {used:.1f} s of CPU | {failing:,} findings |")
    for control in known.values():
        if control.chapter == CHAPTER:
            started = time.process_time()
            counts = k8snb.assess(read, controls=[control.id])[control.id].result.counts
            print(f"| {control.id} | {time.process_time() - started:.2f} s of CPU | {counts.fail:,} fail |")


if __name__ == "__main__":
    main()
