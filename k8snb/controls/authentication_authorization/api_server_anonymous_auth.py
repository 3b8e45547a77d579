"""Anonymous requests are refused."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import at, component, given, is_switched
from k8snb.controls.authentication_authorization._shared import ACCOUNTS, CHAPTER
from k8snb.controls.model import Observation, References, unknown
from k8snb.controls.registry import control

_FILE = "authentication-config"


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
    evidence=["flag"],
    references=References(
        cis=("1.2.1",),
        nist_800_53=("AC-3", "AC-14", "IA-2"),
        nist_800_190=("4.3.1",),
        mitre=("T1190", "T1078"),
        kubescape=("C-0113",),
        trivy=("KCV-0001",),
        kube_bench=("1.2.1",),
    ),
    passing=[component("kube-apiserver", "anonymous-auth=false")],
    failing=[component("kube-apiserver"), component("kube-apiserver", "anonymous-auth=true")],
)
def api_server_anonymous_auth(one: Component) -> Iterator[Observation]:
    """Anonymous requests are refused.

    They are allowed by default. Source: Kubernetes, "Anonymous requests".
    """
    if given(one, _FILE) and given(one, "anonymous-auth") is None:
        yield unknown("not-collected", at(one, _FILE), "false", f"--{_FILE} is set; what is in it cannot be seen here")
    else:
        yield is_switched(one, "anonymous-auth", wanted=False, default=True)
