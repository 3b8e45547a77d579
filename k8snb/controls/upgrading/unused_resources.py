"""Nothing that is not used any more is left in the namespace."""

from collections.abc import Iterator, Mapping
from typing import Any

from k8snb.analysis.namespaces import NamespaceView
from k8snb.controls.model import Example, Observation, References
from k8snb.controls.registry import control
from k8snb.controls.upgrading._shared import CHAPTER, SECTION
from k8snb.controls.upgrading._unused import CHECKS, Place
from k8snb.inventory.cluster import CONTROLLERS, Cluster

_DAY = {"today": "2026-04-01"}
_NAMESPACE = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, creationTimestamp: '2024-01-01T00:00:00Z'}\n"
_META = "metadata: {name: cart, namespace: shop}"


def _deployment(replicas: int, changed: str = "2025-06-01") -> str:
    return f"""\
---
apiVersion: apps/v1
kind: Deployment
{_META}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: cart}}}}
  template:
    metadata: {{labels: {{app: cart}}}}
    spec: {{containers: [{{name: cart, image: cart, envFrom: [{{configMapRef: {{name: cart}}}}]}}]}}
status: {{conditions: [{{type: Progressing, status: "True", lastUpdateTime: '{changed}T10:00:00Z'}}]}}
"""


def _service(app: str) -> str:
    return f"---\napiVersion: v1\nkind: Service\n{_META}\nspec: {{selector: {{app: {app}}}, ports: [{{port: 80}}]}}\n"


def _claim(phase: str) -> str:
    return f"---\napiVersion: v1\nkind: PersistentVolumeClaim\n{_META}\nstatus: {{phase: {phase}}}\n"


_CONFIG = f"---\napiVersion: v1\nkind: ConfigMap\n{_META}\ndata: {{}}\n"
_JOB = f"""\
---
apiVersion: batch/v1
kind: Job
{_META}
spec: {{ttlSecondsAfterFinished: 600, template: {{spec: {{containers: [{{name: c, image: c}}]}}}}}}
status: {{completionTime: '2026-03-01T10:00:00Z'}}
"""


@control(
    id="unused-resources",
    chapter=CHAPTER,
    section=SECTION,
    severity="low",
    subject="namespace",
    reads=[
        "pods",
        *(kind.resource for kind in CONTROLLERS),
        "services",
        "configmaps",
        "persistentvolumeclaims",
        "ingresses",
        "gateways",
    ],
    title="Nothing is left that is not used any more",
    why=(
        "What nobody uses nobody patches, and nobody notices when it is used by somebody else: an idle workload with "
        "its rights, a Service name that is free to be answered, a claim with old data."
    ),
    fix="Delete what the evidence names, after asking its owner; back up data before a claim is deleted.",
    caution="ConfigMaps may be read through the API, and workloads be scaled from zero on demand: ask first.",
    remedy="manual",
    references=References(nist_800_53=("CM-7", "CM-8", "SI-2"), nist_800_190=("4.4.5",), mitre=("T1036", "T1078")),
    passing=[
        Example(_NAMESPACE + _deployment(2) + _service("cart") + _CONFIG + _claim("Bound"), _DAY),
        Example(_NAMESPACE + _deployment(0, "2026-03-01"), _DAY),
    ],
    failing=[
        Example(_NAMESPACE + _deployment(0), _DAY),
        Example(_NAMESPACE + _deployment(1) + _service("basket"), _DAY),
        Example(_NAMESPACE + _deployment(1) + _claim("Pending"), _DAY),
        Example(_NAMESPACE + _service("cart") + _deployment(1) + _CONFIG.replace("name: cart,", "name: old,"), _DAY),
        Example(_NAMESPACE + _JOB, _DAY),
        Example(_NAMESPACE, _DAY),
    ],
)
def unused_resources(view: NamespaceView, cluster: Cluster, parameters: Mapping[str, Any]) -> Iterator[Observation]:
    """Nothing is left in the namespace that is not used any more.

    Left over are workloads that have been scaled to zero for 90 days, Services that select nothing, claims that are not
    bound, ConfigMaps that no pod refers to, finished Jobs beyond their TTL, and a namespace older than 90 days in which
    nothing is. Since when a workload is scaled to zero its conditions tell, by the last change that they show; where it
    has none, only its age can tell that it was not that long.

    Endpoints that somebody writes by hand are not read: a Service without a selector leaves the namespace not assessed.
    ConfigMaps of system namespaces are read through the API and are left alone, and so are those with a label by which
    Argo CD or Grafana's sidecar finds them. Secrets are never read, so a namespace that holds nothing else counts as
    empty.
    """
    place = Place(view, cluster, parameters["today"])
    for check in CHECKS:
        yield from check(place)
