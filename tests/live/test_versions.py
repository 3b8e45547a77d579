"""The same objects on each version of a real API server: the same findings, but for what differs by version."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import msgspec
import pytest

import k8snb
from k8snb.inventory.cluster import Cluster, load
from k8snb.inventory.connect import open_source
from k8snb.sandbox.versions import VERSIONS, versions
from tests.live.conftest import part_of_the_demo
from tests.live.server import Real, running
from tests.sandbox.conftest import programs_or_skip

*OLDER, NEWEST = VERSIONS
NOT_SERVED: Mapping[str, set[str | None]] = {"1.35": {"/flagz", "/statusz"}}
"""Pages on which a server tells of itself: on by default since 1.36."""
ON_DEFAULTS = {"pod-security-admission"}
"""A namespace without labels fails, unless flags tell of a file that may give it a level."""
TODAY = "2026-11-16"
Verdicts = dict[tuple[str, str], str]


class Seen(msgspec.Struct):
    """What is seen of a server.

    Attributes:
        version: The version that it tells.
        refused: Resources and pages that it does not serve.
        bare: Verdicts while nobody has written anything, and no pod shows its flags.
        filled: Verdicts with objects of the demo cluster, among them the pod of an API server.
    """

    version: str | None
    refused: set[str | None]
    bare: Verdicts
    filled: Verdicts


Look = Callable[[str], Seen]


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Look:
    """Looks at a version, once."""
    return cache(lambda version: looked(version, tmp_path_factory.mktemp("versions")))


def looked(version: str, folder: Path) -> Seen:
    programs_or_skip(version)
    with running(folder, [], version) as server:
        bare = read(server)
        server.fill(part_of_the_demo())
        filled = read(server)
    refused = {gap.resource for gap in filled.gaps if gap.cause == "unsupported"}
    return Seen(filled.version, refused, verdicts(bare), verdicts(filled))


def read(server: Real) -> Cluster:
    return load(open_source(None, kubeconfig=str(server.home.kubeconfig)))


def verdicts(cluster: Cluster) -> Verdicts:
    result = k8snb.assess(cluster, parameters={"today": TODAY}, all=True)
    return {(one.control, "" if one.subject.kind == "Cluster" else str(one.subject)): one.status for one in result}


def of_the_server(subject: str) -> bool:
    """Whether a control plane makes such an object for itself: roles, bindings and accounts, by version and by time."""
    return "/system:" in subject or subject.startswith("ServiceAccount/kube-system/")


@pytest.mark.parametrize("older", OLDER)
def test_findings_are_the_same(look: Look, older: str) -> None:
    before, now = look(older).filled, look(NEWEST).filled
    assert {key for key in before.keys() ^ now.keys() if not of_the_server(key[1])} == set()
    assert {key: (before[key], now[key]) for key in before.keys() & now.keys() if before[key] != now[key]} == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_does_not_serve_is_told(look: Look, version: str) -> None:
    found = look(version)
    assert found.version == versions(version).kubernetes
    assert found.refused == NOT_SERVED.get(version, set())


@pytest.mark.parametrize("older", OLDER)
def test_what_flags_alone_tell_is_not_assessed_where_they_are_not_told(look: Look, older: str) -> None:
    before, now = look(older).bare, look(NEWEST).bare
    changed = {key: before[key] for key in before.keys() & now.keys() if before[key] != now[key]}
    assert bool(changed) == bool(NOT_SERVED.get(older))
    assert {control for (control, _), status in changed.items() if status != "not-assessed"} <= ON_DEFAULTS
