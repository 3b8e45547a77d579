"""No binding lets anybody get into running pods."""

from collections.abc import Iterator

from k8snb.controls.authentication_authorization._powers import PASSING, READS, giving, judge
from k8snb.controls.authentication_authorization._shared import CHAPTER, RBAC
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding

_EXEC = '[{apiGroups: [""], resources: [pods/exec], verbs: [create]}]'
_SOCKET = '[{apiGroups: [""], resources: ["*/attach"], verbs: [get]}]'
_DEBUG = '[{apiGroups: [""], resources: [pods/ephemeralcontainers], resourceNames: [db-0], verbs: [patch]}]'


@control(
    id="least-privilege-exec",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="binding",
    reads=READS,
    title="No binding lets anybody get into running pods",
    why=(
        "Whoever gets into a pod has its data, its Secrets and its ServiceAccount, and no image, policy or review "
        "stands in the way. Forwarded ports reach what no Service offers."
    ),
    fix=(
        "Take pods/exec, pods/attach, pods/portforward and pods/ephemeralcontainers out of the role; grant them "
        "for the time of an incident, in one namespace."
    ),
    caution=("Developers debug by them, and some operators run their backups by them."),
    remedy="manual",
    references=References(
        nist_800_53=("AC-3", "AC-6"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1609",),
        kubescape=("C-0002", "C-0063"),
        trivy=("KSV-0053", "KSV-0054"),
    ),
    passing=PASSING,
    failing=giving(_EXEC, _SOCKET, _DEBUG),
)
def least_privilege_exec(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """No binding lets anybody get into running pods.

    Any verb that suffices counts: `create`, `get` for a WebSocket (until 1.34, and later where servers are told
    so), and `update` or `patch` for ephemeral containers; so do permissions on named pods, and `*/exec`. `pods/*`
    is no wildcard and grants nothing. Source: Kubernetes, "RBAC Good Practices"; `pods/exec` in the API reference.
    """
    return judge(one, cluster, "least-privilege-exec")
