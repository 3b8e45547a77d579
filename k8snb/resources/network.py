"""NetworkPolicy, Ingress and Gateway."""

from k8snb.resources.base import Frozen, LabelSelector, Object


class IPBlock(Frozen, frozen=True, rename={"excepted": "except"}):
    """`ipBlock` of a NetworkPolicy peer."""

    cidr: str | None = None
    excepted: tuple[str, ...] | None = None


class Peer(Frozen, frozen=True):
    """`from[]` or `to[]` of a NetworkPolicy rule."""

    podSelector: LabelSelector | None = None
    namespaceSelector: LabelSelector | None = None
    ipBlock: IPBlock | None = None


class PolicyPort(Frozen, frozen=True):
    """`ports[]` of a NetworkPolicy rule."""

    protocol: str | None = None
    port: int | str | None = None
    endPort: int | None = None


class IngressRule(Frozen, frozen=True, rename={"peers": "from"}):
    """`ingress[]`: no peers means everybody, no ports means every port."""

    peers: tuple[Peer, ...] | None = None
    ports: tuple[PolicyPort, ...] | None = None


class EgressRule(Frozen, frozen=True, rename={"peers": "to"}):
    """`egress[]`: no peers means everywhere, no ports means every port."""

    peers: tuple[Peer, ...] | None = None
    ports: tuple[PolicyPort, ...] | None = None


class NetworkPolicySpec(Frozen, frozen=True):
    """`spec` of a NetworkPolicy."""

    podSelector: LabelSelector | None = None
    policyTypes: tuple[str, ...] | None = None
    ingress: tuple[IngressRule, ...] | None = None
    egress: tuple[EgressRule, ...] | None = None


class NetworkPolicy(Object, frozen=True):
    """`networking.k8s.io/v1 NetworkPolicy`."""

    spec: NetworkPolicySpec = NetworkPolicySpec()

    @property
    def directions(self) -> tuple[str, ...]:
        """`policyTypes` with its default: Ingress always, Egress when there are egress rules."""
        return self.spec.policyTypes or (("Ingress", "Egress") if self.spec.egress else ("Ingress",))


class IngressTLS(Frozen, frozen=True):
    """`spec.tls[]` of an Ingress."""

    hosts: tuple[str, ...] | None = None
    secretName: str | None = None


class ServiceBackend(Frozen, frozen=True):
    """`backend.service`."""

    name: str | None = None


class Backend(Frozen, frozen=True):
    """`backend` of an Ingress path."""

    service: ServiceBackend | None = None


class HTTPPath(Frozen, frozen=True):
    """`http.paths[]`."""

    path: str | None = None
    backend: Backend | None = None


class HTTPRules(Frozen, frozen=True):
    """`http` of an Ingress rule."""

    paths: tuple[HTTPPath, ...] | None = None


class HostRule(Frozen, frozen=True):
    """`spec.rules[]` of an Ingress."""

    host: str | None = None
    http: HTTPRules | None = None


class IngressSpec(Frozen, frozen=True):
    """`spec` of an Ingress."""

    ingressClassName: str | None = None
    defaultBackend: Backend | None = None
    tls: tuple[IngressTLS, ...] | None = None
    rules: tuple[HostRule, ...] | None = None


class Ingress(Object, frozen=True):
    """`networking.k8s.io/v1 Ingress`."""

    spec: IngressSpec = IngressSpec()


class ListenerTLS(Frozen, frozen=True):
    """`tls` of a Gateway listener."""

    mode: str | None = None


class Listener(Frozen, frozen=True):
    """`spec.listeners[]` of a Gateway."""

    name: str | None = None
    hostname: str | None = None
    port: int | None = None
    protocol: str | None = None
    tls: ListenerTLS | None = None


class GatewaySpec(Frozen, frozen=True):
    """`spec` of a Gateway."""

    gatewayClassName: str | None = None
    listeners: tuple[Listener, ...] | None = None


class Gateway(Object, frozen=True):
    """`gateway.networking.k8s.io/v1 Gateway`."""

    spec: GatewaySpec = GatewaySpec()
