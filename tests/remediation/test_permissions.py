"""Who may fix: the printed role lets every recipe but RBAC's run, and what somebody lacks is told in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

import k8snb
from k8snb.assessment.assess import assess
from k8snb.controls.registry import controls
from k8snb.inventory.cluster import load
from k8snb.remediation.allowed import lacking
from k8snb.remediation.journal import Journal
from k8snb.remediation.planning import plans
from k8snb.remediation.plans import RECIPES
from k8snb.remediation.plans.writes import RBAC, WRITES, rules, writes
from k8snb.remediation.session import Session
from k8snb.sources.connection_config import Access
from k8snb.sources.objects import example
from tests.remediation.conftest import Planner
from tests.remediation.server import Raw, Server
from tests.remediation.test_families import OTHERS, TEMPLATES, container, deployment

PLAIN: Raw = {"containers": [container()]}
ROOT = "/apis/rbac.authorization.k8s.io/v1"
BACK = {"patch": "patch", "create": "delete", "delete": "create"}
GROUPS = {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}
WRITTEN_BY_RBAC = {"no-wildcard-roles", "least-privilege-secrets"} | {
    control for control in RECIPES if "bindings" in control
}


@pytest.mark.parametrize("control", RECIPES)
def test_what_a_recipe_writes_is_declared(control: str) -> None:
    for one in controls()[control].failing:
        result = assess(load(example(one.objects, one.facts)), controls=[control], parameters=one.parameters)
        for change in (change for plan in plans(result, controls=[control]) for change in plan.changes):
            if change.target.kind not in {"Pod", "Job"}:
                assert {change.verb, BACK[change.verb]} <= set(WRITES[change.target.kind])


def test_the_role_has_no_wildcard_no_secret_and_no_rbac() -> None:
    given = rules(writes())
    words = [word for rule in given for key in ("apiGroups", "resources", "verbs") for word in rule[key]]
    assert not [word for word in words if "*" in word or word in {"secrets", RBAC, "update", "escalate", "bind"}]
    assert {one.kind.kind for one in writes()} == set(WRITES) - GROUPS


@pytest.fixture
def fixer(server: Server, namespace: str, capfd: pytest.CaptureFixture[str]) -> Access:
    """A user who has what `k8snb rbac --level fix` prints, and nothing else."""
    import yaml

    from k8snb.cli import run

    capfd.readouterr()
    assert run(["rbac", "--level", "fix", "-n", namespace]) == 0
    documents = list(yaml.safe_load_all(capfd.readouterr().out))
    (role,) = [one for one in documents if one["kind"] == "ClusterRole"]
    role["metadata"]["name"] = f"fixer-{namespace}"
    server.make(f"{ROOT}/clusterroles", role)
    user = f"fixer-{namespace}"
    reference = {"apiGroup": RBAC, "kind": "ClusterRole", "name": user}
    binding = {"metadata": {"name": user}, "roleRef": reference, "subjects": [{"kind": "User", "name": user}]}
    server.make(f"{ROOT}/clusterrolebindings", binding)
    return Access(str(server.home.kubeconfig), user=user)


FIXED = ["seccomp-profile", *sorted({one[0] for one in OTHERS} - WRITTEN_BY_RBAC), "default-service-account"]


def test_a_whole_set_of_fixes_runs_as_that_identity(
    server: Server, namespace: str, book: Journal, fixer: Access
) -> None:
    labels = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}
    server.merge(f"/api/v1/namespaces/{namespace}", labels)
    deployment(server, namespace, TEMPLATES["no-privileged-containers"])
    makers = {one[0]: one[2] for one in OTHERS if one[0] in {"no-node-ports", "ingress-tls"}}
    for make in makers.values():
        make(server, namespace)
    wanted = [*sorted(set(TEMPLATES)), *FIXED]
    cluster = k8snb.connect(kubeconfig=fixer, namespaces=(namespace,))
    assert all(one.cause is None for one in cluster.coverage)
    result = k8snb.assess(cluster, controls=wanted)
    found = [one for one in plans(result, controls=wanted, session=Session(cluster, book)) if one.changes]
    assert len(found) >= 5
    written = {(one.verb, one.target.kind) for plan in found for one in plan.changes}
    assert written >= {("patch", "Deployment"), ("create", "NetworkPolicy"), ("patch", "Namespace")}
    for plan in found:
        assert lacking(plan.session.connection, plan.changes) == ()
        plan.dry_run()
        plan.apply()
        assert plan.succeeded, plan.applied
        assert plan.verify(60).rollout.state in {"done", "none"}
    for plan in reversed(found):
        plan.roll_back()
    asked = [one for one in server.audited() if (one.get("impersonatedUser") or {}).get("username") == fixer.user]
    assert len([one for one in asked if "dryRun" not in one["requestURI"]]) >= 2 * len(found)
    assert [one for one in asked if one["responseStatus"]["code"] == 403] == []


def test_what_is_missing_is_told_in_one_line(
    server: Server, namespace: str, capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from k8snb.cli import run

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    deployment(server, namespace, PLAIN)
    reader = {"metadata": {"name": "reader"}, "subjects": [{"kind": "User", "name": "reader"}]}
    reference = {"kind": "ClusterRole", "name": "view", "apiGroup": RBAC}
    server.make(f"{ROOT}/namespaces/{namespace}/rolebindings", reader | {"roleRef": reference})
    words = ["--kubeconfig", str(server.home.kubeconfig), "--as", "reader", "-n", namespace]
    run(["fix", *words, "--control", "seccomp-profile", "--control", "limit-range"])
    err = capfd.readouterr().err
    assert f"missing to apply and to take back: create limitranges in {namespace}" in err.replace("\n", " ")
    assert f"patch deployments in {namespace}" in err
    assert "k8snb rbac --level fix" in err


def test_who_may_everything_lacks_nothing(server: Server, namespace: str, planned: Planner) -> None:
    deployment(server, namespace, PLAIN)
    (plan, *_) = planned("seccomp-profile")
    connection: Any = plan.session.connection
    assert lacking(connection, plan.changes) == ()
    assert json.dumps(lacking(connection, [])) == "[]"
