"""Every controller has an identity of its own."""

from collections.abc import Iterator

from k8snb.analysis.components import Component
from k8snb.controls._flags import component, is_switched
from k8snb.controls.authentication_authorization._shared import ACCOUNTS, CHAPTER
from k8snb.controls.model import Observation, References
from k8snb.controls.registry import control


@control(
    id="controller-manager-credentials",
    chapter=CHAPTER,
    section=ACCOUNTS,
    severity="medium",
    subject="controller-manager",
    reads=["pods"],
    title="Every controller has an identity of its own",
    why=(
        "Otherwise all controllers share the rights of the controller manager, and the audit log cannot tell "
        "them apart."
    ),
    fix=("Set --use-service-account-credentials=true on the controller manager."),
    caution=("The roles of the controllers (system:controller:*) must be there; they are by default."),
    remedy="manual",
    evidence=["flag"],
    references=References(
        cis=("1.3.3",),
        nist_800_53=("AC-6",),
        nist_800_190=("4.3.1",),
        mitre=("T1078",),
        kubescape=("C-0146",),
        kube_bench=("1.3.3",),
    ),
    passing=[component("kube-controller-manager", "use-service-account-credentials=true")],
    failing=[
        component("kube-controller-manager"),
        component("kube-controller-manager", "use-service-account-credentials=false"),
    ],
)
def controller_manager_credentials(one: Component) -> Iterator[Observation]:
    """Every controller has an identity of its own."""
    yield is_switched(one, "use-service-account-credentials", wanted=True, default=False)
