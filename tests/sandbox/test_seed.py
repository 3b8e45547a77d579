"""The demo cluster in a real control plane: every object accepted, and the same findings."""

import k8snb
from k8snb.controls.registry import controls
from k8snb.inventory.cluster import Cluster, load
from k8snb.sandbox.components import Settings
from k8snb.sandbox.home import Home
from k8snb.sandbox.seed import seed
from k8snb.sources.live import live

Key = tuple[str, str, str, str, str]
OTHER_RELEASE = {"supported-version", "latest-patch", "version-skew"}
"""The sandbox is of another release than the demo cluster claims to be."""
OF_KUBELETS = {one for one in controls() if one.startswith("kubelet-")}
"""The nodes of the demo cluster have none in the sandbox."""
OF_AGES = {"unused-resources"}
"""What is in the sandbox is as old as the sandbox."""
CONTROLLERS_ACT = {("container-resource-limits", "fail", "Deployment", "team-a", "worker")}
"""Missing pods are made, from a template that the demo's pods differ from."""


def keys(cluster: Cluster) -> set[Key]:
    return {
        (one.control, one.status, one.subject.kind, one.subject.namespace, one.subject.name)
        for one in k8snb.assess(cluster, all=True).findings()
        if one.control not in OTHER_RELEASE | OF_KUBELETS | OF_AGES and one.subject.kind != "Cluster"
    }


def test_seeded_control_plane_gives_the_findings_of_the_demo(control_plane: tuple[Home, Settings]) -> None:
    home, _ = control_plane
    assert seed(home, lambda _: None) > 900
    seeded, demo = keys(load(live(home.context, str(home.kubeconfig)))), keys(k8snb.connect("demo"))
    assert demo - seeded == set()
    assert {one for one in seeded - demo if one[1] == "fail"} <= CONTROLLERS_ACT
