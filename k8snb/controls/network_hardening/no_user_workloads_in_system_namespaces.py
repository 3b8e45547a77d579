"""Nothing of users runs among the system's components."""

from collections.abc import Iterator

from k8snb.analysis.system_components import NAMESPACES as SYSTEM
from k8snb.analysis.system_components import addon_label, strangers, system_components
from k8snb.analysis.words import clip, some
from k8snb.controls.model import Observation, References, seen
from k8snb.controls.network_hardening._shared import CHAPTER, NAMESPACES, NO_CONTAINER, empty
from k8snb.controls.registry import control
from k8snb.inventory.workloads import Workload


def _pod(image: str, labels: str = "{}", namespace: str = "kube-system") -> str:
    head = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: app, namespace: {namespace}, labels: {labels}}}\n"
    return f"{head}spec: {{containers: [{{name: app, image: '{image}'}}]}}\n"


@control(
    id="no-user-workloads-in-system-namespaces",
    chapter=CHAPTER,
    section=NAMESPACES,
    severity="medium",
    subject="workload",
    data=["system_components"],
    title="Nothing of users runs among the system's components",
    why=(
        "The namespaces kube-system, kube-public and kube-node-lease are exempt from many policies and full of "
        "powerful ServiceAccounts. Whatever runs there profits from both."
    ),
    fix=(
        "Move the workload to a namespace of its own. If it is a part of the cluster, label it as an add-on "
        "(addonmanager.kubernetes.io/mode)."
    ),
    caution="Names of Services change with the namespace, and roles and Secrets have to move too.",
    remedy="manual",
    references=References(
        cis=("5.6.1",),
        nist_800_53=("AC-4", "SC-2", "SC-7(21)"),
        nist_800_190=("3.3.4", "4.3.4"),
        mitre=("T1036", "T1610"),
        trivy=("KSV-0037",),
        kube_bench=("5.6.1",),
    ),
    passing=[
        _pod("registry.k8s.io/kube-proxy:v1.35.6"),
        _pod("registry.example.com/agent:1.0", "{addonmanager.kubernetes.io/mode: Reconcile}"),
    ],
    failing=[_pod("registry.example.com/cart:1.4.2"), _pod("alpine/socat", namespace="kube-public")],
)
def no_user_workloads_in_system_namespaces(workload: Workload) -> Iterator[Observation]:
    """Nothing of users runs among the system's components, which are known by their images or labelled as add-ons."""
    if workload.namespace not in SYSTEM:
        return
    at = f"{workload.path}spec.containers"
    expected = f"a known system component (list of {system_components().date}), or a label of an add-on"
    label, others = addon_label(workload), strangers(workload)
    if empty(workload.template):
        yield NO_CONTAINER
    elif label:
        yield seen(True, f"metadata.labels[{label}]", label, expected, f"it is labelled as an add-on by {clip(label)}")
    elif others:
        images = [image for _, image in others]
        clause = f"{some(images)} in {workload.namespace} is no known system component and not labelled as an add-on"
        yield seen(False, f"{workload.path}spec.{others[0][0]}.image", images, expected, clause)
    else:
        images = [box.image or "" for _, box in workload.template.containers()]
        yield seen(True, at, images, expected, f"{some(images)} is a system component")
