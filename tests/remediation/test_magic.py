"""`%k8s fix` gives a plan that is previewed, applied, verified and taken back like any other."""

import pytest

from k8snb.magics.commands import run
from k8snb.magics.state import State
from tests.remediation.server import Server
from tests.remediation.test_families import container, deployment
from tests.remediation.test_safety import context_of


def test_a_plan_of_the_magic(server: Server, namespace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(server.home.kubeconfig))
    path = deployment(server, namespace, {"containers": [container()]})
    state = State()
    run(state, ["connect", "-n", namespace])
    result, _ = run(state, ["assess", "seccomp-profile"])
    plan, _ = run(state, ["fix", result.findings(status="fail")[0].id])
    assert "RuntimeDefault" in plan.diff()
    assert context_of(server, path) == {}
    plan.apply()
    assert plan.verify(60).holds
    assert context_of(server, path) != {}
    plan.roll_back()
    assert context_of(server, path) == {}
