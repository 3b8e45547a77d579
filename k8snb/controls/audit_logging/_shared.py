"""What the controls of this chapter share: section headings, flags, and an example."""

from k8snb.controls._flags import at, component, given
from k8snb.inventory.cluster import CONTROLLERS

__all__ = [
    "ALERTING",
    "API_AUDIT",
    "CHAPTER",
    "DETECTION",
    "LOG",
    "METRICS",
    "NODES",
    "WEBHOOK",
    "WORKLOADS",
    "agent",
    "api_server",
    "at",
    "given",
    "node",
]
CHAPTER = "audit-logging"
API_AUDIT = "Kubernetes native audit logging configuration"
NODES = "Worker node and container logging"
DETECTION = "Threat detection"
METRICS = "Tools"
ALERTING = "Alerting"
WORKLOADS = ("pods", *(kind.resource for kind in CONTROLLERS))
"""Resources that show what runs."""
WEBHOOK = "audit-webhook-config-file"
LOG = "audit-log-path"


def api_server(*flags: str) -> str:
    """Give an example: an API server's static pod with these flags, in YAML."""
    return component("kube-apiserver", *flags)


def node(name: str) -> str:
    """Give an example: a Node, as a further YAML document."""
    return f"---\napiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\n"


def agent(kind: str, name: str, image: str, on: str = "w1") -> str:
    """Give an example: a controller with one pod on a node, as further YAML documents."""
    container = f"containers: [{{name: agent, image: '{image}'}}]"
    owner = f"[{{apiVersion: apps/v1, kind: {kind}, name: {name}, uid: d1, controller: true}}]"
    return f"""\
---
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}, namespace: agents, uid: d1}}
spec: {{template: {{spec: {{{container}}}}}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: {name}-x7k2p, namespace: agents, ownerReferences: {owner}}}
spec: {{nodeName: {on}, {container}}}
"""


def fluent_bit(spec: str) -> tuple[str, str]:
    """Give a DaemonSet of a log agent and a pod of it, as examples have them.

    Args:
        spec: Of the pod, as YAML in one block; it begins with `{nodeName: …, `.
    """
    template = "{" + spec.partition(", ")[2]
    daemonset = f"""\
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: fluent-bit, namespace: logging, uid: d1}}
spec: {{template: {{spec: {template}}}}}
"""
    pod = f"""\
---
apiVersion: v1
kind: Pod
metadata:
  name: fluent-bit-x7k2p
  namespace: logging
  ownerReferences: [{{apiVersion: apps/v1, kind: DaemonSet, name: fluent-bit, uid: d1, controller: true}}]
spec: {spec}
"""
    return daemonset, pod
