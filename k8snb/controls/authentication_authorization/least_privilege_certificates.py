"""No binding lets anybody approve or sign certificates."""

from collections.abc import Iterator

from k8snb.controls.authentication_authorization._powers import PASSING, READS, giving, judge
from k8snb.controls.authentication_authorization._shared import CHAPTER, RBAC
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding

_APPROVE = (
    "[{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]},"
    ' {apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: ["kubernetes.io/*"], verbs: [approve]}]'
)
_SIGN = '[{apiGroups: [certificates.k8s.io], resources: ["*/status", signers], verbs: [patch, sign]}]'


@control(
    id="least-privilege-certificates",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="binding",
    reads=READS,
    title="No binding lets anybody approve or sign certificates",
    why=(
        "An approved request for a client certificate makes its owner whoever it names, until the certificate "
        "expires: nobody can revoke it."
    ),
    fix=("Leave approval to a controller that knows what it approves, for one signer, and take the rest away."),
    caution=("Nodes join, and renew their certificates, only if somebody approves their requests."),
    remedy="manual",
    references=References(
        cis=("5.1.11",),
        nist_800_53=("AC-6", "IA-5"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1078", "T1136"),
        kube_bench=("5.1.11",),
    ),
    passing=PASSING,
    failing=giving(_APPROVE, _SIGN),
)
def least_privilege_certificates(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """No binding lets anybody approve or sign certificates.

    Approval takes update or patch on `certificatesigningrequests/approval` and approve on a signer, signing the
    same on `/status` and sign. Half of it counts where another ClusterRoleBinding of the same subject gives the
    rest. Source: Kubernetes, "Certificates and Certificate Signing Requests", authorization.
    """
    return judge(one, cluster, "least-privilege-certificates")
