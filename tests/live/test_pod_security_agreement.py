"""Every check of the Pod Security Standards says of a pod what the admission plugin of a real API server warns of.

`python -m tests.live.test_pod_security_agreement --pods 2000` asks about more pods, and prints the counts.
"""

import argparse
import itertools
import re
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
import urllib3
import yaml

import k8snb
from k8snb.analysis.pod_security import evaluate
from k8snb.sandbox import control
from k8snb.sandbox.client import Client
from k8snb.sandbox.home import Home
from tests.live.pods import Json, pods
from tests.sandbox.conftest import programs_or_skip

VERSIONS = ("latest", *(f"v1.{minor}" for minor in (37, 36, 35, 34, 33, 31, 30, 29, 27, 25, 24, 22, 21, 19, 18, 8, 0)))
LEVELS = ("baseline", "restricted")
REASONS = {
    "allowPrivilegeEscalation != false": "allowPrivilegeEscalation",
    "forbidden AppArmor profile": "appArmorProfile",
    "non-default capabilities": "capabilities_baseline",
    "unrestricted capabilities": "capabilities_restricted",
    "host namespaces": "hostNamespaces",
    "hostPath volumes": "hostPathVolumes",
    "hostPort": "hostPorts",
    "probe or lifecycle host": "hostProbesAndHostLifecycle",
    "privileged": "privileged",
    "procMount": "procMount",
    "restricted volume types": "restrictedVolumes",
    "runAsNonRoot != true": "runAsNonRoot",
    "runAsUser=0": "runAsUser",
    "seccompProfile": "seccompProfile",
    "seLinuxOptions": "seLinuxOptions",
    "forbidden sysctl": "sysctls",
    "hostProcess": "windowsHostProcess",
}
"""Checks by the words in which the plugin tells of them."""
_WARNING = re.compile(r'would violate PodSecurity "[^"]*": (.*)')


class Answer(NamedTuple):
    """What the server and k8snb say of one pod: the checks that it violates; no server's where it takes no such pod.

    k8snb judges the pod as it was sent, which is what stands in manifests, and as the server would store it.
    """

    level: str
    version: str
    theirs: frozenset[str] | None
    ours: frozenset[str]
    stored: frozenset[str]
    pod: Json

    @property
    def differs(self) -> bool:
        return self.theirs is not None and not self.theirs == self.ours == self.stored


class Plugin(NamedTuple):
    """The admission plugin of a real API server."""

    pool: urllib3.PoolManager
    server: str

    def ask(self, pod: Json, level: str, version: str) -> Answer:
        """Try to make a pod in a namespace that warns, and judge the pod as the server would store it."""
        path = f"{self.server}/api/v1/namespaces/{place(level, version)}/pods?dryRun=All"
        kind = {"content-type": "application/json"}
        got = self.pool.request("POST", path, body=msgspec.json.encode(pod), headers=kind)
        if got.status != 201:
            return Answer(level, version, None, frozenset(), frozenset(), pod)
        ours, stored = judged(pod, level, version), judged(msgspec.json.decode(got.data), level, version)
        return Answer(level, version, warned(got.headers.getlist("warning")), ours, stored, pod)


def place(level: str, version: str) -> str:
    return f"{level}-{version.replace('.', '-')}"


def warned(headers: Iterable[str]) -> frozenset[str]:
    """Give the checks that warnings name; words that nobody knows stand for themselves."""
    told = [text.removeprefix('299 - "').removesuffix('"').replace('\\"', '"') for text in headers]
    reasons = (reason for text in told if (found := _WARNING.match(text)) for reason in _reasons(found[1]))
    return frozenset(next((check for words, check in REASONS.items() if one.startswith(words)), one) for one in reasons)


def _reasons(text: str) -> Iterator[str]:
    """Give what stands outside of parentheses: `privileged (container "a" …), hostPort (…)`."""
    depth, start = 0, 0
    for at, sign in enumerate(text):
        if sign == "(":
            if depth == 0:
                yield text[start:at].strip(" ,")
            depth += 1
        elif sign == ")":
            depth -= 1
            start = at + 1
    if rest := text[start:].strip(" ,"):
        yield rest


