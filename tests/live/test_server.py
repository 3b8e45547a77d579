"""Faults that a real API server makes by itself: permissions that are missing, and history that is forgotten."""

from pathlib import Path

import pytest

from k8snb.errors import SourceError
from k8snb.inventory.cluster import Cluster, load
from k8snb.sources.connection_config import Access
from k8snb.sources.live import live
from k8snb.sources.stream import Gap, Listed
from tests.live.conftest import PATIENT, opener, serving
from tests.live.server import Real
from tests.live.standin import Reply, Upstream

RBAC = "rbac.authorization.k8s.io"


@pytest.fixture(scope="module")
def real(upstream: Upstream) -> Real:
    if not isinstance(upstream, Real):
        pytest.skip("needs a real API server: make binaries builds one, once")
    return upstream


def names(cluster: Cluster) -> list[str]:
    return sorted(str(one["name"]) for one in cluster.table("clusterroles").to_dicts())


def test_a_list_is_whole_when_its_history_is_compacted_under_it(real: Real, tmp_path: Path) -> None:
    seen: list[int] = []

    def forgetting(target: str) -> Reply | None:
        if seen or "clusterroles?" not in target or "continue=" not in target:
            return None
        _compact(real)
        reply = real.ask(target, {})
        seen.append(reply[0])
        return reply

    with serving(real, 7) as server:
        before = names(load(opener(server.url, tmp_path)(PATIENT)))
        server.cut = forgetting
        found = load(opener(server.url, tmp_path)(PATIENT))
    assert seen == [410]
    assert found.gaps == []
    assert names(found) == before


def _compact(real: Real) -> None:
    """Let history go on, and be forgotten."""
    label = {"metadata": {"labels": {"k8snb.test/compaction": "yes"}}}
    status, told = real.client.ask("PATCH", "/api/v1/namespaces/payments", label, "application/merge-patch+json")
    assert status == 200, told
    real.compact()


def test_a_role_in_one_namespace_reads_that_namespace(real: Real) -> None:
    role = {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]}
    subjects = [{"kind": "User", "name": "jane", "apiGroup": RBAC}]
    reference = {"apiGroup": RBAC, "kind": "Role", "name": "reader"}
    base = f"/apis/{RBAC}/v1/namespaces/payments"
    meta = {"metadata": {"name": "reader"}}
    real.write("POST", f"{base}/roles", meta | role)
    real.write("POST", f"{base}/rolebindings", meta | {"subjects": subjects, "roleRef": reference})
    access = Access(str(real.home.kubeconfig), "jane", limits=PATIENT)
    items = list(live(None, access, ("payments", "batch")).read())
    listed = {item.resource: item.namespaces for item in items if isinstance(item, Listed)}
    assert listed["pods"] == ("payments",)
    gaps = {(item.resource, item.namespace) for item in items if isinstance(item, Gap) and item.cause == "forbidden"}
    assert {("pods", "batch"), ("pods", "*")} <= gaps


def test_a_wrong_authority_is_one_line(real: Real, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="TLS: ") as caught:
        list(opener(real.settings.server, tmp_path)(PATIENT).read())
    assert "\n" not in caught.value.message
