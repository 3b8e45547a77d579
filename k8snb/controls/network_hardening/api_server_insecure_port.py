"""The API server has no port without TLS."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.analysis.releases import Version, parse
from k8snb.controls._flags import at, component, given, judge, unseen
from k8snb.controls.model import Observation, References, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control

_PORT, _EXPECTED = "insecure-port", "0"
_OFF, _REMOVED = Version(1, 20, 0), Version(1, 24, 0)


@control(
    id="api-server-insecure-port",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="critical",
    subject="api-server",
    reads=["pods"],
    title="The API server has no port without TLS",
    why=(
        "The insecure port knows no authentication and no authorization: whoever reaches it is cluster administrator."
    ),
    fix=("Set --insecure-port=0, and upgrade: from 1.24 on the port does not exist any more."),
    caution=("Health checks and scripts that still use port 8080 must move to the secure port."),
    remedy="manual",
    evidence=["flag"],
    references=References(nist_800_53=("AC-3", "SC-8"), nist_800_190=("4.3.1",), mitre=("T1190",)),
    passing=[
        component("kube-apiserver", "insecure-port=0", version="v1.19.16"),
        component("kube-apiserver", version="v1.23.17"),
    ],
    failing=[
        component("kube-apiserver", version="v1.19.16"),
        component("kube-apiserver", "insecure-port=8080", version="v1.19.16"),
    ],
)
def api_server_insecure_port(one: Component) -> Iterator[Observation]:
    """The API server has no port without TLS.

    It was 8080 by default before 1.20, could only be 0 from then on, and does not exist from 1.24 on, where the control
    does not apply. Source: Kubernetes changelogs of 1.20 and 1.24.
    """
    version = parse(one.version)
    if version and version >= _REMOVED:
        return
    hidden = unseen(one, _PORT, _EXPECTED)
    if hidden:
        yield hidden
    elif version is None and given(one, _PORT) is None:
        yield unknown(
            "not-collected", at(one, _PORT), _EXPECTED, "the default depends on the version, which is not known"
        )
    else:
        default = "0" if version and version >= _OFF else "8080"
        message = "" if given(one, _PORT) else f"--{_PORT} is not set, and {default} by default"
        yield judge(one, _PORT, (given(one, _PORT) or default) == "0", _EXPECTED, message)
