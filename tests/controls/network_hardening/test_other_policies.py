"""Policies of plugins and of administrators: they leave open what they could change, and nothing else."""

from typing import Any

import pytest
import yaml

import k8snb
from tests.controls.network_hardening.test_policies import pod, policies

CONTROLS = ("default-deny-egress", "pods-isolated", "metadata-service-blocked")
SHUT = "{podSelector: {}, policyTypes: [Ingress, Egress]}"
WIDE = "{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}"
SHOP = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"team": "shop"}}}


def cilium(spec: str, name: str = "CiliumNetworkPolicy") -> str:
    return f"{{apiVersion: cilium.io/v2, kind: {name}, metadata: {{name: c, namespace: shop}}, spec: {spec}}}"


def calico(spec: str, version: str = "crd.projectcalico.org/v1", kind: str = "NetworkPolicy", name: str = "c") -> str:
    return f"{{apiVersion: {version}, kind: {kind}, metadata: {{name: {name}, namespace: shop}}, spec: {spec}}}"


def admin(spec: str, kind: str = "AdminNetworkPolicy") -> str:
    return f"{{apiVersion: policy.networking.k8s.io/v1alpha1, kind: {kind}, metadata: {{name: a}}, spec: {spec}}}"


def statuses(found: list[str], other: str) -> set[str]:
    objects: list[dict[str, Any]] = [SHOP, pod("cart"), *policies(*found), yaml.safe_load(other)]
    result = k8snb.assess(k8snb.connect(objects=objects), controls=list(CONTROLS), all=True)
    return {one.status for one in result if one.subject.name in {"shop", "cart"}}


EVERY = "namespaces: {}"


@pytest.mark.parametrize(
    ("other", "shut", "nothing", "wide"),
    [
        (cilium("{endpointSelector: {}, ingress: [{}], egress: [{}]}"), "not-assessed", "not-assessed", "fail"),
        (cilium("{endpointSelector: {}, ingressDeny: [{}], egressDeny: [{}]}"), "pass", "not-assessed", "not-assessed"),
        (
            cilium(
                "{endpointSelector: {}, egress: [{}], ingress: [{}],"
                " enableDefaultDeny: {ingress: false, egress: false}}"
            ),
            "not-assessed",
            "fail",
            "fail",
        ),
        (cilium("{endpointSelector: {matchLabels: {'k8s:app': web}}, egress: [{}]}"), "pass", "fail", "fail"),
        (
            cilium("{endpointSelector: {matchLabels: {'any:app': cart}}, ingress: [{}], egress: [{}]}"),
            "not-assessed",
            "not-assessed",
            "fail",
        ),
        (cilium("{nodeSelector: {}, egress: [{}]}", "CiliumClusterwideNetworkPolicy"), "pass", "fail", "fail"),
        (
            cilium(
                "{endpointSelector: {matchLabels: {'k8s:io.kubernetes.pod.namespace': web}}, egress: [{}]}",
                "CiliumClusterwideNetworkPolicy",
            ),
            "pass",
            "fail",
            "fail",
        ),
        (
            calico("{selector: all(), types: [Ingress, Egress], ingress: [{action: Allow}], egress: [{action: Pass}]}"),
            "not-assessed",
            "not-assessed",
            "fail",
        ),
        (calico("{selector: all(), types: [Ingress, Egress]}"), "pass", "not-assessed", "fail"),
        (
            calico("{types: [Ingress, Egress], tier: security}", kind="GlobalNetworkPolicy"),
            "pass",
            "not-assessed",
            "not-assessed",
        ),
        (calico("{selector: \"app == 'web' && has(x)\", egress: [{action: Allow}]}"), "pass", "fail", "fail"),
        (
            calico("{selector: \"!(app == 'web')\", ingress: [{action: Allow}], egress: [{action: Allow}]}"),
            "not-assessed",
            "not-assessed",
            "fail",
        ),
        (
            calico("{namespaceSelector: \"team == 'web'\", egress: [{action: Allow}]}", kind="GlobalNetworkPolicy"),
            "pass",
            "fail",
            "fail",
        ),
        (
            calico("{types: [Egress], egress: [{action: Allow}]}", "projectcalico.org/v3", name="knp.x"),
            "pass",
            "fail",
            "fail",
        ),
        (
            admin(f"{{subject: {{{EVERY}}}, ingress: [{{action: Allow}}], egress: [{{action: Allow}}]}}"),
            "not-assessed",
            "fail",
            "fail",
        ),
        (
            admin(f"{{subject: {{{EVERY}}}, ingress: [{{action: Deny}}], egress: [{{action: Deny}}]}}"),
            "pass",
            "not-assessed",
            "not-assessed",
        ),
        (
            admin(
                f"{{subject: {{{EVERY}}}, ingress: [{{action: Deny}}], egress: [{{action: Deny}}]}}",
                "BaselineAdminNetworkPolicy",
            ),
            "pass",
            "not-assessed",
            "fail",
        ),
        (
            admin("{subject: {namespaces: {matchLabels: {team: web}}}, egress: [{action: Allow}]}"),
            "pass",
            "fail",
            "fail",
        ),
        (
            admin(
                "{subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}},"
                " egress: [{action: Allow}]}"
            ),
            "pass",
            "fail",
            "fail",
        ),
        (
            admin(
                f"{{tier: Admin, subject: {{{EVERY}}}, ingress: [{{action: Accept}}], egress: [{{action: Accept}}]}}",
                "ClusterNetworkPolicy",
            ),
            "not-assessed",
            "fail",
            "fail",
        ),
    ],
)
def test_what_another_kind_of_policy_leaves_open(other: str, shut: str, nothing: str, wide: str) -> None:
    assert statuses([SHUT], other) == {shut}
    assert statuses([], other) == {nothing}
    assert statuses([WIDE], other) == {wide}


def test_the_reason_names_the_policy() -> None:
    other = yaml.safe_load(cilium("{endpointSelector: {}, egress: [{}]}"))
    cluster = k8snb.connect(objects=[pod("cart"), *policies(SHUT), other])
    (found,) = k8snb.assess(cluster, controls=["default-deny-egress"])
    assert found.cause == "unsupported"
    assert "CiliumNetworkPolicy/c may open it" in found.message


def test_a_policy_that_opens_only_some_pods_leaves_default_denial_alone() -> None:
    other = yaml.safe_load(cilium("{endpointSelector: {matchLabels: {app: cart}}, egress: [{}], ingress: [{}]}"))
    cluster = k8snb.connect(objects=[pod("cart"), pod("web"), *policies(SHUT), other])
    result = k8snb.assess(cluster, controls=list(CONTROLS), all=True)
    found = {(one.control, one.subject.name): one.status for one in result}
    assert found[("default-deny-egress", "shop")] == "pass"
    assert {found[("pods-isolated", name)] for name in ("web", "cart")} == {"pass", "not-assessed"}
    assert found[("metadata-service-blocked", "cart")] == "not-assessed"