def judged(pod: Json, level: str, version: str) -> frozenset[str]:
    (workload,) = k8snb.connect(objects=[pod | {"apiVersion": "v1", "kind": "Pod"}]).workloads
    found = {one.check for one in evaluate(workload.template, level, version)}
    words = set(REASONS.values())
    return frozenset(one if one in words else one.rpartition("_")[0] for one in found)


@contextmanager
def plugin(folder: Path) -> Iterator[Plugin]:
    """Run an API server with a namespace for each level and version."""
    home = Home(name := f"test-{secrets.token_hex(4)}", folder / name)
    try:
        settings = control.up(home, lambda _: None, profile="hardened")
        client = Client(home, settings.server)
        names = [_namespace(client, level, version) for level in LEVELS for version in VERSIONS]
        accounts = [f"/api/v1/namespaces/{name}/serviceaccounts" for name in names]
        for path in accounts:
            client.ask("POST", path, {"metadata": {"name": "default"}})
        keys = {
            "ca_certs": f"{home.keys}/ca.crt",
            "cert_file": f"{home.keys}/admin.crt",
            "key_file": f"{home.keys}/admin.key",
        }
        yield Plugin(urllib3.PoolManager(maxsize=8, **keys), settings.server)
    finally:
        control.down(home, lambda _: None)


def _namespace(client: Client, level: str, version: str) -> str:
    labels = {
        f"pod-security.kubernetes.io/{key}": word
        for key, word in (("enforce", "privileged"), ("warn", level), ("warn-version", version))
    }
    status, told = client.ask(
        "POST", "/api/v1/namespaces", {"metadata": {"name": place(level, version), "labels": labels}}
    )
    assert status == 201, told
    return place(level, version)


def answers(asked: Plugin, wanted: Iterable[Json], versions: Iterable[str]) -> list[Answer]:
    """Ask about each pod at every level, in one version after the other."""
    questions = [(pod, level, version) for pod, version in zip(wanted, versions, strict=False) for level in LEVELS]
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda one: asked.ask(*one), questions))


def told(found: list[Answer]) -> str:
    taken = [one for one in found if one.theirs is not None]
    checks = Counter(check for one in taken for check in one.theirs or ())
    differ = sum(one.differs for one in taken)
    violated = ", ".join(f"{name} {count}" for name, count in sorted(checks.items()))
    return (
        f"{len(taken):,} answers, {len(found) - len(taken)} pods refused; {differ} disagreements; violated: {violated}"
    )


def agree(found: list[Answer]) -> None:
    differ = [one for one in found if one.differs]
    assert not differ, (
        len(differ),
        [(one.level, one.version, one.theirs, one.ours, one.stored, one.pod["spec"]) for one in differ[:3]],
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plugin]:
    programs_or_skip()
    with plugin(tmp_path_factory.mktemp("plugin")) as found:
        yield found


def test_the_checks_and_the_admission_plugin_agree(server: Plugin, capsys: pytest.CaptureFixture[str]) -> None:
    found = answers(server, pods(300), itertools.cycle(VERSIONS))
    with capsys.disabled():
        print(f"\n{told(found)}")
    agree(found)
    assert sum(one.theirs is not None for one in found) > 0.8 * len(found)
    assert {check for one in found for check in one.theirs or ()} == set(REASONS.values())


def test_they_agree_on_every_fixture_of_kubernetes(server: Plugin, fixtures: Path) -> None:
    paths = sorted((fixtures / "pod-security-standards").glob("*/*/*.yaml"))
    wanted = [yaml.safe_load(path.read_text()) for path in paths]
    agree(answers(server, wanted, itertools.repeat("latest")))


def main() -> None:
    """Ask about many pods, print the counts, and end with 1 if one disagrees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pods", type=int, default=2000)
    with tempfile.TemporaryDirectory() as folder, plugin(Path(folder)) as asked:
        found = answers(asked, pods(parser.parse_args().pods), itertools.cycle(VERSIONS))
    print(told(found))
    for one in [one for one in found if one.differs][:20]:
        print(
            one.level,
            one.version,
            "server:",
            sorted(one.theirs or ()),
            "k8snb:",
            sorted(one.ours),
            sorted(one.stored),
            file=sys.stderr,
        )
        print(msgspec.json.encode(one.pod["spec"]).decode()[-900:], file=sys.stderr)
    sys.exit(any(one.differs for one in found))


if __name__ == "__main__":
    main()
