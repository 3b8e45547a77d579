"""etcd cannot be reached without a client certificate."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from k8snb.analysis.addresses import is_local_url
from k8snb.analysis.components import Component, api_servers
from k8snb.analysis.words import some
from k8snb.controls._flags import at, component, given, judge, truth, unseen
from k8snb.controls.model import Observation, References, seen
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster

_CLIENTS, _METRICS, _SERVERS = "listen-client-urls", "listen-metrics-urls", "etcd-servers"
_EXPECTED = "loopback, or TLS with client certificates"
_CERTIFICATES = ("client-cert-auth=true", "trusted-ca-file=/ca.crt", "cert-file=/s.crt", "key-file=/s.key")


@control(
    id="etcd-exposure",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="critical",
    subject="etcd",
    reads=["pods"],
    title="etcd cannot be reached without a client certificate",
    why="Whoever reaches etcd reads every Secret and writes every object, past all that the API server checks.",
    fix=(
        "Let --listen-client-urls be https with --client-cert-auth=true, or loopback, and --listen-metrics-urls "
        "loopback; put a firewall before etcd that lets only the API servers through."
    ),
    caution="Backup jobs and monitoring that come from elsewhere need a client certificate from then on.",
    remedy="manual",
    evidence=["flag"],
    references=References(nist_800_53=("AC-3", "SC-7"), nist_800_190=("4.3.1",), mitre=("T1190", "T1552.007")),
    passing=[
        component("etcd", f"{_CLIENTS}=https://127.0.0.1:2379,https://10.0.0.11:2379", *_CERTIFICATES),
        component("etcd", f"{_METRICS}=http://127.0.0.1:2381"),
    ],
    failing=[
        component("etcd", f"{_CLIENTS}=http://10.0.0.11:2379"),
        component("etcd", f"{_CLIENTS}=https://10.0.0.11:2379", "cert-file=/s.crt", "key-file=/s.key"),
        component("etcd", f"{_CLIENTS}=https://10.0.0.11:2379", f"{_METRICS}=http://0.0.0.0:2381", *_CERTIFICATES),
        component("kube-apiserver", f"{_SERVERS}=http://10.0.0.11:2379"),
    ],
)
def etcd_exposure(one: Component, cluster: Cluster) -> Iterator[Observation]:
    """etcd cannot be reached without a client certificate.

    It listens on http://localhost:2379 by default. Where its flags cannot be seen, an API server that speaks to it in
    the clear over the network proves that others can. Source: etcd documentation, "Configuration options".
    """
    hidden = unseen(one, _CLIENTS, _EXPECTED)
    if hidden:
        yield from _in_the_clear(cluster)
        yield hidden
        return
    certificates = bool(truth(one, "client-cert-auth", default=False) and given(one, "trusted-ca-file"))
    urls = _urls(given(one, _CLIENTS))
    open_ = [url for url in urls if not (is_local_url(url) or (_secured(url) and certificates))]
    clause = f"no client certificate is wanted at {some(open_)}" if open_ else ""
    yield judge(
        one, _CLIENTS, not open_, _EXPECTED, clause or f"--{_CLIENTS} is {some(urls) or 'http://localhost:2379'}"
    )
    metrics = [
        url for url in _urls(given(one, _METRICS)) if not (is_local_url(url) or (_secured(url) and certificates))
    ]
    if metrics:
        yield judge(one, _METRICS, False, _EXPECTED, f"metrics are told to everybody at {some(metrics)}")


def _in_the_clear(cluster: Cluster) -> Iterator[Observation]:
    for server in api_servers(cluster):
        urls = [url for url in _urls(given(server, _SERVERS)) if not (_secured(url) or is_local_url(url))]
        if urls:
            clause = f"the API server reaches it in the clear at {some(urls)}"
            yield seen(False, at(server, _SERVERS), ",".join(urls)[:200], _EXPECTED, clause, source="flag")


def _urls(value: str | None) -> list[str]:
    return [url.strip() for url in (value or "").split(",") if url.strip()]


def _secured(url: str) -> bool:
    return urlsplit(url).scheme in {"https", "unixs"}
