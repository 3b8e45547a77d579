"""Services and Ingresses."""

from collections.abc import Callable, Iterator

from k8snb.remediation.objects import Raw
from k8snb.remediation.plans.model import Context, Procedure, Proposal, Proposed, Recipe


def _edited(edit: Callable[[Raw], None], note: str) -> Recipe:
    def recipe(context: Context) -> Iterator[Proposed]:
        yield Proposal(context.target, edit, note=note)

    return recipe


def _no_external_ips(raw: Raw) -> None:
    raw["spec"].pop("externalIPs", None)


def _no_node_ports(raw: Raw) -> None:
    spec = raw["spec"]
    if spec.get("type") == "NodePort":
        spec["type"] = "ClusterIP"
        spec.pop("externalTrafficPolicy", None)
    else:
        spec["allocateLoadBalancerNodePorts"] = False
    for port in spec.get("ports") or ():
        port.pop("nodePort", None)


def _tls(context: Context) -> Iterator[Proposed]:
    if context.target.kind != "Ingress":
        steps = (
            "Give the listener the protocol HTTPS, port 443, and under tls.certificateRefs its Secret.",
            "Redirect the listener of port 80 by an HTTPRoute with a RequestRedirect filter to the scheme https.",
        )
        yield Procedure("The certificate of a Gateway listener is for a person to choose.", steps)
        return
    secret = f"{context.target.name}-tls"[:253]

    def edit(raw: Raw) -> None:
        spec = raw["spec"]
        secured = {host for entry in spec.get("tls") or () for host in entry.get("hosts") or ()}
        hosts = dict.fromkeys(rule.get("host") or "" for rule in spec.get("rules") or ())
        named = [host for host in hosts if host and host not in secured]
        bare = spec.get("defaultBackend") or "" in hosts or not hosts
        entries = ([{"hosts": named, "secretName": secret}] if named else []) + (
            [{"secretName": secret}] if bare else []
        )
        spec["tls"] = [*(spec.get("tls") or ()), *entries]

    note = f"The Secret {secret} must hold a certificate for these hosts first (cert-manager can issue it)."
    yield Proposal(context.target, edit, note=note)


RECIPES: dict[str, Recipe] = {
    "no-external-ips": _edited(
        _no_external_ips, "Traffic that is routed to these addresses today needs its new way first."
    ),
    "no-node-ports": _edited(_no_node_ports, "Load balancers that reach pods through node ports lose them."),
    "ingress-tls": _tls,
}
