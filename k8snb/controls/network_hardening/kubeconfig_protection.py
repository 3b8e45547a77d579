"""Administrators' kubeconfig files on the control plane belong to root alone."""

from collections.abc import Iterator

from k8snb.controls.model import Example, Observation, References, unknown
from k8snb.controls.network_hardening._shared import CHAPTER, CONTROL_PLANE
from k8snb.controls.network_hardening.control_plane_isolation import ROLES
from k8snb.controls.registry import control
from k8snb.resources.core import Node

_NODE = 'apiVersion: v1\nkind: Node\nmetadata: {name: cp1, labels: {node-role.kubernetes.io/control-plane: ""}}\n'
_FILES = ("default administrative credential file", "scheduler.conf file", "controller-manager.conf file")
_TEXTS = [f"{file} {what}" for file in _FILES for what in ("permissions are set to 600", "ownership is root:root")]


def _run(*statuses: str) -> Example:
    told = [
        {"number": f"1.1.{13 + index}", "text": text, "status": (statuses[index:] or ("PASS",))[0]}
        for index, text in enumerate(_TEXTS)
    ]
    run = {"benchmark": "cis-1.12", "version": "1.35", "addresses": [], "results": told}
    return Example(_NODE, facts={"kube-bench/cp1": run})


@control(
    id="kubeconfig-protection",
    chapter=CHAPTER,
    section=CONTROL_PLANE,
    severity="medium",
    subject="node",
    reads=[],
    title="Administrators' kubeconfig files on the control plane belong to root alone",
    why="admin.conf holds the credentials of a cluster administrator; whoever reads the file is one.",
    fix="On every control-plane node: chown root:root and chmod 600 for /etc/kubernetes/*.conf.",
    caution="People who worked with that file need credentials of their own, which is the better way anyway.",
    remedy="manual",
    evidence=["benchmark"],
    references=References(
        cis=("1.1.13", "1.1.14", "1.1.15", "1.1.16", "1.1.17", "1.1.18"),
        nist_800_53=("AC-3", "AC-6", "IA-5"),
        nist_800_190=("4.3.1",),
        mitre=("T1552.001",),
        kube_bench=("1.1.13", "1.1.14", "1.1.15", "1.1.16", "1.1.17", "1.1.18"),
    ),
    passing=[_run()],
    failing=[_run("FAIL"), _run("PASS", "FAIL")],
)
def kubeconfig_protection(node: Node) -> Iterator[Observation]:
    """Administrators' kubeconfig files on the control plane belong to root alone.

    No API shows the files of a node: a run of kube-bench there does, or a person who looked. Source: CIS Kubernetes
    Benchmark, "Control Plane Node Configuration Files".
    """
    if ROLES & set(node.roles):
        told = (
            "files of a node are not visible from the API: kube-bench --json there, brought by --evidence, shows them"
        )
        yield unknown("not-collected", "/etc/kubernetes/*.conf", "owner root, mode 600", told)
