"""Deprecated APIs: by the API server's own count, and in manifests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import k8snb
from k8snb.assessment.result import Finding
from k8snb.sources.stream import Fact, Gap

from .test_versions import server

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
REQUESTED, STARTED = "apiserver_requested_deprecated_apis", "process_start_time_seconds"


def started(days: float) -> dict[str, Any]:
    return {"name": STARTED, "labels": {}, "value": (NOW - timedelta(days)).timestamp()}


def marked(value: float = 1.0) -> dict[str, Any]:
    labels = {"group": "policy", "version": "v1beta1", "resource": "podsecuritypolicies", "removed_release": "1.25"}
    return {"name": REQUESTED, "labels": labels, "value": value}


def kept() -> dict[str, Any]:
    labels = {"group": "", "version": "v1", "resource": "endpoints", "removed_release": ""}
    return {"name": REQUESTED, "labels": labels, "value": 1.0}


def judge(*objects: dict[str, Any], samples: list[Any] | None = None, gap: Gap | None = None) -> Finding:
    cluster = k8snb.connect(objects=[*objects])
    if samples is not None:
        seen = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
        cluster._collected.facts.append(Fact("metrics/kube-apiserver", samples, "metric", "/metrics", seen))
    if gap:
        cluster._collected.gaps.append(gap)
    (found,) = k8snb.assess(cluster, controls=["deprecated-apis"], all=True)
    return found


@pytest.mark.parametrize(
    ("samples", "expected", "why"),
    [
        ([started(8)], "pass", "8 days"),
        ([started(8), marked()], "fail", "policy/v1beta1 podsecuritypolicies"),
        ([started(8), marked(0.0)], "pass", ""),
        ([started(8), kept()], "pass", ""),
        ([started(1), kept()], "not-assessed", "only"),
        ([started(6.9)], "not-assessed", "6 days only"),
        ([started(0.2)], "not-assessed", "4 hours only"),
        ([started(0.2), marked()], "fail", "1.25"),
        ([], "not-assessed", "how long"),
        ([started(-1)], "not-assessed", "only"),
        ([{"name": STARTED, "labels": {}, "value": 1e300}], "not-assessed", "how long"),
        ([{"name": 7}], "not-assessed", ""),
        (None, "not-assessed", "was not read"),
    ],
)
def test_a_count_of_nothing_proves_something_only_after_a_week(
    samples: list[Any] | None, expected: str, why: str
) -> None:
    found = judge(server("v1.35.9"), samples=samples)
    assert found.status == expected
    assert why in found.message


def test_one_of_several_api_servers_cannot_answer_for_all() -> None:
    both = [server("v1.35.9", on="cp1"), server("v1.35.9", on="cp2")]
    found = judge(*both, samples=[started(30)])
    assert (found.status, found.cause) == ("not-assessed", "not-collected")


def test_the_reason_for_missing_metrics_is_told() -> None:
    found = judge(server("v1.35.9"), gap=Gap("forbidden", "/metrics may not be read", "/metrics"))
    assert (found.status, found.cause) == ("not-assessed", "forbidden")


def manifest(api: str, kind: str, **annotations: str) -> dict[str, Any]:
    metadata = {"name": "x", "namespace": "shop", "annotations": annotations}
    return {"apiVersion": api, "kind": kind, "metadata": metadata}


@pytest.mark.parametrize(
    ("api", "kind", "fails"),
    [
        ("extensions/v1beta1", "Ingress", True),
        ("networking.k8s.io/v1beta1", "Ingress", True),
        ("networking.k8s.io/v1", "Ingress", False),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", True),
        ("autoscaling/v2", "HorizontalPodAutoscaler", False),
        ("batch/v1beta1", "CronJob", True),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", True),
        ("example.com/v1beta1", "Ingress", False),
        ("v1", "ConfigMap", False),
    ],
)
def test_manifests_tell_their_api_version(api: str, kind: str, fails: bool) -> None:
    found = judge(manifest(api, kind))
    assert found.status == ("fail" if fails else "not-assessed")
    assert (api in found.message) == fails


def test_what_kubectl_applied_is_looked_at_too() -> None:
    applied = '{"apiVersion":"networking.k8s.io/v1beta1","kind":"Ingress"}'
    key = "kubectl.kubernetes.io/last-applied-configuration"
    assert judge(manifest("networking.k8s.io/v1", "Ingress", **{key: applied})).status == "fail"


def test_what_is_not_yet_deprecated_in_the_servers_version_is_no_failure() -> None:
    old = judge(server("v1.32.5"), manifest("v1", "Endpoints"), samples=[started(9)])
    assert old.status == "fail"  # the version of a server that does not tell it is not known: the newest counts
    cluster = k8snb.connect(objects=[manifest("v1", "Endpoints")])
    cluster._collected.facts.append(Fact("version", {"gitVersion": "v1.32.5"}, "probe", "x"))
    (found,) = k8snb.assess(cluster, controls=["deprecated-apis"], all=True)
    assert found.status == "not-assessed"
