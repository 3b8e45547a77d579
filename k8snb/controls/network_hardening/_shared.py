"""What the controls of this chapter share: section headings, examples, and the judging of default denial."""

from collections.abc import Iterator
from textwrap import indent

from k8snb.analysis.namespaces import NamespaceView
from k8snb.analysis.network import Direction, openers, policies, selects_all, unreadable
from k8snb.analysis.other_policies import Change, doubt
from k8snb.analysis.policy_selection import labels_of
from k8snb.analysis.words import some
from k8snb.controls.model import Observation, seen, unknown
from k8snb.inventory.cluster import Cluster
from k8snb.resources.pod import PodTemplate

CHAPTER = "network-hardening"
NAMESPACES = "Namespaces"
POLICIES = "Network policies"
RESOURCES = "Resource policies"
ENCRYPTION = "Encryption"
SECRETS = "Secrets"
CONTROL_PLANE = "Control plane hardening"
SEGMENTATION = "Worker node segmentation"
CLOUD = "Protecting sensitive cloud infrastructure"
EXPOSURE = "Network separation and hardening"

NO_CONTAINER = unknown(
    "malformed", "spec.containers", "at least one container", "there is no container in the pod to judge"
)


def empty(template: PodTemplate) -> bool:
    """Say whether there is no container at all, so that nothing can be concluded."""
    return next(template.containers(), None) is None


def pod(container: str, name: str = "cart", namespace: str = "shop") -> str:
    """Give an example: a pod of one container with these further fields, in YAML."""
    return f"""\
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {namespace}, labels: {{app: {name}}}}}
spec:
  containers:
  - name: {name}
    image: registry.example.com/{name}:1.4.2
{indent(container.strip(), "    ")}
"""


def policy(name: str, spec: str) -> str:
    """Give an example: a NetworkPolicy with that spec in flow style, as a further YAML document."""
    return f"""\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec: {spec}
"""


PLAIN = pod("")


def default_deny(namespace: NamespaceView, cluster: Cluster, direction: Direction) -> Iterator[Observation]:
    """Judge whether a namespace denies a direction by default.

    A policy must select every pod, and the policies together must not open the direction to everyone again; that no
    other policy does is known only where all of them were read, and none of another kind may change it.
    """
    name, way = namespace.name, "incoming" if direction == "Ingress" else "outgoing"
    at, expected = f"NetworkPolicy/{name}", f"a policy for {direction} that selects every pod, and none that allows all"
    opening = openers(cluster, name, direction, namespace.workloads)
    denying = sorted(one.name for one in policies(cluster, name, direction) if selects_all(one))
    gap, pods = cluster.gap("networkpolicies", name), labels_of(cluster, namespace.workloads)
    change: Change = "denies" if opening else "opens" if denying else "isolates"
    unsure = doubt(cluster, name, direction, pods, change, every=True)
    if opening and unsure:
        yield unknown(unsure, at, expected)
    elif opening:
        alone = f"NetworkPolicy {some(opening)} allows all {way} traffic"
        several = f"NetworkPolicies {some(opening)} together allow all {way} traffic"
        clause = alone if len(opening) == 1 else several
        yield seen(False, f"{at}/{opening[0]} spec.{direction.lower()}", opening, expected, clause)
    elif gap:
        yield unknown(gap, "networkpolicies", expected)
    elif broken := unreadable(policies(cluster, name, direction), direction):
        clause = f"NetworkPolicy {some(broken)} has an ipBlock that is no address block"
        yield unknown("malformed", f"{at}/{broken[0]} spec.{direction.lower()}", expected, clause)
    elif unsure:
        yield unknown(unsure, unsure.resource or at, expected)
    elif denying:
        clause = f"{way} traffic is denied by default by NetworkPolicy {some(denying)}"
        yield seen(True, f"{at}/{denying[0]} spec.podSelector", denying, expected, clause)
    else:
        present = sorted(one.name for one in policies(cluster, name, direction))
        only = f"; {some(present)} selects only some" if present else ""
        yield seen(False, at, present or None, expected, f"no NetworkPolicy denies {way} traffic to every pod{only}")
