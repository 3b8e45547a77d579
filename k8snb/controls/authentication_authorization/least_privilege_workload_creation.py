"""No binding lets anybody create or change workloads."""

from collections.abc import Iterator

from k8snb.controls.authentication_authorization._powers import PASSING, READS, giving, judge
from k8snb.controls.authentication_authorization._shared import CHAPTER, RBAC
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding

_PODS = '[{apiGroups: [""], resources: [pods], verbs: [create]}]'
_JOBS = "[{apiGroups: [batch], resources: [cronjobs], verbs: [patch]}]"
_NAMED = "[{apiGroups: [apps], resources: [deployments], resourceNames: [cart], verbs: [update]}]"


@control(
    id="least-privilege-workload-creation",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="binding",
    reads=READS,
    title="No binding lets anybody create or change workloads",
    why=(
        "A pod may run as every ServiceAccount of its namespace and mount every Secret and volume of it; where "
        "nothing restrains pods, it takes over its node."
    ),
    fix=(
        "Leave the change of workloads to a deployment pipeline of the namespace, and bind people to view. "
        "Enforce Pod Security where somebody must create pods."
    ),
    caution=("Pipelines, GitOps controllers and operators need it: limit each to its namespaces."),
    remedy="manual",
    references=References(
        cis=("5.1.4",),
        nist_800_53=("AC-3", "AC-6"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1610", "T1053.007"),
        kubescape=("C-0188",),
        trivy=("KSV-0048",),
        kube_bench=("5.1.4",),
    ),
    passing=PASSING,
    failing=giving(_PODS, _JOBS, _NAMED),
)
def least_privilege_workload_creation(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """No binding lets anybody create or change workloads.

    Workloads are pods and what makes them: Deployments, DaemonSets, StatefulSets, ReplicaSets,
    ReplicationControllers, Jobs and CronJobs. To create by name is possible for nobody, unless by server-side
    apply, which takes `patch`. PodTemplates make nothing; scaling, and binding a pod to a node (`pods/binding`),
    start nothing new. Source: Kubernetes, "RBAC Good Practices", workload creation.
    """
    return judge(one, cluster, "least-privilege-workload-creation")
