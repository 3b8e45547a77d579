"""No binding lets anybody reach kubelets through `nodes/proxy`."""

from collections.abc import Iterator

from k8snb.controls.authentication_authorization._powers import PASSING, READS, giving, judge
from k8snb.controls.authentication_authorization._shared import CHAPTER, RBAC
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding

_GET = '[{apiGroups: [""], resources: [nodes/proxy], verbs: [get]}]'
_ANY = '[{apiGroups: [""], resources: ["*/proxy"], verbs: [create]}]'


@control(
    id="least-privilege-node-proxy",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="binding",
    reads=READS,
    title="No binding lets anybody reach kubelets through `nodes/proxy`",
    why=(
        "The API of a kubelet runs commands in every pod of its node, and get is enough. Whoever asks it directly "
        "passes neither admission nor the audit log."
    ),
    fix=(
        "Grant nodes/metrics, nodes/stats, nodes/log, nodes/healthz or nodes/pods in place of it, which kubelets "
        "tell apart by KubeletFineGrainedAuthz since 1.33."
    ),
    caution=("Monitoring agents often scrape kubelets by it; newer versions of them ask for less."),
    remedy="manual",
    references=References(
        cis=("5.1.10",),
        nist_800_53=("AC-3", "AC-6"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1609", "T1613"),
        trivy=("KSV-0047",),
        kube_bench=("5.1.10",),
    ),
    passing=PASSING,
    failing=giving(_GET, _ANY),
)
def least_privilege_node_proxy(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """No binding lets anybody reach kubelets through `nodes/proxy`.

    A Role, or a RoleBinding of a ClusterRole, cannot grant it: nodes are in no namespace. Source: Kubernetes, "RBAC
    Good Practices", access to the proxy subresource of Nodes; "Kubelet authentication/authorization".
    """
    return judge(one, cluster, "least-privilege-node-proxy")
