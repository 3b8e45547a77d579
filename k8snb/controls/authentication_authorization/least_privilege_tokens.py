"""No binding lets anybody issue tokens of ServiceAccounts."""

from collections.abc import Iterator

from k8snb.controls.authentication_authorization._powers import PASSING, READS, giving, judge
from k8snb.controls.authentication_authorization._shared import CHAPTER, RBAC
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.rbac import Binding

_ISSUE = '[{apiGroups: [""], resources: [serviceaccounts/token], verbs: [create]}]'
_NAMED = '[{apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [default], verbs: ["*"]}]'


@control(
    id="least-privilege-tokens",
    chapter=CHAPTER,
    section=RBAC,
    severity="high",
    subject="binding",
    reads=READS,
    title="No binding lets anybody issue tokens of ServiceAccounts",
    why=("A token of another ServiceAccount is all that account may do, from anywhere, for as long as was asked for."),
    fix=(
        "Take create on serviceaccounts/token out of the role; kubelets get the tokens of pods without it. "
        "Project tokens into pods instead."
    ),
    caution=(
        "Secret stores and clouds that trade tokens (Vault, external-secrets) ask for it: limit it to named "
        "accounts, and accept these by a waiver."
    ),
    remedy="manual",
    references=References(
        cis=("5.1.13",),
        nist_800_53=("AC-6", "IA-5"),
        nist_800_190=("3.3.1", "4.3.1"),
        mitre=("T1528", "T1550.001"),
        kube_bench=("5.1.13",),
    ),
    passing=PASSING,
    failing=giving(_ISSUE, _NAMED),
)
def least_privilege_tokens(one: Binding, cluster: Cluster) -> Iterator[Observation]:
    """No binding lets anybody issue tokens of ServiceAccounts.

    A permission on named ServiceAccounts counts: it issues the tokens of these. Source: Kubernetes, "RBAC Good
    Practices", token request.
    """
    return judge(one, cluster, "least-privilege-tokens")
