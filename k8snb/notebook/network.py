"""Who reaches what, as the notebooks show it."""

from collections import Counter
from typing import Any

from k8snb.analysis import network
from k8snb.analysis.network_plugins import plugins
from k8snb.display.figures import Figure, policy_matrix
from k8snb.display.shown import Shown
from k8snb.display.words import number
from k8snb.languages import _
from k8snb.notebook.chapter import Chapter
from k8snb.notebook.tables import Row, rows_table
from k8snb.resources.core import Service
from k8snb.resources.network import Gateway, Ingress

_SO = {"pass": True, "fail": False}


def policies(chapter: Chapter) -> Figure:
    """Draw the namespaces by what their NetworkPolicies do, and by whether their traffic is encrypted."""
    reached = [one for one in chapter.result if one.control == "metadata-service-blocked"]
    blocked = Counter(one.subject.namespace for one in reached if one.status == "pass")
    judged = Counter(one.subject.namespace for one in reached if one.status != "not-applicable")
    sealed = {one.subject.name: _SO.get(one.status) for one in chapter.result if one.control == "encrypted-pod-traffic"}
    return policy_matrix(
        [
            _policies(one)
            | {"metadata service blocked": f"{blocked[one.namespace]}/{judged[one.namespace]}"}
            | {"encrypted": sealed.get(one.namespace)}
            for one in network.policy_matrix(chapter.cluster)
        ]
    )


def network_plugins(chapter: Chapter) -> Shown:
    """Give the network plugins that were seen, whether they enforce NetworkPolicies, and what shows it."""
    rows = [
        {
            "plugin": one.name,
            "enforces NetworkPolicies": _("not known" if one.enforces is None else "yes" if one.enforces else "no"),
            "signs": list(one.signs),
            "because": one.why or None,
        }
        for one in plugins(chapter.cluster)
    ]
    return rows_table(rows, none="No network plugin that is known was seen.", everything="plugins(cluster)")


def _policies(one: network.PolicyRow) -> dict[str, Any]:
    return {
        "namespace": one.namespace,
        "ingress denied": one.ingress_denied,
        "egress denied": one.egress_denied,
        "isolated": f"{one.isolated}/{one.workloads}",
    }


def exposure(chapter: Chapter) -> Shown:
    """Give the Services, Ingresses and Gateways that can be reached from outside of the cluster, and how."""
    rows = [_service(one) for one in chapter.cluster.all(Service) if _is_exposed(one)]
    rows += [_ingress(one) for one in chapter.cluster.all(Ingress)]
    rows += [_gateway(one) for one in chapter.cluster.all(Gateway)]
    told = f"{number(len(rows), 'way')} into the cluster."
    return rows_table(
        rows, none="No Service, Ingress or Gateway lets anybody in.", everything="cluster.services()", told=told
    )


def _is_exposed(one: Service) -> bool:
    return one.spec.type in {"NodePort", "LoadBalancer"} or bool(one.spec.externalIPs)


def _service(one: Service) -> Row:
    return {
        "namespace": one.namespace,
        "name": one.name,
        "how": one.spec.type or "ClusterIP",
        "ports": [f"{port.port}/{port.protocol or 'TCP'}" for port in one.spec.ports or ()],
        "node ports": [str(port.nodePort) for port in one.spec.ports or () if port.nodePort] or None,
        "hosts and addresses": list(one.spec.externalIPs or ()) or None,
        "limited to": list(one.spec.loadBalancerSourceRanges or ()) or None,
    }


def _ingress(one: Ingress) -> Row:
    return {
        "namespace": one.namespace,
        "name": one.name,
        "how": "Ingress",
        "hosts and addresses": [rule.host or "*" for rule in one.spec.rules or ()] or None,
        "certificates for": [host for tls in one.spec.tls or () for host in tls.hosts or (_("every host"),)] or None,
    }


def _gateway(one: Gateway) -> Row:
    listeners = one.spec.listeners or ()
    return {
        "namespace": one.namespace,
        "name": one.name,
        "how": "Gateway",
        "ports": [f"{listener.port}/{listener.protocol or 'unknown'}" for listener in listeners] or None,
        "hosts and addresses": [listener.hostname or "*" for listener in listeners] or None,
    }
