"""Limits, quotas, Services, Ingresses, and what must not stand in the configuration."""

import pytest
import yaml

import k8snb
from k8snb.assessment.result import Finding

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: cart, namespace: shop}\nspec: "
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart, namespace: shop}\nspec: "
RANGE = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: limits, namespace: shop}\nspec: "
QUOTA = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: quota, namespace: shop}\nspec: "
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\nspec: "
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop, namespace: shop}\nspec: "
GATEWAY = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: gate, namespace: shop}\nspec: "


def judge(control: str, *documents: str, complete: bool = True) -> list[Finding]:
    cluster = k8snb.connect(objects=[yaml.safe_load(text) for text in documents], complete=complete)
    return list(k8snb.assess(cluster, controls=[control], all=True))


def status(control: str, *documents: str, complete: bool = True) -> str:
    (finding,) = judge(control, *documents, complete=complete)
    return finding.status


def resources(text: str, field: str = "containers") -> str:
    fine = "{name: fine, resources: {limits: {cpu: 1, memory: 1Gi}}}"
    judged = f"{{name: judged, resources: {text}}}"
    return f"{{containers: [{judged}]}}" if field == "containers" else f"{{containers: [{fine}], {field}: [{judged}]}}"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (resources("{limits: {cpu: 1, memory: 1Gi}}"), "pass"),
        (resources("{requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}"), "pass"),
        (resources("{requests: {cpu: 1, memory: 1Gi}}"), "fail"),
        (resources("{limits: {cpu: 1}}"), "fail"),
        (resources("{limits: {memory: 1Gi}}"), "fail"),
        (resources("{limits: {cpu: '0', memory: 1Gi}}"), "fail"),
        (resources("{limits: {cpu: 0, memory: 0Mi}}"), "fail"),
        (resources("null"), "fail"),
        (resources("null", "initContainers"), "fail"),
        (resources("null", "ephemeralContainers"), "pass"),
        ("{resources: {limits: {cpu: 1, memory: 1Gi}}, containers: [{name: c}]}", "pass"),
        ("{containers: []}", "not-assessed"),
    ],
)
def test_container_resource_limits(spec: str, expected: str) -> None:
    assert status("container-resource-limits", POD + spec) == expected
    assert status("container-resource-limits", DEPLOYMENT + f"{{template: {{spec: {spec}}}}}") == expected


def test_a_limit_range_supplies_what_a_template_leaves_out_but_not_what_a_pod_runs_without() -> None:
    supplied = RANGE + "{limits: [{type: Container, default: {cpu: 1, memory: 1Gi}}]}"
    template = DEPLOYMENT + "{template: {spec: {containers: [{name: c}]}}}"
    assert status("container-resource-limits", template, supplied) == "pass"
    assert status("container-resource-limits", POD + "{containers: [{name: c}]}", supplied) == "fail"
    assert status("container-resource-limits", template, supplied.replace("type: Container", "type: Pod")) == "fail"
    assert status("container-resource-limits", template, supplied.replace("namespace: shop", "namespace: x")) == "fail"


LIMITS = "{limits: [{type: Container, default: {cpu: 1}}]}"


@pytest.mark.parametrize(
    ("control", "documents", "whole", "part"),
    [
        ("limit-range", [], "fail", "not-assessed"),
        ("limit-range", [RANGE + LIMITS], "pass", "pass"),
        ("limit-range", [RANGE + "{limits: []}"], "fail", "not-assessed"),
        ("resource-quota", [], "fail", "not-assessed"),
        ("resource-quota", [QUOTA + "{hard: {pods: '5'}}"], "pass", "pass"),
        ("resource-quota", [QUOTA + "{}"], "fail", "not-assessed"),
    ],
)
def test_one_exists(control: str, documents: list[str], whole: str, part: str) -> None:
    running = POD + "{containers: [{name: c}]}"
    assert status(control, running, *documents) == whole
    assert status(control, running, *documents, complete=False) == part


DEFAULT = "apiVersion: v1\nkind: Namespace\nmetadata: {name: default}"
KUBERNETES = SERVICE.replace("name: cart, namespace: shop", "name: kubernetes, namespace: default") + "{}"


