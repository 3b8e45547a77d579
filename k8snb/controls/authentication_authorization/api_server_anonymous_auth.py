"""Anonymous requests are refused."""

from collections.abc import Iterator

from k8snb.analysis.components import Component, is_probed
from k8snb.analysis.observed import ANONYMOUS, place, probed
from k8snb.controls._flags import at, component, given, is_switched
from k8snb.controls.authentication_authorization._shared import ACCOUNTS, CHAPTER
from k8snb.controls.model import Example, Observation, References, seen, unknown
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_FILE = "authentication-config"
_CONFIGURED = component("kube-apiserver", f"{_FILE}=/etc/kubernetes/authentication.yaml")
_MEANS = {
    401: "a request without credentials is refused",
    403: "a request without credentials is let in, and authorization refuses it",
    200: "a request without credentials may read",
}


@control(
    id="api-server-anonymous-auth",
    chapter=CHAPTER,
    section=ACCOUNTS,
    severity="high",
    subject="api-server",
    reads=["pods"],
    title="Anonymous requests are refused",
    why=(
        "An anonymous request that gets as far as authorization needs only one careless binding to read or "
        "change the cluster, and is a door to faults before authorization."
    ),
    fix=(
        "Set --anonymous-auth=false, or from 1.31 on an AuthenticationConfiguration that allows /livez, "
        "/readyz and /healthz only."
    ),
    caution=(
        "Probes of kubelets and load balancers, and kubeadm join, ask without credentials: allow them the "
        "health endpoints, and the cluster-info where nodes join."
    ),
    remedy="manual",
    evidence=["probe", "flag"],
    references=References(
        cis=("1.2.1",),
        nist_800_53=("AC-3", "AC-14", "IA-2"),
        nist_800_190=("4.3.1",),
        mitre=("T1190", "T1078"),
        kubescape=("C-0113",),
        trivy=("KCV-0001",),
        kube_bench=("1.2.1",),
    ),
    passing=[
        component("kube-apiserver", "anonymous-auth=false"),
        Example(_CONFIGURED, facts={ANONYMOUS: {"status": 401}}),
        Example("", facts={"version": {"gitVersion": "v1.35.9"}, ANONYMOUS: {"status": 401}}),
    ],
    failing=[
        component("kube-apiserver"),
        component("kube-apiserver", "anonymous-auth=true"),
        Example(_CONFIGURED, facts={ANONYMOUS: {"status": 403}}),
        Example("", facts={"version": {"gitVersion": "v1.35.9"}, ANONYMOUS: {"status": 200}}),
    ],
)
def api_server_anonymous_auth(one: Component, cluster: Cluster) -> Iterator[Observation]:
    """Anonymous requests are refused.

    They are allowed by default. A request that was made to this API server counts besides its flag, and alone
    where an AuthenticationConfiguration decides: `/api` is no health endpoint. Source: Kubernetes,
    "Anonymous requests".
    """
    status = probed(cluster, ANONYMOUS).get("status") if is_probed(cluster, one) else None
    if status in _MEANS:
        yield seen(status == 401, place(cluster, ANONYMOUS), status, "401", _MEANS[status], source="probe")
    if given(one, _FILE):
        if status not in _MEANS:
            clause = f"--{_FILE} is set; what is in it cannot be seen here"
            yield unknown("not-collected", at(one, _FILE), "false", clause)
    elif one.flags is not None or status not in _MEANS:
        yield is_switched(one, "anonymous-auth", wanted=False, default=True)
