"""What the real API server says of pods in a Pod Security warning, beside what k8snb says.

`python -m tests.live.agreement --pods 2000` asks about as many pods, and about the fixtures of Kubernetes.
"""

import argparse
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import k8snb
from k8snb.analysis.pod_security import LEVELS, evaluate
from k8snb.analysis.pod_security.registry import LATEST
from tests.conftest import fixtures_folder
from tests.live.pods import pods
from tests.live.server import Real, running

REASONS = {
    "allowPrivilegeEscalation != false": "allowPrivilegeEscalation",
    "forbidden AppArmor profile": "appArmorProfile",
    "forbidden AppArmor profiles": "appArmorProfile",
    "forbidden sysctls": "sysctls",
    "host namespaces": "hostNamespaces",
    "hostPath volumes": "hostPathVolumes",
    "hostPort": "hostPorts",
    "hostProcess": "windowsHostProcess",
    "non-default capabilities": "capabilities_baseline",
    "privileged": "privileged",
    "probe or lifecycle host": "hostProbesAndHostLifecycle",
    "procMount": "procMount",
    "restricted volume types": "restrictedVolumes",
    "runAsNonRoot != true": "runAsNonRoot",
    "runAsUser=0": "runAsUser",
    "seLinuxOptions": "seLinuxOptions",
    "seccompProfile": "seccompProfile",
    "unrestricted capabilities": "capabilities_restricted",
}
"""Checks by the words that the plugin has for them."""
SAME = {
    "procMount_restricted": "procMount",
    "seccompProfile_baseline": "seccompProfile",
    "seccompProfile_restricted": "seccompProfile",
}
"""Checks whose words are those of another level's check; a level never makes both."""
_WARNING = re.compile(r'would violate PodSecurity \\?"[a-z]+:[a-z0-9.]+\\?": (.*)"$')
_LABEL = "pod-security.kubernetes.io/"
VERSIONS = ("latest", *(f"v1.{minor}" for minor in range(LATEST + 1)))
Json = dict[str, Any]


class Question(NamedTuple):
    """A pod at a level of a version."""

    pod: Json
    level: str
    version: str


class Answer(NamedTuple):
    """What the two say; the server says nothing of a pod that is no valid one."""

    asked: Question
    status: int
    theirs: set[str]
    ours: set[str]


def place(level: str, version: str) -> str:
    return f"{level}-{version.replace('.', '-')}"


def namespaces() -> Iterator[Json]:
    """Give a namespace that warns of each level of each version, with the account that pods need."""
    for level in LEVELS[1:]:
        for version in VERSIONS:
            name = place(level, version)
            labels = {f"{_LABEL}enforce": "privileged", f"{_LABEL}warn": level, f"{_LABEL}warn-version": version}
            yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
            account = {"name": "default", "namespace": name}
            yield {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account}


def fixtures() -> list[Json]:
    """Give the pods that Kubernetes tests its plugin with."""
    return [
        yaml.safe_load(path.read_text()) for path in sorted(fixtures_folder().glob("pod-security-standards/*/*/*.yaml"))
    ]


def questions(found: Iterable[Json], pinned: int) -> Iterator[Question]:
    """Ask about each pod at the latest version and at some of the others, all of them in turn."""
    for index, pod in enumerate(found):
        others = [VERSIONS[1 + (index * pinned + each) % (len(VERSIONS) - 1)] for each in range(pinned)]
        yield from (Question(pod, level, version) for level in LEVELS[1:] for version in ("latest", *others))


def valid(server: Real, count: int) -> list[Json]:
    """Give so many generated pods that the server does not refuse: it warns only of those."""
    made, path = pods(2 * count + 50), f"/api/v1/namespaces/{place('baseline', 'latest')}/pods?dryRun=All"
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda one: server.warned(path, one)[0], made))
    return [one for one, status in zip(made, statuses, strict=True) if status == 201][:count]


def answers(server: Real, asked: Iterable[Question]) -> list[Answer]:
    """Put questions to both."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda one: answer(server, one), asked))


def answer(server: Real, asked: Question) -> Answer:
    """Put a question to both."""
    name = place(asked.level, asked.version)
    path = f"/api/v1/namespaces/{name}/pods?dryRun=All"
    status, warnings = server.warned(
        path, asked.pod | {"metadata": asked.pod["metadata"] | {"name": "a", "namespace": name}}
    )
    theirs = {check for warning in warnings for check in named(warning)}
    (workload,) = k8snb.connect(objects=[asked.pod]).workloads
    ours = {SAME.get(one.check, one.check) for one in evaluate(workload.template, asked.level, asked.version)}
    return Answer(asked, status, theirs, ours)


def named(warning: str) -> set[str]:
    """Give the checks that a warning names."""
    found = _WARNING.search(warning)
    if not found:
        return set()
    words = found[1]
    while (shorter := re.sub(r" ?\([^()]*\)", "", words)) != words:
        words = shorter
    return {REASONS[one] for one in words.split(", ")}


def told(found: list[Answer]) -> tuple[str, list[Answer]]:
    """Give counts in a line, and the answers that differ."""
    valid = [one for one in found if one.status == 201]
    differ = [one for one in valid if one.theirs != one.ours]
    held = Counter(check for one in valid for check in one.theirs)
    named_by = ", ".join(f"{check} {count:,}" for check, count in sorted(held.items()))
    judged = len({id(one.asked.pod) for one in valid})
    clean = sum(not one.theirs for one in valid)
    line = (
        f"{judged:,} pods, {len(valid):,} answers, {clean:,} without a violation, {len(found) - len(valid):,} refused"
    )
    return f"{line}; {len(differ)} disagreements; violated: {named_by}", differ


def main() -> int:
    """Ask about as many valid pods as wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pods", type=int, default=2000)
    parser.add_argument("--version", help="minor version of the server")
    chosen = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), list(namespaces()), chosen.version) as server:
        for what, asked in (
            ("fixtures", questions(fixtures(), len(VERSIONS) - 1)),
            ("generated", questions(valid(server, chosen.pods), 2)),
        ):
            started = time.monotonic()
            line, differ = told(answers(server, asked))
            print(f"{what}: {line} ({time.monotonic() - started:.0f} s)", flush=True)
            for one in differ[:5]:
                print(one)
            wrong += len(differ)
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
