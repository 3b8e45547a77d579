"""The real API server and k8snb name the same violated checks of the Pod Security Standards, version by version."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from k8snb.sandbox.versions import DEFAULT
from tests.live.agreement import REASONS, Json, answers, named, namespaces, questions, told, valid
from tests.live.agreement import fixtures as pods_of_kubernetes
from tests.live.server import Real, running
from tests.sandbox.conftest import programs_or_skip

PROC_MOUNT = 4
"""Fixtures that are no valid pods: the server wants `hostUsers: false` beside an unmasked procMount."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    programs_or_skip(DEFAULT)
    with running(tmp_path_factory.mktemp("agreement"), list(namespaces())) as found:
        yield found


def agrees(server: Real, pods: list[Json], capsys: pytest.CaptureFixture[str]) -> None:
    found = answers(server, questions(pods, 1))
    line, differ = told(found)
    with capsys.disabled():
        print(f"\n{line}")
    assert not differ, differ[:3]
    refused = {id(one.asked.pod) for one in found if one.status != 201}
    assert len(refused) <= PROC_MOUNT


def test_the_server_and_k8snb_agree_on_generated_pods(server: Real, capsys: pytest.CaptureFixture[str]) -> None:
    made = valid(server, 200)
    assert len(made) == 200
    agrees(server, made, capsys)


def test_the_server_and_k8snb_agree_on_the_fixtures(
    server: Real,
    fixtures: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    agrees(server, pods_of_kubernetes(), capsys)


def test_a_warning_names_its_checks() -> None:
    text = r'299 - "would violate PodSecurity \"baseline:latest\": host namespaces (hostPID=true), hostPort (container '
    assert named(text + r'\"a\" uses hostPorts 80, 81)"') == {"hostNamespaces", "hostPorts"}
    assert named('299 - "metadata.annotations: deprecated"') == set()
    assert len(set(REASONS.values())) == 17
