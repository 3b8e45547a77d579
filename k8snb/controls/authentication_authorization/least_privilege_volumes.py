"""No binding lets anybody create PersistentVolumes."""

from collections.abc import Iterator

from k8snb.controls.authentication_authorization._powers import PASSING, READS, giving, judge
from k8snb.controls.authentication_authorization._shared import CHAPTER, RBAC
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding

_CREATE = '[{apiGroups: [""], resources: [persistentvolumes], verbs: [create]}]'
_APPLY = '[{apiGroups: [""], resources: [persistentvolumes], resourceNames: [root], verbs: [create, patch]}]'


@control(
    id="least-privilege-volumes",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="binding",
    reads=READS,
    title="No binding lets anybody create PersistentVolumes",
    why=(
        "A PersistentVolume may be any directory of a node, and Pod Security does not see it: a claim and a pod "
        "later, the node is taken over."
    ),
    fix=("Let people make claims, and leave volumes to a provisioner and its StorageClass."),
    caution=("Provisioners of storage need it, and pass only where Kubernetes ships them: accept yours by a waiver."),
    remedy="manual",
    references=References(
        cis=("5.1.9",),
        nist_800_53=("AC-3", "AC-6"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1611",),
        kube_bench=("5.1.9",),
    ),
    passing=PASSING,
    failing=giving(_CREATE, _APPLY),
)
def least_privilege_volumes(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """No binding lets anybody create PersistentVolumes.

    A volume's source cannot be changed later, so only creation counts; with resourceNames, by server-side apply,
    which takes patch as well. Source: Kubernetes, "RBAC Good Practices", persistent volume creation.
    """
    return judge(one, cluster, "least-privilege-volumes")
