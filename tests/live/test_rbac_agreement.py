"""Every control of least privilege says of 500 role sets what the API server says when it is asked."""

import secrets
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from typing import Any, NamedTuple
from zlib import crc32

import pytest

from k8snb.analysis.powers import POWERS, Right
from k8snb.assessment.assess import assess
from k8snb.inventory.cluster import Cluster, load
from k8snb.sandbox import binaries, components, control
from k8snb.sandbox.client import Client
from k8snb.sandbox.home import Home
from k8snb.sandbox.seed.stages import stages
from k8snb.sandbox.seed.write import Writer
from k8snb.sandbox.versions import DEFAULT, versions
from k8snb.sources.live import live

from .rolesets import NAME, NAMESPACE, RoleSet, role_sets

SETS = list(role_sets(500))
REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
WILD = "no-wildcard-roles"
UNHEARD = "unheard-of"
Permission = tuple[str, str, str]


class Server(NamedTuple):
    """A real API server with all sets in it, and what k8snb read of it."""

    client: Client
    cluster: Cluster
    asked: Counter[str]

    def allows(self, one: RoleSet, permission: Permission, place: str = "", name: str = "") -> bool:
        """Ask whether a set's subject may do something."""
        verb, group, (base, _, part) = permission[0], permission[1], permission[2].partition("/")
        about = {"verb": verb, "group": group, "resource": base, "subresource": part, "namespace": place, "name": name}
        body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview"}
        status, told = self.client.ask("POST", REVIEWS, body | {"spec": one.reviewed | {"resourceAttributes": about}})
        assert status == 201, told
        self.asked["reviews"] += 1
        return bool(told["status"]["allowed"])

    def holds(self, one: RoleSet, control_id: str) -> bool:
        """Say whether a set's subject has a power: by any way, with all of its rights."""
        power = POWERS[control_id]
        return any(all(self._right(one, right, named=power.named) for right in way) for way in power.ways)

    def _right(self, one: RoleSet, right: Right, *, named: bool) -> bool:
        name, place = NAME if named else "", "" if right.everywhere else NAMESPACE
        return any(self._permits(one, asked, place, name) for asked in right.permissions if mentioned(one, asked))

    def _permits(self, one: RoleSet, permission: Permission, place: str, name: str) -> bool:
        """Ask for an object by name, which any rule allows that allows all; creating and clearing name none."""
        verb, group, resource = permission
        if "/" in resource or verb not in {"create", "deletecollection"}:
            return self.allows(one, permission, place, name)
        if self.allows(one, permission, place):
            return True
        applied = verb == "create" and bool(name) and self.allows(one, permission, place, name)
        return applied and self.allows(one, ("patch", group, resource), place, name)

    def wild(self, one: RoleSet) -> bool:
        """Say whether a set's subject may do what nobody has heard of."""
        return any(self.allows(one, asked, NAMESPACE, NAME) for asked in dict.fromkeys(_unheard(one)))


def mentioned(one: RoleSet, permission: Permission) -> bool:
    """Say whether rules have words for its verb, its group and its resource: nobody else can have the permission.

    `pods/*` looks like a word for `pods/exec` and is asked about; so is one in a hundred that no rule mentions.
    """
    verb, group, resource = permission
    verbs, groups = ({word for rule in one.rules for word in rule[key]} for key in ("verbs", "apiGroups"))
    patterns = (word for rule in one.rules for word in rule["resources"])
    likely = {verb, "*"} & verbs and {group, "*"} & groups and any(fnmatchcase(resource, word) for word in patterns)
    return bool(likely) or hash_of(one, permission) % 100 == 0


def hash_of(one: RoleSet, permission: Permission) -> int:
    return crc32(repr((one.subject, permission)).encode())


def _unheard(one: RoleSet) -> Iterator[Permission]:
    for rule in one.rules:
        for group in rule["apiGroups"]:
            for resource in rule["resources"]:
                known = UNHEARD if resource == "*" else resource.replace("*/", f"{UNHEARD}/")
                if "*" in rule["verbs"]:
                    yield UNHEARD, group, known
                if known != resource:
                    yield from ((verb, group, known) for verb in rule["verbs"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if missing := [one for one in components.ALWAYS if not binaries.found(one, versions(DEFAULT))]:
        pytest.skip(f"no {', '.join(missing)}: make binaries builds them, or set KUBEBUILDER_ASSETS")
    name = f"test-{secrets.token_hex(4)}"
    home = Home(name, tmp_path_factory.mktemp("agreement") / name)
    try:
        settings = control.up(home, lambda _: None, profile="hardened")
        client = Client(home, settings.server)
        _write(client, Client(home, settings.server, "seed"))
        yield Server(client, load(live(None, str(home.kubeconfig))), Counter())
    finally:
        control.down(home, lambda _: None)


def _write(client: Client, seed: Client) -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    writer = Writer(seed)
    for _, steps in stages([namespace, *(one for it in SETS for one in it.objects)]):
        writer.write(steps)
    end = time.monotonic() + 30
    while _waiting(client) and time.monotonic() < end:
        time.sleep(0.1)


def _waiting(client: Client) -> bool:
    """Whether an aggregated role still waits for its rules."""
    roles = client.get("/apis/rbac.authorization.k8s.io/v1/clusterroles?limit=5000")["items"]
    return any(one.get("aggregationRule") and not one["rules"] for one in roles)


def said(cluster: Cluster) -> dict[str, set[str]]:
    """Give, for each control, the sets that fail."""
    found: dict[str, set[str]] = {}
    result = assess(cluster, controls=[*POWERS, WILD], all=True)
    for one in result:
        if one.subject.name.startswith("s") and one.subject.name[1:4].isdigit():
            assert one.status in {"pass", "fail"}, one
            found.setdefault(one.control, set()).update([one.subject.name[:4]] if one.status == "fail" else [])
    return found


def test_the_controls_and_the_api_server_agree(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    ours = said(server.cluster)
    questions = [(control_id, one) for control_id in [*POWERS, WILD] for one in SETS]

    def answer(asked: tuple[str, RoleSet]) -> bool:
        control_id, one = asked
        return server.wild(one) if control_id == WILD else server.holds(one, control_id)

    started = time.monotonic()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(answer, questions))
    held, differ = Counter[str](), []
    for (control_id, one), theirs in zip(questions, answers, strict=True):
        held[control_id] += theirs
        if theirs != (one.objects[0]["metadata"]["name"][:4] in ours[control_id]):
            differ.append((control_id, theirs, one.objects))
    with capsys.disabled():
        held_by = ", ".join(f"{name} {count}" for name, count in held.items())
        took = f"{server.asked['reviews']:,} reviews in {time.monotonic() - started:.0f} s"
        print(f"\n{len(questions):,} questions, {took}; {len(differ)} disagreements; held: {held_by}")
    assert not differ, (len(differ), differ[:3])


def test_roles_as_kubernetes_ships_them_are_no_findings(server: Server) -> None:
    result = assess(server.cluster, controls=[*POWERS, WILD, "no-escalation-paths"], all=True)
    wrong: list[Any] = [
        one for one in result if one.status != "pass" and one.subject.name.startswith(("system:", "cluster-admin"))
    ]
    assert [one for one in wrong if one.status != "not-applicable"] == []