@pytest.mark.parametrize(
    ("documents", "whole", "part"),
    [
        ([DEFAULT, KUBERNETES], "pass", "not-assessed"),
        ([DEFAULT, POD.replace("namespace: shop", "namespace: default") + "{}"], "fail", "fail"),
        ([POD.replace(", namespace: shop", "") + "{}"], "fail", "fail"),
        ([DEFAULT, SERVICE.replace("namespace: shop", "namespace: default") + "{}"], "fail", "fail"),
    ],
)
def test_nothing_in_the_default_namespace(documents: list[str], whole: str, part: str) -> None:
    assert status("no-default-namespace-workloads", *documents) == whole
    assert status("no-default-namespace-workloads", *documents, complete=False) == part


@pytest.mark.parametrize(
    ("control", "spec", "expected"),
    [
        ("no-node-ports", "{ports: [{port: 80}]}", "pass"),
        ("no-node-ports", "{type: ExternalName}", "pass"),
        ("no-node-ports", "{type: NodePort}", "fail"),
        ("no-node-ports", "{type: LoadBalancer}", "fail"),
        ("no-node-ports", "{type: LoadBalancer, allocateLoadBalancerNodePorts: false}", "pass"),
        (
            "no-node-ports",
            "{type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{nodePort: 31000}]}",
            "fail",
        ),
        ("no-external-ips", "{}", "pass"),
        ("no-external-ips", "{externalIPs: []}", "pass"),
        ("no-external-ips", "{externalIPs: [192.0.2.1]}", "fail"),
    ],
)
def test_services(control: str, spec: str, expected: str) -> None:
    assert status(control, SERVICE + spec) == expected


def tls(hosts: str, *rules: str) -> str:
    return INGRESS + f"{{tls: {hosts}, rules: [{', '.join(f'{{host: {rule}}}' for rule in rules)}]}}"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (tls("[{hosts: [a.example.com]}]", "a.example.com"), "pass"),
        (tls("[{hosts: [a.example.com]}]", "a.example.com", "b.example.com"), "fail"),
        (tls("[{hosts: [a.example.com]}, {hosts: [b.example.com]}]", "a.example.com", "b.example.com"), "pass"),
        (tls("[{secretName: any}]", "a.example.com"), "pass"),
        (tls("['*.example.com']".join(["[{hosts: ", "}]"]), "a.example.com"), "pass"),
        (tls("['*.example.com']".join(["[{hosts: ", "}]"]), "b.a.example.com"), "fail"),
        (tls("['*.example.com']".join(["[{hosts: ", "}]"]), "example.com"), "fail"),
        (tls("['*.example.com']".join(["[{hosts: ", "}]"]), "'*.example.com'"), "pass"),
        (tls("[{hosts: [a.example.com]}]", "''"), "fail"),
        (tls("null", "a.example.com"), "fail"),
        (INGRESS + "{defaultBackend: {service: {name: cart}}}", "fail"),
        (
            tls("null", "a.example.com").replace("namespace", 'annotations: {ANNOTATION: "x"}, namespace'),
            "not-assessed",
        ),
        (GATEWAY + "{listeners: [{name: a, protocol: HTTPS}, {name: b, protocol: TLS}]}", "pass"),
        (GATEWAY + "{listeners: [{name: a, protocol: HTTPS}, {name: b, protocol: HTTP}]}", "not-assessed"),
        (GATEWAY + "{listeners: [{name: a, protocol: HTTPS, hostname: a.b}, {name: b, protocol: HTTP}]}", "fail"),
        (
            GATEWAY + "{listeners: [{protocol: TLS, hostname: '*.b'}, {protocol: HTTP, hostname: a.b}]}",
            "not-assessed",
        ),
        (GATEWAY + "{listeners: [{protocol: TLS, hostname: '*.b'}, {protocol: HTTP, hostname: a.c}]}", "fail"),
        (GATEWAY + "{listeners: [{name: a, protocol: HTTP}, {name: b, protocol: HTTP}]}", "fail"),
        (GATEWAY + "{listeners: [{name: a, protocol: TCP}]}", "not-applicable"),
        (GATEWAY + "{listeners: [{name: a}]}", "fail"),
    ],
)
def test_ingress_tls(document: str, expected: str) -> None:
    document = document.replace("ANNOTATION", "alb.ingress.kubernetes.io/certificate-arn")
    assert status("ingress-tls", document) == expected


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        ("traefik.ingress.kubernetes.io/router.tls", "true", "not-assessed"),
        ("traefik.ingress.kubernetes.io/router.tls", "false", "fail"),
        ("nginx.ingress.kubernetes.io/ssl-passthrough", "true", "not-assessed"),
        ("alb.ingress.kubernetes.io/listen-ports", '[{"HTTPS": 443}]', "not-assessed"),
        ("alb.ingress.kubernetes.io/listen-ports", '[{"HTTP": 80}]', "fail"),
        ("nginx.ingress.kubernetes.io/ssl-redirect", "true", "fail"),
    ],
)
def test_tls_that_an_annotation_sets_up(annotation: str, value: str, expected: str) -> None:
    document = tls("null", "a.example.com").replace("namespace", f"annotations: {{{annotation}: '{value}'}}, namespace")
    assert status("ingress-tls", document) == expected


