"""Quantities, defaults of a LimitRange, default backends, and address blocks as Kubernetes reads them."""

import pytest
import yaml

import k8snb
from k8snb.assessment.result import Finding

HEAD = "apiVersion: {}\nkind: {}\nmetadata: {{name: {}, namespace: shop}}\nspec: "
DEPLOYMENT = HEAD.format("apps/v1", "Deployment", "cart") + "{template: {spec: {containers: [{name: c%s}]}}}"
RANGE = HEAD.format("v1", "LimitRange", "limits") + "{limits: [{type: Container, %s}]}"
INGRESS = HEAD.format("networking.k8s.io/v1", "Ingress", "shop")
POLICY = HEAD.format("networking.k8s.io/v1", "NetworkPolicy", "%s") + "%s"


def judge(control: str, *documents: str) -> Finding:
    cluster = k8snb.connect(objects=[yaml.safe_load(text) for text in documents])
    (finding,) = k8snb.assess(cluster, controls=[control], all=True)
    return finding


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1", "pass"),
        ("'.5'", "pass"),
        ("1e3", "pass"),
        ("100m", "pass"),
        ("0.5Gi", "pass"),
        ("0e3", "fail"),
        ("'0.0m'", "fail"),
        ("-1", "fail"),
        ("''", "fail"),
        ("much", "fail"),
        ("1 Gi", "fail"),
    ],
)
def test_only_a_positive_quantity_is_a_limit(amount: str, expected: str) -> None:
    limits = f", resources: {{limits: {{cpu: {amount}, memory: 1Gi}}}}"
    assert judge("container-resource-limits", DEPLOYMENT % limits).status == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("default: {cpu: 1, memory: 1Gi}", "pass"),
        ("max: {cpu: 1, memory: 1Gi}", "pass"),
        ("max: {cpu: 1}, default: {memory: 1Gi}", "pass"),
        ("min: {cpu: 1, memory: 1Gi}", "fail"),
        ("defaultRequest: {cpu: 1, memory: 1Gi}", "fail"),
        ("max: {cpu: 1}", "fail"),
    ],
)
def test_a_maximum_stands_for_a_missing_default(item: str, expected: str) -> None:
    assert judge("container-resource-limits", DEPLOYMENT % "", RANGE % item).status == expected


HOST, BACKEND = "rules: [{host: a.example.com}]", "defaultBackend: {service: {name: old}}"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (f"{{tls: [{{hosts: [a.example.com]}}], {HOST}}}", "pass"),
        (f"{{tls: [{{hosts: [a.example.com]}}], {HOST}, {BACKEND}}}", "fail"),
        (f"{{tls: [{{secretName: all}}], {HOST}, {BACKEND}}}", "pass"),
    ],
)
def test_a_default_backend_serves_every_other_host(spec: str, expected: str) -> None:
    assert judge("ingress-tls", INGRESS + spec).status == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("{cidr: 00.0.0.0/0}", "fail"),
        ("{cidr: 0.0.0.0/0, except: [nonsense]}", "fail"),
        ("{cidr: 0.0.0.0/0, except: ['::/0']}", "fail"),
        ("{cidr: '::/0', except: ['2001:db8::/32']}", "pass"),
        ("{cidr: 010.0.0.0/8}", "pass"),
        ("{cidr: nonsense}", "not-assessed"),
        ("{}", "not-assessed"),
    ],
)
@pytest.mark.parametrize("control", ["default-deny-ingress", "pods-isolated"])
def test_address_blocks(control: str, block: str, expected: str) -> None:
    shut = POLICY % ("shut", "{podSelector: {}, policyTypes: [Ingress, Egress]}")
    opening = POLICY % ("opening", f"{{podSelector: {{}}, ingress: [{{from: [{{ipBlock: {block}}}]}}]}}")
    assert judge(control, DEPLOYMENT % "", shut, opening).status == expected
