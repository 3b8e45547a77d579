"""Requests are authorized by RBAC."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import at, component, given, judge, unseen
from k8snb.controls.authentication_authorization._shared import CHAPTER, RBAC
from k8snb.controls.model import Observation, References, unknown
from k8snb.controls.registry import control

_MODE, _FILE = "authorization-mode", "authorization-config"
_EXPECTED = "RBAC among the modes, AlwaysAllow not"


@control(
    id="rbac-enabled",
    chapter=CHAPTER,
    section=RBAC,
    severity="critical",
    subject="api-server",
    reads=["pods"],
    title="Requests are authorized by RBAC",
    why=("Without an authorizer that says no, everybody who can log in is cluster administrator."),
    fix=("Set --authorization-mode=Node,RBAC."),
    caution=("Whoever had no roles until now is refused from then on; make the bindings first."),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("1.2.6", "1.2.8"),
        nist_800_53=("AC-3", "AC-6"),
        nist_800_190=("4.3.2",),
        mitre=("T1078",),
        kubescape=("C-0118", "C-0120"),
        trivy=("KCV-0007", "KCV-0009"),
        kube_bench=("1.2.6", "1.2.8"),
    ),
    passing=[component("kube-apiserver", "authorization-mode=Node,RBAC")],
    failing=[
        component("kube-apiserver"),
        component("kube-apiserver", "authorization-mode=AlwaysAllow"),
        component("kube-apiserver", "authorization-mode=RBAC,AlwaysAllow"),
        component("kube-apiserver", "authorization-mode=Node,ABAC"),
    ],
)
def rbac_enabled(one: Component) -> Iterator[Observation]:
    """Requests are authorized by RBAC."""
    hidden = unseen(one, _MODE, _EXPECTED)
    if hidden:
        yield hidden
    elif given(one, _FILE):
        yield unknown(
            "not-collected", at(one, _FILE), _EXPECTED, f"--{_FILE} is set; what is in it cannot be seen here"
        )
    else:
        modes = [mode.strip() for mode in (given(one, _MODE) or "AlwaysAllow").split(",")]
        message = "" if given(one, _MODE) else f"--{_MODE} is not set, and AlwaysAllow by default"
        yield judge(one, _MODE, "RBAC" in modes and "AlwaysAllow" not in modes, _EXPECTED, message)
