"""Load balancers' ranges, and what may run among the system's components."""

from typing import Any

import pytest
import yaml

import k8snb

SERVICE = "{apiVersion: v1, kind: Service, metadata: {name: cart, namespace: shop, annotations: %s}, spec: %s}"
OLD = "service.beta.kubernetes.io/load-balancer-source-ranges"


def judged(control: str, *objects: dict[str, Any]) -> tuple[str, str]:
    (found,) = k8snb.assess(k8snb.connect(objects=objects), controls=[control], all=True)
    return found.status, found.severity


@pytest.mark.parametrize(
    ("spec", "annotations", "expected"),
    [
        ("{type: ClusterIP}", "{}", "not-applicable"),
        ("{type: NodePort}", "{}", "not-applicable"),
        ("{type: LoadBalancer}", "{}", "fail"),
        ("{type: LoadBalancer, loadBalancerSourceRanges: []}", "{}", "fail"),
        ("{type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]}", "{}", "pass"),
        ("{type: LoadBalancer, loadBalancerSourceRanges: [0.0.0.0/0]}", "{}", "fail"),
        ("{type: LoadBalancer, loadBalancerSourceRanges: ['::/1', '8000::/1']}", "{}", "fail"),
        ("{type: LoadBalancer, loadBalancerSourceRanges: [office]}", "{}", "not-assessed"),
        ("{type: LoadBalancer, loadBalancerSourceRanges: [office, 0.0.0.0/0]}", "{}", "fail"),
        ("{type: LoadBalancer}", f"{{{OLD}: '10.0.0.0/8, 192.0.2.0/24'}}", "pass"),
        ("{type: LoadBalancer, loadBalancerSourceRanges: [0.0.0.0/0]}", f"{{{OLD}: 10.0.0.0/8}}", "fail"),
    ],
)
def test_load_balancer_source_ranges(spec: str, annotations: str, expected: str) -> None:
    assert judged("load-balancer-source-ranges", yaml.safe_load(SERVICE % (annotations, spec)))[0] == expected


def test_a_load_balancer_inside_of_the_network_weighs_less() -> None:
    inside = "{networking.gke.io/load-balancer-type: Internal}"
    found = judged("load-balancer-source-ranges", yaml.safe_load(SERVICE % (inside, "{type: LoadBalancer}")))
    assert found == ("fail", "low")


def pod(*images: str, namespace: str = "kube-system", **labels: str) -> dict[str, Any]:
    metadata = {"name": "app", "namespace": namespace, "labels": labels}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": [{"image": one} for one in images]},
    }


CSI, OTHER = "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.15.0", "registry.example.com/cart:1"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (pod("registry.k8s.io/coredns/coredns:v1.13.1"), "pass"),
        (pod("docker.io/calico/node@sha256:" + "0" * 64), "pass"),
        (pod("602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/coredns:v1.12"), "pass"),
        (pod(OTHER), "fail"),
        (pod("registry.k8s.io/coredns/coredns:v1.13.1", OTHER), "fail"),
        (pod(CSI, OTHER), "pass"),
        (pod("docker.io/evil/not-coredns:1"), "fail"),
        (pod(OTHER, **{"kubernetes.io/cluster-service": "true"}), "pass"),
        (pod(OTHER, **{"kubernetes.io/cluster-service": "false"}), "fail"),
        (pod(OTHER, namespace="kube-node-lease"), "fail"),
        (pod(OTHER, namespace="shop"), "not-applicable"),
        (pod(), "not-assessed"),
    ],
)
def test_no_user_workloads_in_system_namespaces(subject: dict[str, Any], expected: str) -> None:
    assert judged("no-user-workloads-in-system-namespaces", subject)[0] == expected
