"""People log in through an identity provider."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import at, component, given, judge, unseen
from k8snb.controls.authentication_authorization._shared import ACCOUNTS, CHAPTER
from k8snb.controls.model import Observation, References, unknown
from k8snb.controls.registry import control

_WAYS = ("oidc-issuer-url", "authentication-token-webhook-config-file")
_FILE = "authentication-config"
_EXPECTED = "OpenID Connect or a webhook"


@control(
    id="strong-user-authentication",
    chapter=CHAPTER,
    section=ACCOUNTS,
    severity="high",
    subject="api-server",
    reads=["pods"],
    title="People log in through an identity provider",
    why=(
        "Client certificates cannot be revoked, carry no second factor and are shared; an identity provider "
        "knows who has left."
    ),
    fix=(
        "Set up OpenID Connect by --authentication-config (or the --oidc flags), or "
        "--authentication-token-webhook-config-file."
    ),
    caution=("Keep one certificate for emergencies under lock and key, and watch its use."),
    remedy="manual",
    evidence=["flag"],
    references=References(nist_800_53=("AC-2", "IA-2"), nist_800_190=("4.3.1",), mitre=("T1078",)),
    passing=[
        component("kube-apiserver", "oidc-issuer-url=https://login.example.com"),
        component("kube-apiserver", "authentication-token-webhook-config-file=/etc/kubernetes/webhook.yaml"),
    ],
    failing=[component("kube-apiserver"), component("kube-apiserver", "client-ca-file=/etc/kubernetes/pki/ca.crt")],
)
def strong_user_authentication(one: Component) -> Iterator[Observation]:
    """People log in through an identity provider.

    An AuthenticationConfiguration may hold an issuer or nothing but the settings of anonymous requests; its file cannot
    be seen in a command line. Source: Kubernetes, "Authenticating".
    """
    hidden = unseen(one, _WAYS[0], _EXPECTED)
    way = next((name for name in _WAYS if given(one, name)), None)
    if hidden:
        yield hidden
    elif way:
        yield judge(one, way, True, _EXPECTED)
    elif given(one, _FILE):
        yield unknown(
            "not-collected", at(one, _FILE), _EXPECTED, f"--{_FILE} is set; what is in it cannot be seen here"
        )
    else:
        only = (
            "client certificates are the only way in" if given(one, "client-ca-file") else "no way in for people is set"
        )
        yield judge(one, _WAYS[0], False, _EXPECTED, only)
