"""No binding lets anybody bind, escalate or impersonate."""

from collections.abc import Iterator

from k8snb.controls.authentication_authorization._powers import PASSING, READS, giving, judge
from k8snb.controls.authentication_authorization._shared import CHAPTER, RBAC
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding

_BIND = "[{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}]"
_ESCALATE = '[{apiGroups: [rbac.authorization.k8s.io], resources: ["*"], verbs: [escalate]}]'
_GROUPS = '[{apiGroups: [""], resources: [groups], verbs: [impersonate]}]'


@control(
    id="least-privilege-escalation-verbs",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="binding",
    reads=READS,
    title="No binding lets anybody bind, escalate or impersonate",
    why=(
        "These verbs are exceptions from the rule that nobody may grant more than they have: bind and escalate "
        "give any permission, impersonate gives anybody's."
    ),
    fix=(
        "Take bind, escalate and impersonate out of the role, wildcards included; whoever hands out roles needs "
        "to hold what is in them."
    ),
    caution=(
        "Installers and multi-tenancy controllers may rely on bind for named roles: keep these few, and watch them."
    ),
    remedy="manual",
    references=References(
        cis=("5.1.8",),
        nist_800_53=("AC-6", "AC-6(1)"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1078", "T1098.006"),
        kubescape=("C-0065", "C-0191"),
        trivy=("KSV-0043",),
        kube_bench=("5.1.8",),
    ),
    passing=PASSING,
    failing=giving(_BIND, _ESCALATE, _GROUPS),
)
def least_privilege_escalation_verbs(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """No binding lets anybody bind, escalate or impersonate.

    `bind` and `escalate` count on roles and ClusterRoles, `impersonate` on users, groups and ServiceAccounts, and
    so do the constrained forms of 1.36 (`impersonate:user-info` and the like). Extra fields and uids make nobody
    without a user. Named objects count. Source: Kubernetes, "Using RBAC Authorization", privilege escalation
    prevention; "User Impersonation".
    """
    return judge(one, cluster, "least-privilege-escalation-verbs")
