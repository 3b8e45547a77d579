"""A control plane for all tests of this folder, and a way to plan on it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import k8snb
from k8snb.remediation.journal import Journal
from k8snb.remediation.plan import Plan
from k8snb.remediation.planning import plans
from k8snb.remediation.session import Session
from tests.remediation.server import Server, running
from tests.sandbox.conftest import programs_or_skip

Planner = Callable[..., tuple[Plan, ...]]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    programs_or_skip()
    with running(tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture
def namespace(server: Server) -> Iterator[str]:
    name = server.namespace()
    yield name
    server.delete(f"/api/v1/namespaces/{name}")


@pytest.fixture
def book(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


@pytest.fixture
def planned(server: Server, namespace: str, book: Journal) -> Planner:
    """Assesses the namespace, and plans."""
    return planner(server, namespace, book)


def planner(server: Server, namespace: str, book: Journal) -> Planner:
    """Give what assesses a namespace, and plans."""

    def plan_it(
        *controls: str, subject: str | None = None, everywhere: bool = False, access: Any = None
    ) -> tuple[Plan, ...]:
        where = () if everywhere else (namespace,)
        cluster = k8snb.connect(kubeconfig=access or str(server.home.kubeconfig), namespaces=where)
        result = k8snb.assess(cluster, controls=controls)
        return plans(result, controls=controls, subject=subject, session=Session(cluster, book))

    return plan_it
