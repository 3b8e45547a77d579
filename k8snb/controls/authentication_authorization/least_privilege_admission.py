"""No binding lets anybody change webhooks or admission policies."""

from collections.abc import Iterator

from k8snb.controls.authentication_authorization._powers import PASSING, READS, giving, judge
from k8snb.controls.authentication_authorization._shared import CHAPTER, RBAC
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding

_HOOKS = "[{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [create]}]"
_POLICIES = (
    "[{apiGroups: [admissionregistration.k8s.io], resources: [validatingadmissionpolicybindings], verbs: [delete]}]"
)
_NAMED = '[{apiGroups: ["*"], resources: [validatingwebhookconfigurations], resourceNames: [guard], verbs: [patch]}]'


@control(
    id="least-privilege-admission",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="binding",
    reads=READS,
    title="No binding lets anybody change webhooks or admission policies",
    why=(
        "A webhook reads every object that is written, Secrets as well, and a mutating one changes them; whoever "
        "deletes a policy is rid of it."
    ),
    fix=("Grant get, list and watch on them, and leave changes to the administrators of the cluster."),
    caution=(
        "Certificate injectors and policy engines write their own webhooks: name these by resourceNames, and "
        "accept them by a waiver."
    ),
    remedy="manual",
    references=References(
        cis=("5.1.12",),
        nist_800_53=("AC-6", "CM-5"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1685",),
        trivy=("KSV-0114",),
        kube_bench=("5.1.12",),
    ),
    passing=PASSING,
    failing=giving(_HOOKS, _POLICIES, _NAMED),
)
def least_privilege_admission(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """No binding lets anybody change webhooks or admission policies.

    Writes are create, update, patch, delete and deletecollection on webhook configurations, admission policies and
    their bindings; named objects count. Source: Kubernetes, "RBAC Good Practices", control admission webhooks.
    """
    return judge(one, cluster, "least-privilege-admission")
