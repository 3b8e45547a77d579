"""The API server speaks TLS 1.2 or newer only, with a certificate that lasts."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from k8snb.analysis.components import Component, is_probed
from k8snb.analysis.observed import TLS, place, probed
from k8snb.controls._flags import component, given, is_set, judge, unseen
from k8snb.controls.model import Example, Observation, References, seen
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_MINIMUM = "tls-min-version"
_OLD, _NEW = ("TLSv1", "TLSv1.1"), ("TLSv1.2", "TLSv1.3")
_DAYS = 30
_BOTH = 2
"""The versions and the certificate: where the flags cannot be seen, one of them alone proves nothing."""
_FILES = ("tls-cert-file=/etc/kubernetes/pki/apiserver.crt", "tls-private-key-file=/etc/kubernetes/pki/apiserver.key")
_GOOD = {"TLSv1": "refused", "TLSv1.1": "refused", "TLSv1.2": "accepted", "TLSv1.3": "accepted"}
_DAY = {"today": "2026-11-16"}


def _probe(expiry: str, **versions: str) -> dict[str, object]:
    return {TLS: {"versions": _GOOD | {"TLSv1": versions.get("old", "refused")}, "notAfter": expiry}}


@control(
    id="api-server-tls",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="high",
    subject="api-server",
    reads=["pods"],
    title="The API server speaks TLS 1.2 or newer only, with a certificate that lasts",
    why=(
        "Old versions of TLS let an attacker on the way read or change what administrators send. A certificate that "
        "expires stops the cluster, and teaches people to switch the check off."
    ),
    fix=(
        "Set --tls-cert-file, --tls-private-key-file and --tls-min-version=VersionTLS12 (or leave the last one at its "
        "default), and renew the certificate in time, for example with kubeadm certs renew."
    ),
    caution="Clients that know only TLS 1.0 or 1.1 are shut out. The API server restarts.",
    remedy="manual",
    evidence=["probe", "flag"],
    references=References(
        cis=("1.2.24", "1.2.29"),
        nist_800_53=("SC-8", "SC-13", "SC-17"),
        nist_800_190=("4.3.1",),
        mitre=("T1552.007", "T1078"),
        kubescape=("C-0138", "C-0143"),
        kube_bench=("1.2.24", "1.2.29"),
    ),
    passing=[
        component("kube-apiserver", *_FILES),
        Example(component("kube-apiserver", *_FILES), _DAY, _probe("2027-11-16T00:00:00Z")),
    ],
    failing=[
        component("kube-apiserver"),
        component("kube-apiserver", _FILES[0]),
        component("kube-apiserver", _FILES[1]),
        component("kube-apiserver", *_FILES, "tls-min-version=VersionTLS10"),
        Example(component("kube-apiserver", *_FILES), _DAY, _probe("2027-11-16T00:00:00Z", old="accepted")),
        Example(component("kube-apiserver", *_FILES), _DAY, _probe("2026-12-01T00:00:00Z")),
    ],
)
def api_server_tls(one: Component, cluster: Cluster, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """The API server speaks TLS 1.2 or newer only, with a certificate that lasts.

    TLS 1.2 is the least by default. Where a handshake was made with this API server, it counts besides the flags.
    Source: Kubernetes, kube-apiserver reference.
    """
    probe = probed(cluster, TLS) if is_probed(cluster, one) else {}
    shown = list(_handshakes(cluster, probe, parameters["today"]))
    if one.flags is not None or len(shown) < _BOTH:
        yield is_set(one, "tls-cert-file", "a serving certificate")
        yield is_set(one, "tls-private-key-file", "its key")
        yield unseen(one, _MINIMUM, "VersionTLS12") or _least(one)
    yield from shown


def _least(one: Component) -> Observation:
    value = given(one, _MINIMUM) or "VersionTLS12"
    message = "" if given(one, _MINIMUM) else f"--{_MINIMUM} is not set, and VersionTLS12 by default"
    return judge(one, _MINIMUM, value in {"VersionTLS12", "VersionTLS13"}, "VersionTLS12 or VersionTLS13", message)


def _handshakes(cluster: Cluster, probe: Mapping[str, Any], today: date) -> Iterator[Observation]:
    versions, expiry, where = probe.get("versions") or {}, probe.get("notAfter"), place(cluster, TLS)
    old = [name for name in _OLD if versions.get(name) == "accepted"]
    if old or (
        any(versions.get(name) == "accepted" for name in _NEW) and all(versions.get(name) == "refused" for name in _OLD)
    ):
        clause = f"{' and '.join(old)} is accepted" if old else "TLS 1.0 and 1.1 are refused"
        yield seen(not old, where, old, "TLS 1.2 or newer only", clause, source="probe")
    if isinstance(expiry, str):
        last = date.fromisoformat(expiry[:10])
        clause = f"the certificate expires on {last}"
        yield seen(
            last - today > timedelta(_DAYS), where, expiry, f"more than {_DAYS} days left", clause, source="probe"
        )
