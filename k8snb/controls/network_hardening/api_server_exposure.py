"""The API server cannot be reached from the internet."""

from collections.abc import Iterator

from k8snb.analysis.addresses import is_loopback, is_public, lets_everybody_in
from k8snb.analysis.components import Component, is_probed
from k8snb.analysis.observed import EXPORT, TLS, Said, answer, place, probed
from k8snb.analysis.words import some
from k8snb.controls._flags import component, given, judge
from k8snb.controls.model import Example, Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_EXPECTED = "no public address, or one for some networks only"
_VERSION = {"version": {"gitVersion": "v1.35.6-eks-1a2b3c4"}}


def _export(public: bool, *ranges: str) -> Example:
    answers = {"public": {"value": public, "at": "public"}, "ranges": {"value": list(ranges), "at": "ranges"}}
    export = {"provider": "EKS", "name": "prod", "endpoints": ["a.example"], "version": "1.35", "answers": answers}
    return Example("", facts=_VERSION | {EXPORT: export})


@control(
    id="api-server-exposure",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="high",
    subject="api-server",
    reads=["pods"],
    title="The API server cannot be reached from the internet",
    why=(
        "What everybody can reach, everybody can try: stolen credentials, anonymous requests, and the next hole that "
        "is found in the API server itself."
    ),
    fix=(
        "Give the API server private addresses only and come through a VPN or bastion; at a provider, make the "
        "endpoint private, or list the networks that may come."
    ),
    caution="Pipelines, nodes and people outside of those networks are shut out: list their addresses first.",
    remedy="manual",
    evidence=["provider", "probe", "flag"],
    references=References(nist_800_53=("AC-17", "SC-7"), nist_800_190=("4.3.1", "4.3.3"), mitre=("T1133", "T1190")),
    passing=[
        _export(False),
        _export(True, "192.0.2.0/24"),
        component("kube-apiserver", "bind-address=127.0.0.1"),
    ],
    failing=[
        _export(True, "0.0.0.0/0"),
        _export(True, "0.0.0.0/1", "128.0.0.0/1"),
        component("kube-apiserver", "advertise-address=8.8.8.8"),
        Example(component("kube-apiserver"), facts={TLS: {"address": "8.8.8.8"}}),
    ],
)
def api_server_exposure(one: Component, cluster: Cluster) -> Iterator[Observation]:
    """The API server cannot be reached from the internet.

    What a provider says decides. Otherwise a public address at which it was reached, or which it tells to others, is
    proof of exposure; that it was reached at a private one is no proof that no other leads there, and only one that
    listens on the loopback address alone is known to be out of reach. Source: NSA/CISA Kubernetes Hardening Guide,
    "The Kubernetes API server".
    """
    public = answer(cluster, "public")
    if public is not None:
        yield _by_provider(public, answer(cluster, "ranges"))
        return
    reached = probed(cluster, TLS).get("address") if is_probed(cluster, one) else None
    if isinstance(reached, str) and is_public(reached):
        yield seen(False, place(cluster, TLS), reached, _EXPECTED, f"it answers at {reached}", source="probe")
    told = given(one, "advertise-address")
    if told and is_public(told):
        yield judge(one, "advertise-address", False, _EXPECTED)
    elif is_loopback(given(one, "bind-address") or ""):
        yield judge(one, "bind-address", True, _EXPECTED, "it listens on the loopback address only")
    else:
        where = f"it was reached at {reached}; whether" if isinstance(reached, str) else "whether"
        clause = f"{where} a public address leads to it, only its network or its provider shows"
        yield unknown(one.gap or "not-collected", "address", _EXPECTED, clause)


def _by_provider(public: Said, ranges: Said | None) -> Observation:
    if not public.value:
        clause = "it has no public address"
        return seen(True, public.at, public.value, _EXPECTED, f"{public.provider}: {clause}", source="provider")
    allowed: list[str] | None = ranges.value if ranges else None
    at, wide = (ranges or public).at, lets_everybody_in(allowed)
    clause = "everybody reaches its public address" if wide else f"only {some(allowed or ()) or 'nobody'} may come"
    return seen(not wide, at, allowed, _EXPECTED, f"{public.provider}: {clause}", source="provider")
