"""Which network plugin is known by what, and whether it enforces NetworkPolicies."""

from typing import Any

import pytest

import k8snb

Object = dict[str, Any]


def daemonset(name: str, image: str, *args: str, namespace: str = "kube-system", labels: Any = None) -> Object:
    template = {"metadata": {"labels": labels or {}}, "spec": {"containers": [{"image": image, "args": [*args]}]}}
    head = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": name, "namespace": namespace}}
    return {**head, "spec": {"template": template}}


def config(name: str, **data: str) -> Object:
    values = {key.replace("_", "-"): value for key, value in data.items()}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "kube-system"},
        "data": values,
    }


def node(*words: str) -> Object:
    annotations = {"k3s.io/node-args": str([*words]).replace("'", '"')} if words else {}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "annotations": annotations}}


CALICO = daemonset("calico-node", "quay.io/calico/node:v3.31.1")
FLANNEL = daemonset("kube-flannel-ds", "ghcr.io/flannel-io/flannel:v0.27.4", namespace="kube-flannel")
CILIUM = daemonset("cilium", "quay.io/cilium/cilium:v1.18.4@sha256:" + "0" * 64)
VPC = "602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.21.1"
ON = "--enable-network-policy=true"


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([], "not-assessed"),
        ([CALICO], "pass"),
        ([CALICO, FLANNEL], "pass"),
        ([FLANNEL], "fail"),
        ([FLANNEL, daemonset("kube-router", "cloudnativelabs/kube-router", "--run-firewall=true")], "pass"),
        ([FLANNEL, daemonset("kube-router", "cloudnativelabs/kube-router", "--run-firewall=false")], "fail"),
        ([CILIUM, config("cilium-config", enable_policy="default")], "pass"),
        ([CILIUM, config("cilium-config", enable_policy="never")], "fail"),
        ([CILIUM, config("cilium-config", enable_k8s_networkpolicy="false")], "fail"),
        ([config("cilium-config", enable_policy="default")], "not-assessed"),
        ([daemonset("anetd", "registry.example.com/x")], "pass"),
        ([daemonset("x", "registry.example.com/x", labels={"k8s-app": "calico-node"})], "pass"),
        ([daemonset("calico-node", "registry.example.com/x", namespace="shop")], "not-assessed"),
        ([daemonset("aws-node", VPC)], "fail"),
        ([daemonset("aws-node", VPC, ON)], "pass"),
        ([daemonset("aws-node", VPC, ON), config("amazon-vpc-cni", enable_network_policy_controller="false")], "fail"),
        ([daemonset("aws-node", VPC), daemonset("cilium", "quay.io/cilium/cilium:v1.18.4")], "pass"),
        ([daemonset("azure-cns", "mcr.microsoft.com/containernetworking/azure-cns:v1.7.4")], "not-assessed"),
        ([daemonset("kindnet", "docker.io/kindest/kindnetd:v20260101")], "not-assessed"),
        ([node("server", "--cluster-init")], "pass"),
        ([node("server", "--disable-network-policy")], "fail"),
        ([node("server", "--disable-network-policy", "true"), CALICO], "fail"),
        ([node("agent")], "not-assessed"),
    ],
)
def test_network_plugin(objects: list[Object], expected: str) -> None:
    (found,) = k8snb.assess(k8snb.connect(objects=objects), controls=["network-plugin"], all=True)
    assert found.status == expected
    assert found.status != "pass" or found.evidence[0].observed


def test_a_namespace_that_is_selected_hides_no_plugin() -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "shop"}}
    cluster = k8snb.connect(objects=[CALICO, pod]).limited(["shop"])
    (found,) = k8snb.assess(cluster, controls=["network-plugin"], all=True)
    assert found.status == "pass"


@pytest.mark.parametrize(
    ("plugin", "expected"), [(CALICO, "pass"), (CILIUM, "not-assessed"), (FLANNEL, "not-assessed")]
)
def test_in_a_part_of_a_cluster(plugin: Object, expected: str) -> None:
    cluster = k8snb.connect(objects=[plugin], complete=False)
    (found,) = k8snb.assess(cluster, controls=["network-plugin"], all=True)
    assert found.status == expected
