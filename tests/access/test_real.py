"""On a real API server: the role suffices, nothing else is asked, and a missing permission costs what is told."""

import secrets
import time
from collections.abc import Iterator

import pytest

from k8snb.access.permissions import Permission, permissions
from k8snb.access.preflight import Preflight, preflight
from k8snb.assessment.assess import assess
from k8snb.cli import run
from k8snb.inventory.cluster import load
from k8snb.resources.kinds import KINDS
from k8snb.sandbox import binaries, components
from k8snb.sandbox.home import Home
from k8snb.sandbox.versions import DEFAULT, versions
from k8snb.sources.live import live

from .real import Reader, reading

NAMES = [one.name for one in permissions("cluster")]
BUILT_IN = {"admissionregistration.k8s.io", "apiregistration.k8s.io"}
SERVED = [one.resource for one in KINDS if not one.optional or one.group in BUILT_IN]
SELF = "selfsubjectaccessreviews"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    if missing := [one for one in components.ALWAYS if not binaries.found(one, versions(DEFAULT))]:
        pytest.skip(f"no {', '.join(missing)}: make binaries builds them, or set KUBEBUILDER_ASSETS")
    name = f"test-{secrets.token_hex(4)}"
    with reading(Home(name, tmp_path_factory.mktemp("access") / name)) as found:
        yield found


def asked(reader: Reader) -> Preflight:
    return preflight(live(None, str(reader.kubeconfig)))


def settled(reader: Reader, lacking: set[str]) -> Preflight:
    """Ask until the server has taken in that exactly these permissions are missing."""
    for _ in range(200):
        found = asked(reader)
        if {one.name for one in found.permissions if not one.readable} == lacking:
            return found
        time.sleep(0.02)
    pytest.fail(f"{sorted(lacking)} is not what is missing: {found.permissions}")


def unseen(reader: Reader) -> set[tuple[str, str]]:
    result = assess(load(live(None, str(reader.kubeconfig))), all=True)
    return {(one.control, one.id) for one in result.findings(status="not-assessed")}


@pytest.fixture(scope="module")
def before(reader: Reader) -> set[tuple[str, str]]:
    settled(reader, set())
    return unseen(reader)


def test_with_its_role_nothing_else_is_asked_for_and_nothing_refused(
    reader: Reader, capfd: pytest.CaptureFixture[str]
) -> None:
    settled(reader, set())
    start, config = len(reader.log()), ["--kubeconfig", str(reader.kubeconfig)]
    assert run(["preflight", *config]) == 0
    assert run(["assess", *config, "--fail-on", "never", "-o", "json"]) == 0
    assert run(["snapshot", *config, "--out", str(reader.kubeconfig.with_name("x.k8snb"))]) == 0
    capfd.readouterr()
    events = reader.log()[start:]
    about = {one["requestURI"]: one for one in events if "objectRef" not in one}
    seen = {(one["verb"], one["objectRef"]["resource"]) for one in events if "objectRef" in one}
    assert {verb for verb, _ in seen - {("create", SELF)}} <= {"get", "list"}
    assert {resource for _, resource in seen} == {*SERVED, SELF}
    assert {one.partition("?")[0] for one in about} <= {"/version", "/apis"}
    assert [one["requestURI"] for one in events if one["responseStatus"]["code"] >= 400] == []
    assert [one for one in events if "secret" in one["requestURI"]] == []
    assert reader.anonymous() == {"/api"}


@pytest.mark.parametrize("name", [one for one in NAMES if one in SERVED])
def test_a_missing_permission_costs_the_controls_that_preflight_tells(
    reader: Reader, before: set[tuple[str, str]], name: str
) -> None:
    reader.without(name)
    told = {one.control: one.how for one in settled(reader, {name}).controls}
    start = len(reader.log())
    lost = {control for control, _ in unseen(reader) - before}
    assert lost <= {control for control, how in told.items() if how != "detail"}
    assert {control for control, how in told.items() if how in {"all", "some"}} <= lost
    refused = {one["objectRef"]["resource"] for one in reader.log()[start:] if one["responseStatus"]["code"] == 403}
    assert refused == {name}


def test_what_everybody_may_read_needs_no_rule_of_its_own(reader: Reader) -> None:
    reader.without("/version")
    assert settled(reader, set()).met


def test_the_rule_is_told(reader: Reader) -> None:
    reader.grant(reader.rules)
    found = {one.name: one for one in settled(reader, set()).permissions}
    assert 'ClusterRole "k8snb-cluster"' in found["pods"].why
    assert Permission("list", "pods", namespaced=True).name in found
