"""No passwords or tokens are kept in files of the API server."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import component, given, judge, unseen
from k8snb.controls.authentication_authorization._shared import ACCOUNTS, CHAPTER
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control

_EXPECTED = "not set"


@control(
    id="no-static-credentials",
    chapter=CHAPTER,
    section=ACCOUNTS,
    severity="high",
    subject="api-server",
    reads=["pods"],
    title="No passwords or tokens are kept in files of the API server",
    why=("Such credentials never expire, lie in clear text on the control plane, and change only with a restart."),
    fix=(
        "Take --token-auth-file and --basic-auth-file away; use OpenID Connect for people and ServiceAccount "
        "tokens for programs."
    ),
    caution=("Whoever still uses such a token loses access: look into the audit log first."),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("1.2.2",),
        nist_800_53=("IA-5",),
        nist_800_190=("4.3.1",),
        mitre=("T1552.001", "T1078"),
        trivy=("KCV-0002",),
        kubescape=("C-0114",),
        kube_bench=("1.2.2",),
    ),
    passing=[component("kube-apiserver")],
    failing=[
        component("kube-apiserver", "token-auth-file=/etc/kubernetes/tokens.csv"),
        component("kube-apiserver", "basic-auth-file=/etc/kubernetes/users.csv", version="v1.18.20"),
    ],
)
def no_static_credentials(one: Component) -> Iterator[Observation]:
    """No passwords or tokens are kept in files of the API server."""
    for name in ("token-auth-file", "basic-auth-file"):
        yield unseen(one, name, _EXPECTED) or judge(one, name, given(one, name) is None, _EXPECTED)
