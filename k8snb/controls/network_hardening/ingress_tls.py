"""Every host of an Ingress or Gateway is served over TLS."""

from collections.abc import Iterator

from k8snb.analysis.words import clip
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, ENCRYPTION
from k8snb.controls.registry import control
from k8snb.resources.network import Gateway, Ingress, Listener

_PROVIDERS = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "networking.gke.io/managed-certificates",
    "networking.gke.io/certmap",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
)
_SECURE, _HOSTLESS = frozenset({"HTTPS", "TLS"}), frozenset({"TCP", "UDP"})


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
    no rule names. Listeners of plain TCP and UDP serve no
    hosts. Source: Kubernetes, `networking.k8s.io/v1 IngressTLS`; Gateway API, `Listener`.
    """
    if isinstance(one, Ingress):
        yield from _hosts(one)
    else:
        for index, listener in enumerate(one.spec.listeners or ()):
            if (listener.protocol or "").upper() not in _HOSTLESS:
                yield _listener(f"spec.listeners[{index}].protocol", listener)


def _hosts(ingress: Ingress) -> Iterator[Observation]:
    rules = ingress.spec.rules or ()
    named = [(f"spec.rules[{index}].host", rule.host or "") for index, rule in enumerate(rules)]
    covered = [(entry.hosts or ("",)) for entry in ingress.spec.tls or ()]
    secured = [host for hosts in covered for host in hosts]
    elsewhere = next((key for key in _PROVIDERS if ingress.annotations.get(key)), None)
    if ingress.spec.defaultBackend or not named:
        named.append(("spec.defaultBackend", ""))
    for at, host in named:
        expected, told = "a host under spec.tls", clip(host) if host else "every host"
        holds = any(_matches(pattern, host) for pattern in secured)
        if not holds and elsewhere:
            clause = f"the certificate for {told} is the load balancer's, by the annotation {elsewhere}"
            yield unknown("managed-by-provider", at, expected, clause)
        else:
            yield seen(holds, at, host or None, expected, f"{told} is served {'over' if holds else 'without'} TLS")


def _matches(pattern: str, host: str) -> bool:
    if not pattern or pattern == host:
        return True
    return (
        pattern.startswith("*.") and "." in host and not host.startswith("*.") and host.partition(".")[2] == pattern[2:]
    )


def _listener(at: str, listener: Listener) -> Observation:
    protocol = listener.protocol or ""
    holds = protocol.upper() in _SECURE
    told = f"listener {clip(listener.name)} speaks {clip(protocol) if protocol else 'an unknown protocol'}"
    return seen(holds, at, listener.protocol, "HTTPS or TLS", told)