CHALLENGE, CART = "/.well-known/acme-challenge/x1", "/cart"


@pytest.mark.parametrize(
    ("paths", "expected"), [([CHALLENGE], "not-applicable"), ([CHALLENGE, CART], "fail"), ([], "fail")]
)
def test_challenges_of_acme_come_in_plain_text(paths: list[str], expected: str) -> None:
    served = ", ".join(f"{{path: {one}}}" for one in paths)
    assert status("ingress-tls", INGRESS + f"{{rules: [{{host: a.b, http: {{paths: [{served}]}}}}]}}") == expected


SECRET = "Tr0ub4dor-and-3"


@pytest.mark.parametrize(
    ("document", "at"),
    [
        (
            POD + f"{{containers: [{{name: c, env: [{{name: DB_PASSWORD, value: {SECRET}}}]}}]}}",
            "spec.containers[0].env[0].value",
        ),
        (POD + f"{{initContainers: [{{name: c, args: ['--password={SECRET}']}}]}}", "spec.initContainers[0].args[0]"),
        (
            DEPLOYMENT + f"{{template: {{spec: {{containers: [{{name: c, command: [run, --password, {SECRET}]}}]}}}}}}",
            "spec.template.spec.containers[0].command[2]",
        ),
        (
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: cart, namespace: shop}, "
            + f'data: {{app.properties: "user=cart\\npassword={SECRET}\\n"}}}}',
            "data[app.properties] line 2",
        ),
    ],
)
def test_a_credential_is_told_by_place_and_kind_and_never_itself(document: str, at: str) -> None:
    (finding,) = judge("no-credentials-in-configuration", document)
    assert (finding.status, finding.evidence[0].at) == ("fail", at)
    assert "password" in finding.message
    assert SECRET not in repr(finding)


@pytest.mark.parametrize(
    "document",
    [
        POD + "{containers: [{name: c, env: [{name: DB_PASSWORD_FILE, value: /run/secrets/db}]}]}",
        POD + "{containers: [{name: c, env: [{name: TOKEN_TTL, value: 1h}], args: ['--token-file=/run/token']}]}",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {url: 'https://example.com'}}",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
    ],
)
def test_what_is_no_credential_passes(document: str) -> None:
    assert status("no-credentials-in-configuration", document) == "pass"


def test_what_was_read_counts_though_it_is_not_kept() -> None:
    variables = "[{name: PORT, value: '8080'}, {name: MODE, value: fast}, {name: HOST}]"
    spec = f"{{containers: [{{name: c, env: {variables}, command: [run], args: [--fast, --port=80]}}]}}"
    (finding,) = judge("no-credentials-in-configuration", POD + spec)
    assert finding.evidence[0].observed == {"variables": 3, "arguments": 3}


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ("{name: c, env: [{name: A, value: b}]}", "pass"),
        ("{name: c, env: [{name: A, valueFrom: {configMapKeyRef: {name: a, key: b}}}]}", "pass"),
        ("{name: c, env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}]}", "fail"),
        ("{name: c, envFrom: [{configMapRef: {name: a}}]}", "pass"),
        ("{name: c, envFrom: [{configMapRef: {name: a}}, {secretRef: {name: a}}]}", "fail"),
    ],
)
@pytest.mark.parametrize("field", ["containers", "initContainers", "ephemeralContainers"])
def test_secrets_in_the_environment(field: str, container: str, expected: str) -> None:
    assert status("no-secrets-in-environment", POD + f"{{{field}: [{container}]}}") == expected
