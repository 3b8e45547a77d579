"""No deprecated API version is in use."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from k8snb.analysis.components import api_servers
from k8snb.analysis.deprecated import Use, deprecated_apis, target, uses
from k8snb.analysis.observed import METRICS, Sample, metric, missing, place
from k8snb.analysis.words import some
from k8snb.controls.model import Example, Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.controls.upgrading._shared import CHAPTER, SECTION, component
from k8snb.inventory.cluster import Cluster

_LONG_ENOUGH = timedelta(days=7)
_REQUESTED, _STARTED = "apiserver_requested_deprecated_apis", "process_start_time_seconds"
_SERVER = component("kube-apiserver", "v1.35.9")
_VERSION = {"version": {"gitVersion": "v1.35.9"}}
_LABELS = {
    "group": "flowcontrol.apiserver.k8s.io",
    "version": "v1beta3",
    "resource": "flowschemas",
    "subresource": "",
    "removed_release": "1.32",
}
_LONG_UP = {"name": _STARTED, "labels": {}, "value": 1700000000.0}
_OLD_ROLE = (
    "apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: Role\nmetadata: {name: read, namespace: shop}\nrules: []\n"
)
_BUDGET = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: cart, namespace: shop}\n"


@control(
    id="deprecated-apis",
    chapter=CHAPTER,
    section=SECTION,
    severity="medium",
    subject="cluster",
    reads=["pods"],
    data=["deprecated_apis"],
    title="No deprecated API version is in use",
    why=(
        "A deprecated API version is gone some releases later, and what still uses it keeps everybody from upgrading. "
        "A cluster that cannot be upgraded gets no fixes."
    ),
    fix="Change manifests and clients to the version that the evidence names; `kubectl convert` rewrites manifests.",
    caution="Newer versions have other defaults and required fields; read the migration guide for each kind.",
    remedy="manual",
    evidence=["metric", "object"],
    references=References(nist_800_53=("SA-22", "CM-2", "SI-2"), nist_800_190=("3.4.1",), mitre=("T1190",)),
    passing=[Example(_SERVER, {}, _VERSION | {METRICS: [_LONG_UP]})],
    failing=[
        Example(_SERVER, {}, _VERSION | {METRICS: [_LONG_UP, {"name": _REQUESTED, "labels": _LABELS, "value": 1.0}]}),
        Example(_OLD_ROLE, {}, _VERSION),
        Example(_BUDGET),
    ],
)
def deprecated_apis_in_use(cluster: Cluster) -> Iterator[Observation]:
    """No deprecated API version is in use, by the API server's own count and by the manifests that can be seen.

    The API server marks every deprecated API version that was requested since it started
    (`apiserver_requested_deprecated_apis`). No mark proves something only where the server has been up for seven days,
    since most clients that come at intervals come once a week at the latest, and where it is the only one: each keeps
    its own marks. Marks without a release that removes the version (`v1` Endpoints, ComponentStatus) keep nobody from
    upgrading: they are told, and fail nothing.

    Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/;
    https://kubernetes.io/blog/2020/09/03/warnings/#metrics.
    """
    found = list(uses(cluster))
    for use in found:
        yield _in_manifest(use)
    requested = metric(cluster, _REQUESTED)
    marked = [one for one in requested or () if one.value]
    ending = [one for one in marked if one.labels.get("removed_release")]
    for one in ending:
        yield _marked(one, place(cluster, METRICS))
    if requested is None:
        yield unknown(missing(cluster, METRICS), _REQUESTED, "no request for a deprecated API version")
    elif not ending:
        yield _silent(cluster, [_api(one) for one in marked])


def _in_manifest(use: Use) -> Observation:
    api = use.api
    gone = f", and not served from {api.removed} on" if api.removed else ""
    expected = f"{api.instead} (deprecations as of {deprecated_apis().date})"
    return seen(
        False,
        f"{use.where[:253]} apiVersion",
        api.api,
        expected,
        f"{some([use.where])} is written as {api.api}, deprecated in {api.deprecated}{gone}",
    )


def _marked(one: Sample, at: str) -> Observation:
    gone = f"which Kubernetes {some([one.labels['removed_release']])} does not serve any more"
    clause = f"{some([_api(one)])} was requested since the API server started, {gone}"
    return seen(False, f"{at} {_REQUESTED}", dict(one.labels), "no request", clause, source="metric")


def _api(one: Sample) -> str:
    api = "/".join(part for part in (one.labels.get("group"), one.labels.get("version")) if part)
    return f"{api} {'/'.join(part for part in (one.labels.get('resource'), one.labels.get('subresource')) if part)}"


def _silent(cluster: Cluster, kept: list[str]) -> Observation:
    at, expected = f"{place(cluster, METRICS)} {_REQUESTED}", f"no request in {_LONG_ENOUGH.days} days or more"
    servers = [one for one in api_servers(cluster) if one.namespace]
    if len(servers) > 1:
        clause = f"only one of {len(servers)} API servers told its metrics, and each counts for itself"
        return unknown("not-collected", at, expected, clause)
    up = _up(cluster, metric(cluster, _STARTED) or ())
    if up is None:
        return unknown("not-collected", at, expected, "it is not known how long the API server has been up")
    if up < _LONG_ENOUGH:
        clause = f"no such request was counted, but the API server has been up for {_told(up)} only"
        return unknown("not-collected", at, expected, clause)
    clause = f"no API that will be removed was requested in {_told(up)}, and no manifest that can be seen uses one"
    made = f"version {target(cluster)}, deprecations as of {deprecated_apis().date}"
    observed = {"up": _told(up), "judged by": made, "requested, to be removed in no release": kept}
    return seen(True, at, observed, expected, clause, source="metric")


def _up(cluster: Cluster, started: Sequence[Sample]) -> timedelta | None:
    fact = cluster.fact(METRICS)
    try:
        now = datetime.fromisoformat(fact.seen) if fact and fact.seen else datetime.now(UTC)
        return now - datetime.fromtimestamp(started[0].value, UTC) if started else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _told(up: timedelta) -> str:
    return f"{up.days} days" if up.days > 1 else f"{int(up.total_seconds() // 3600)} hours"
