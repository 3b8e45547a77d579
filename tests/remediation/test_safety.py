"""What must never happen: a change without its preview, over somebody else's, with no way back, or with no trace."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

import k8snb
from k8snb.errors import UsageError
from k8snb.remediation import apply as sending
from k8snb.remediation.dry_run import send
from k8snb.remediation.journal import Journal
from k8snb.remediation.rollback import undo
from k8snb.remediation.session import Session
from k8snb.sources.connection_config import Access
from tests.conftest import ROOT
from tests.remediation.conftest import Planner
from tests.remediation.crashes import crash
from tests.remediation.safety import exceptions
from tests.remediation.server import Raw, Server
from tests.remediation.test_families import container, deployment, secured, service

CONTROL = "seccomp-profile"
PLAIN: Raw = {"containers": [container()]}
RBAC = "/apis/rbac.authorization.k8s.io/v1"


def context_of(server: Server, path: str) -> Any:
    return server.get(path)["spec"]["template"]["spec"].get("securityContext")


def test_a_change_meanwhile_is_a_conflict_and_is_shown(server: Server, namespace: str, planned: Planner) -> None:
    path = deployment(server, namespace, PLAIN)
    plan = planned(CONTROL)[0]
    plan.dry_run()
    server.merge(path, {"metadata": {"labels": {"team": "blue"}}})
    (done,) = plan.apply()
    assert done.entry.state == "refused"
    assert "+    team: blue" in done.conflict
    assert context_of(server, path) == {}
    again = planned(CONTROL)[0]
    again.dry_run()
    again.apply()
    assert again.succeeded


def test_nothing_is_applied_that_was_not_previewed(server: Server, namespace: str, planned: Planner) -> None:
    path = deployment(server, namespace, PLAIN)
    plan = planned(CONTROL)[0]
    with pytest.raises(UsageError, match="previewed"):
        plan.apply()
    assert context_of(server, path) == {}


def test_who_may_not_write_sees_a_preview_and_is_told(server: Server, namespace: str, planned: Planner) -> None:
    path = deployment(server, namespace, PLAIN)
    reader = {"metadata": {"name": f"reader-{namespace}"}, "subjects": [{"kind": "User", "name": "reader"}]}
    reference = {"kind": "ClusterRole", "name": "view", "apiGroup": "rbac.authorization.k8s.io"}
    server.make(f"{RBAC}/namespaces/{namespace}/rolebindings", reader | {"roleRef": reference})
    access = Access(str(server.home.kubeconfig), user="reader")
    plan = planned(CONTROL, access=access)[0]
    preview = plan.preview()
    assert preview.steps[0].local
    assert any("seccompProfile" in line for line in preview.steps[0].diff)
    with pytest.raises(UsageError, match=r"you may not patch on deployments here.*reader"):
        plan.apply()
    assert context_of(server, path) == {}


MANAGED: list[tuple[str, Raw]] = [
    (
        "Helm",
        {"labels": {"app.kubernetes.io/managed-by": "Helm"}, "annotations": {"meta.helm.sh/release-name": "cart"}},
    ),
    ("Argo CD", {"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/cart"}}),
    ("Flux", {"labels": {"kustomize.toolkit.fluxcd.io/name": "shop"}}),
    (
        "operator",
        {
            "ownerReferences": [
                {"apiVersion": "example.com/v1", "kind": "Shop", "name": "s", "uid": "1", "controller": True}
            ]
        },
    ),
]


@pytest.mark.parametrize("case", MANAGED, ids=[name for name, _ in MANAGED])
def test_what_somebody_else_keeps_is_left_alone(
    server: Server, namespace: str, planned: Planner, case: tuple[str, Raw], tmp_path: Path
) -> None:
    name, metadata = case
    path = deployment(server, namespace, PLAIN)
    server.merge(path, {"metadata": metadata})
    plan = planned(CONTROL)[0]
    keeper = plan.preview().manager
    assert keeper
    assert name in keeper.name
    with pytest.raises(UsageError, match="kept by"):
        plan.apply()
    assert context_of(server, path) == {}
    assert "kustomization.yaml" in plan.export(tmp_path / "out")
    plan.apply(force_managed=True)
    assert plan.succeeded


def test_a_field_of_another_manager_is_left_alone(server: Server, namespace: str, planned: Planner) -> None:
    path = deployment(server, namespace, secured(privileged=True))
    body = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "cart"},
        "spec": {
            "template": {"spec": {"initContainers": [{"name": "first", "securityContext": {"privileged": True}}]}}
        },
    }
    status, told = server.client.ask(
        "PATCH", f"{path}?fieldManager=shop-operator&force=true", body, "application/apply-patch+yaml"
    )
    assert status == 200, told
    keeper = planned("no-privileged-containers")[0].preview().manager
    assert keeper
    assert "shop-operator" in keeper.name
    assert planned(CONTROL)[0].preview().manager is None, "another field is nobody's"


def test_taking_back_is_refused_where_somebody_changed_the_field(
    server: Server, namespace: str, planned: Planner, book: Journal
) -> None:
    path = deployment(server, namespace, PLAIN)
    plan = planned(CONTROL)[0]
    plan.dry_run()
    plan.apply()
    profile = {"type": "Localhost", "localhostProfile": "own.json"}
    theirs = {"spec": {"template": {"spec": {"securityContext": {"seccompProfile": profile}}}}}
    server.merge(path, theirs)
    with pytest.raises(UsageError, match=r"RuntimeDefault.*Localhost"):
        plan.roll_back()
    assert context_of(server, path)["seccompProfile"] == profile


def test_taking_back_leaves_what_others_added(server: Server, namespace: str, planned: Planner) -> None:
    path = deployment(server, namespace, PLAIN)
    plan = planned(CONTROL)[0]
    plan.dry_run()
    plan.apply()
    server.merge(path, {"spec": {"template": {"spec": {"securityContext": {"runAsUser": 7}}}}})
    plan.roll_back()
    assert context_of(server, path) == {"runAsUser": 7}


def test_an_object_made_here_and_changed_since_is_not_deleted(server: Server, namespace: str, planned: Planner) -> None:
    deployment(server, namespace, PLAIN)
    plan = planned("limit-range")[0]
    plan.dry_run()
    plan.apply()
    path = f"/api/v1/namespaces/{namespace}/limitranges/default-limits"
    server.merge(path, {"metadata": {"labels": {"kept": "yes"}}})
    with pytest.raises(UsageError, match="changed by somebody else"):
        plan.roll_back()
    assert server.get(path)


def test_a_rollout_that_fails_is_told_with_its_reason(server: Server, namespace: str, planned: Planner) -> None:
    path = deployment(server, namespace, PLAIN)
    plan = planned("run-as-non-root")[0]
    plan.dry_run()
    server.refuse = lambda pod: (
        "CreateContainerConfigError" if (pod["spec"].get("securityContext") or {}).get("runAsNonRoot") else ""
    )
    try:
        plan.apply()
        found = plan.verify(60)
        assert not found.holds
        assert found.rollout.state == "failed"
        assert "CreateContainerConfigError" in found.rollout.told
        (back,) = plan.roll_back()
        assert back.verify(60).holds
    finally:
        server.refuse = lambda _pod: ""
    assert context_of(server, path) == {}


def test_the_warnings_of_the_server_name_the_pods(server: Server, namespace: str, planned: Planner) -> None:
    deployment(server, namespace, secured(privileged=True))
    server.merge(
        f"/api/v1/namespaces/{namespace}",
        {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}},
    )
    warnings = planned("pod-security-admission")[0].preview().warnings
    assert any("cart-" in one and "privileged" in one for one in warnings)


def test_budgets_and_autoscalers_are_told(server: Server, namespace: str, planned: Planner) -> None:
    deployment(server, namespace, PLAIN)
    selector = {"matchLabels": {"app": "cart"}}
    server.make(
        f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets",
        {"metadata": {"name": "two"}, "spec": {"selector": selector, "minAvailable": 1}},
    )
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"}
    scaler = {"metadata": {"name": "more"}, "spec": {"scaleTargetRef": reference, "maxReplicas": 9}}
    server.make(f"/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers", scaler)
    told = " ".join(planned(CONTROL)[0].preview().effects)
    assert "2 running pods" in told
    assert "PodDisruptionBudget two" in told
    assert "HorizontalPodAutoscaler more keeps between 1 and 9" in told


def test_credentials_are_in_no_diff_no_journal_and_no_export(
    server: Server, namespace: str, planned: Planner, book: Journal, tmp_path: Path
) -> None:
    word = "hunter2-correct-horse-battery"
    spec = {"containers": [container(env=[{"name": "DB_PASSWORD", "value": word}], args=[f"--password={word}"])]}
    path = deployment(server, namespace, spec)
    server.merge(path, {"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": word}}})
    plan = planned(CONTROL, "read-only-root-filesystem", "container-resource-limits")[0]
    assert word not in plan.diff()
    plan.export(tmp_path / "out")
    plan.dry_run()
    plan.apply()
    plan.verify(60)
    plan.roll_back()
    written = [one.read_text() for one in [*book.folder.glob("*"), *(tmp_path / "out").rglob("*")] if one.is_file()]
    assert written
    assert not any(word in one for one in written)
    assert server.get(path)["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"] == word


@pytest.mark.parametrize(
    "case", [(one, reached) for one in (CONTROL, "limit-range") for reached in (True, False)], ids=str
)
def test_what_was_left_open_is_settled_by_looking(
    server: Server, namespace: str, planned: Planner, monkeypatch: pytest.MonkeyPatch, case: tuple[str, bool]
) -> None:
    control, reached = case
    deployment(server, namespace, PLAIN)
    plan = planned(control)[0]
    plan.dry_run()

    def dies(connection: Any, asked: Any) -> Any:
        if reached:
            send(connection, asked)
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "send", dies)
    with pytest.raises(KeyboardInterrupt):
        plan.apply()
    monkeypatch.undo()
    session = plan.session
    (entry,) = session.book.entries()
    assert entry.state == "intended"
    if not reached:
        assert session.reconcile()[0].state == "unclear", "the server may still be at work"
    monkeypatch.setattr(sending, "UNDERWAY", 0)
    (settled,) = session.reconcile()
    assert settled.state == ("applied" if reached else "not-applied")
    assert not session.reconcile()
    if reached:
        back = undo(session, settled)
        back.dry_run()
        back.apply()
        assert back.verify(60).holds


def test_an_entry_of_another_cluster_is_not_undone(
    server: Server, namespace: str, planned: Planner, book: Journal
) -> None:
    deployment(server, namespace, PLAIN)
    plan = planned(CONTROL)[0]
    plan.dry_run()
    plan.apply()
    demo = Session(k8snb.connect("demo"), book)
    with pytest.raises(UsageError, match="no live cluster"):
        undo(demo, plan.applied[0].entry)


def test_every_write_was_tried_and_journalled_before(
    server: Server, namespace: str, planned: Planner, book: Journal
) -> None:
    deployment(server, namespace, PLAIN)
    service(type="NodePort")(server, namespace)
    for plan in planned(CONTROL, "no-node-ports", "default-deny-egress", "limit-range"):
        plan.dry_run()
        plan.apply()
        plan.roll_back()
    writes, found = exceptions(server, book, namespace)
    assert found == []
    assert writes >= 10, "what takes back is tried and journalled too"


def test_an_export_writes_nothing_to_the_cluster(
    server: Server, namespace: str, planned: Planner, book: Journal, tmp_path: Path
) -> None:
    deployment(server, namespace, PLAIN)
    service(type="NodePort")(server, namespace)
    for index, plan in enumerate(planned(CONTROL, "no-node-ports", "default-deny-egress", "limit-range")):
        assert plan.preview().steps
        plan.export(tmp_path / str(index))
    assert exceptions(server, book, namespace) == (0, [])
    assert not list(book.entries())


def test_a_write_that_was_not_tried_is_found(server: Server, namespace: str, planned: Planner, book: Journal) -> None:
    deployment(server, namespace, PLAIN)
    plan = planned(CONTROL)[0]
    preview = plan.dry_run()
    assert preview.steps[0].tried
    asked = preview.steps[0].tried.request
    other = msgspec.structs.replace(asked, query=asked.query | {"fieldManager": "other"})
    assert plan.session.connection
    assert send(plan.session.connection, other).status == 200
    writes, found = exceptions(server, book, namespace)
    assert writes == 1
    assert [one.partition(":")[0] for one in found] == ["not tried", "no entry"]


WRITING = re.compile(r"\.send\(|\"(?:PATCH|PUT|DELETE)\"")


def test_writing_exists_nowhere_else() -> None:
    places = {
        str(path.relative_to(ROOT / "k8snb"))
        for path in (ROOT / "k8snb").rglob("*.py")
        if WRITING.search(path.read_text()) and not path.is_relative_to(ROOT / "k8snb" / "sandbox")
    }
    assert places == {"remediation/dry_run.py", "remediation/patch.py"}


def test_remediation_knows_nothing_of_what_shows_it() -> None:
    right = re.compile(
        r"(?m)^(?:from|import) k8snb\.(?:display|reports|formats|commands|cli|notebook|magics|access|sandbox)"
    )
    for path in (ROOT / "k8snb" / "remediation").rglob("*.py"):
        assert not right.search(path.read_text()), path


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.3])
def test_the_journal_is_right_after_a_crash(server: Server, tmp_path: Path, seconds: float) -> None:
    assert crash(server, tmp_path, seconds) == []
