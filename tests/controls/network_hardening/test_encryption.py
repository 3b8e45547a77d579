"""What encrypts the traffic of a namespace's pods, and what only seems to."""

from typing import Any

import pytest
import yaml

import k8snb
from tests.controls.network_hardening.test_network_plugin import CALICO, CILIUM, config

Object = dict[str, Any]


def pod(proxy: str = "", namespace: str = "shop", name: str = "cart", **spec: Any) -> Object:
    proxies = [{"name": proxy}] if proxy else []
    body = {"initContainers": proxies, "containers": [{"name": "c"}], **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}, "spec": body}


def peers(spec: str, namespace: str = "shop", name: str = "default") -> Object:
    head = {"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication"}
    return {**head, "metadata": {"name": name, "namespace": namespace}, "spec": yaml.safe_load(spec)}


def felix(spec: str) -> Object:
    head = {"apiVersion": "crd.projectcalico.org/v1", "kind": "FelixConfiguration", "metadata": {"name": "default"}}
    return {**head, "spec": yaml.safe_load(spec)}


def namespace(**labels: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}}


STRICT, ISTIO = "{mtls: {mode: STRICT}}", "istio-proxy"
TEMPLATE = {"spec": {"containers": [{"name": "c"}]}}
DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart", "namespace": "shop"}}


def status(*objects: Object, complete: bool = True) -> str:
    cluster = k8snb.connect(objects=objects, complete=complete)
    found = {one.subject.name: one for one in k8snb.assess(cluster, controls=["encrypted-pod-traffic"], all=True)}
    return found["shop"].status


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([pod()], "fail"),
        ([pod(ISTIO)], "fail"),
        ([pod(ISTIO), peers(STRICT)], "pass"),
        ([pod(ISTIO), peers(STRICT, "istio-system")], "pass"),
        ([pod(ISTIO), peers(STRICT, "web")], "fail"),
        ([pod(ISTIO), peers(STRICT, "istio-system"), peers("{mtls: {mode: PERMISSIVE}}")], "fail"),
        ([pod(ISTIO), peers(STRICT, "istio-system"), peers("{mtls: {mode: UNSET}}")], "pass"),
        ([pod(ISTIO), peers("{selector: {matchLabels: {a: b}}, mtls: {mode: STRICT}}")], "fail"),
        (
            [pod(ISTIO), peers(STRICT), peers("{selector: {matchLabels: {a: b}}, mtls: {mode: DISABLE}}", name="b")],
            "fail",
        ),
        ([pod(ISTIO), peers("{mtls: {mode: STRICT}, portLevelMtls: {'80': {mode: DISABLE}}}")], "fail"),
        ([pod(ISTIO), pod(name="job"), peers(STRICT)], "fail"),
        ([pod(ISTIO, hostNetwork=True), peers(STRICT)], "fail"),
        ([pod(), namespace(**{"istio.io/dataplane-mode": "ambient"}), peers(STRICT)], "pass"),
        ([pod("linkerd-proxy")], "pass"),
        ([pod("linkerd-proxy"), pod(name="job")], "fail"),
        ([pod(), CALICO, felix("{wireguardEnabled: true}")], "pass"),
        ([pod(), CALICO, felix("{wireguardEnabled: false}")], "fail"),
        ([pod(), felix("{wireguardEnabled: true}")], "fail"),
        ([pod(), CILIUM, config("cilium-config", enable_wireguard="true")], "pass"),
        ([pod(), CILIUM, config("cilium-config", enable_ipsec="true")], "pass"),
        ([pod(), CILIUM, config("cilium-config", enable_wireguard="false")], "fail"),
        (
            [
                {**DEPLOYMENT, "spec": {"template": TEMPLATE}},
                namespace(**{"istio-injection": "enabled"}),
                peers(STRICT),
            ],
            "not-assessed",
        ),
    ],
)
def test_encrypted_pod_traffic(objects: list[Object], expected: str) -> None:
    assert status(*objects) == expected


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([pod()], "not-assessed"),
        ([pod(ISTIO), peers(STRICT)], "not-assessed"),
        ([pod(), CALICO, felix("{wireguardEnabled: true}")], "pass"),
    ],
)
def test_in_a_part_of_a_cluster(objects: list[Object], expected: str) -> None:
    assert status(*objects, complete=False) == expected
