"""Every host of an Ingress or Gateway is served over TLS."""

from collections.abc import Iterator, Sequence

from k8snb.analysis.words import clip
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, ENCRYPTION
from k8snb.controls.registry import control
from k8snb.resources.network import Gateway, HostRule, Ingress, Listener

_ELSEWHERE = {
    "alb.ingress.kubernetes.io/certificate-arn": "",
    "alb.ingress.kubernetes.io/listen-ports": '"HTTPS"',
    "ingress.gcp.kubernetes.io/pre-shared-cert": "",
    "networking.gke.io/managed-certificates": "",
    "networking.gke.io/certmap": "",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate": "",
    "traefik.ingress.kubernetes.io/router.tls": "true",
    "nginx.ingress.kubernetes.io/ssl-passthrough": "true",
    "haproxy.org/ssl-passthrough": "true",
    "haproxy-ingress.github.io/ssl-passthrough": "true",
}
"""Annotations by which a controller sets up TLS without `spec.tls`, with what their value holds then."""
_SECURE, _HOSTLESS = frozenset({"HTTPS", "TLS"}), frozenset({"TCP", "UDP"})
_CHALLENGE = "/.well-known/acme-challenge/"


def _ingress(spec: str) -> str:
    head = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop, namespace: shop}\n"
    return f"{head}spec: {spec}\n"


def _gateway(listeners: str) -> str:
    head = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: shop, namespace: shop}\n"
    return f"{head}spec: {{gatewayClassName: mesh, listeners: {listeners}}}\n"


@control(
    id="ingress-tls",
    chapter=CHAPTER,
    section=ENCRYPTION,
    severity="medium",
    subject="ingress",
    title="Every host is served over TLS",
    why="What enters in plain text can be read and changed on its way: passwords, cookies, orders.",
    fix=(
        "List every host under spec.tls with the Secret of its certificate, or make the listener HTTPS; "
        "cert-manager issues and renews certificates. Redirect port 80 at the load balancer."
    ),
    caution="Clients that still use http:// must follow the redirect; plan for HSTS only when all hosts have TLS.",
    remedy="template",
    references=References(
        nist_800_53=("SC-8", "SC-8(1)", "SC-23"),
        nist_800_190=("4.3.3",),
        mitre=("T1190",),
        kubescape=("C-0263",),
    ),
    passing=[
        _ingress("{tls: [{hosts: [shop.example.com], secretName: shop-tls}], rules: [{host: shop.example.com}]}"),
        _ingress("{tls: [{hosts: ['*.example.com'], secretName: all}], rules: [{host: shop.example.com}]}"),
        _gateway("[{name: web, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-tls}]}}]"),
    ],
    failing=[
        _ingress("{rules: [{host: shop.example.com}]}"),
        _ingress("{tls: [{hosts: [shop.example.com]}], rules: [{host: shop.example.com}, {host: old.example.com}]}"),
        _ingress("{defaultBackend: {service: {name: shop, port: {number: 80}}}}"),
        _ingress(
            "{tls: [{hosts: [shop.example.com]}], rules: [{host: shop.example.com}], "
            "defaultBackend: {service: {name: old, port: {number: 80}}}}"
        ),
        _gateway("[{name: web, port: 80, protocol: HTTP}]"),
    ],
)
def ingress_tls(one: Ingress | Gateway) -> Iterator[Observation]:
    """Every host is served over TLS.

    A `tls` entry without hosts holds for all hosts, a wildcard for one label; a default backend serves every host that
    no rule names. A rule of nothing but challenges of ACME (RFC 8555, section 8.3) is left out: these come in plain
    text. Where an annotation tells the controller to set up TLS, and where a listener of plain HTTP stands beside one
    of the same hosts with TLS, it is left open: what the controller makes of it, and whether routes only redirect, is
    not read. Listeners of plain TCP and UDP serve no hosts.

    Source: Kubernetes, `networking.k8s.io/v1 IngressTLS`; Gateway API, `Listener`.
    """
    if isinstance(one, Ingress):
        yield from _hosts(one)
        return
    listeners = one.spec.listeners or ()
    for index, listener in enumerate(listeners):
        if (listener.protocol or "").upper() not in _HOSTLESS:
            yield _listener(f"spec.listeners[{index}].protocol", listener, listeners)


def _hosts(ingress: Ingress) -> Iterator[Observation]:
    rules = [(index, rule) for index, rule in enumerate(ingress.spec.rules or ()) if not _challenges(rule)]
    named = [(f"spec.rules[{index}].host", rule.host or "") for index, rule in rules]
    covered = [(entry.hosts or ("",)) for entry in ingress.spec.tls or ()]
    secured = [host for hosts in covered for host in hosts]
    set_up = ((key, value, ingress.annotations.get(key)) for key, value in _ELSEWHERE.items())
    elsewhere = next((key for key, value, given in set_up if given and value in given), None)
    if ingress.spec.defaultBackend or not ingress.spec.rules:
        named.append(("spec.defaultBackend", ""))
    for at, host in named:
        expected, told = "a host under spec.tls", clip(host) if host else "every host"
        holds = any(_matches(pattern, host) for pattern in secured)
        if not holds and elsewhere:
            clause = f"TLS for {told} is set up by the annotation {elsewhere}"
            yield unknown("managed-by-provider", at, expected, clause)
        else:
            yield seen(holds, at, host or None, expected, f"{told} is served {'over' if holds else 'without'} TLS")


def _challenges(rule: HostRule) -> bool:
    """Say whether a rule serves nothing but the challenges of ACME."""
    paths = (rule.http and rule.http.paths) or ()
    return bool(paths) and all((one.path or "").startswith(_CHALLENGE) for one in paths)


def _matches(pattern: str, host: str) -> bool:
    if not pattern or pattern == host:
        return True
    return (
        pattern.startswith("*.") and "." in host and not host.startswith("*.") and host.partition(".")[2] == pattern[2:]
    )


def _listener(at: str, listener: Listener, beside: Sequence[Listener]) -> Observation:
    protocol, expected = (listener.protocol or "").upper(), "HTTPS or TLS"
    told = f"listener {clip(listener.name)} speaks {clip(listener.protocol) if protocol else 'an unknown protocol'}"
    if protocol == "HTTP":
        same = [one for one in beside if _secure(one) and _matches(one.hostname or "", listener.hostname or "")]
        if same:
            clause = f"{told} beside {clip(same[0].name)} with TLS; whether its routes only redirect is not read"
            return unknown("not-collected", at, expected, clause)
    return seen(_secure(listener), at, listener.protocol, expected, told)


def _secure(listener: Listener) -> bool:
    return (listener.protocol or "").upper() in _SECURE
