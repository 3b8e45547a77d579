"""Controls that look beyond the pod: tokens, namespaces, runtimes, admission."""

from typing import Any

import pytest
import yaml

import k8snb
from k8snb.assessment.result import Finding
from k8snb.controls._flags import component
from k8snb.inventory.cluster import load
from k8snb.resources.kinds import KINDS
from k8snb.sources.objects import Objects, objects
from k8snb.sources.stream import Fact, Gap

CONTAINERS = "containers: [{name: app, image: registry.example.com/app:1}]"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: app, namespace: shop}\n"
ACCOUNT = """---
apiVersion: v1
kind: ServiceAccount
metadata: {name: %s, namespace: shop}
automountServiceAccountToken: %s
"""
OWNED = "apiVersion: v1\nkind: Pod\nmetadata: {name: app, namespace: kube-system, ownerReferences: [%s]}\n"
NODE = "{kind: Node, name: n, apiVersion: v1, controller: true}"


def judge(control: str, text: str, *items: Gap | Fact, complete: bool = True, **parameters: Any) -> list[Finding]:
    values = [one for one in yaml.safe_load_all(text) if one]
    source = objects(values, complete=complete)
    cluster = load(Objects((*source.items, *items), complete))
    found = k8snb.assess(cluster, controls=[control], parameters=parameters, all=True).findings()
    return [one for one in found if one.subject.kind != "List"]


def status(control: str, text: str, *items: Gap | Fact, complete: bool = True, **parameters: Any) -> str:
    (finding,) = judge(control, text, *items, complete=complete, **parameters)
    return finding.status


def pod(spec: str, head: str = POD) -> str:
    return head + f"spec: {{{spec}}}\n"


TOKEN = "volumes: [{name: %s, projected: {sources: [{serviceAccountToken: {path: token%s}}]}}]"
MOUNTED = "containers: [{name: app, volumeMounts: [{name: %s, mountPath: /x}]}]"
INJECTED = "kube-api-access-x1x2x"
FORBIDDEN = Gap("forbidden", "serviceaccounts are forbidden", "serviceaccounts")


@pytest.mark.parametrize(
    ("spec", "more", "expected"),
    [
        (CONTAINERS, "", "fail"),
        (f"automountServiceAccountToken: false, {CONTAINERS}", "", "pass"),
        (f"automountServiceAccountToken: true, {CONTAINERS}", ACCOUNT % ("default", "false"), "fail"),
        (f"automountServiceAccountToken: false, {CONTAINERS}", ACCOUNT % ("default", "true"), "pass"),
        (CONTAINERS, ACCOUNT % ("default", "false"), "pass"),
        (CONTAINERS, ACCOUNT % ("default", "null"), "fail"),
        (CONTAINERS, ACCOUNT % ("other", "false"), "fail"),
        (f"serviceAccountName: other, {CONTAINERS}", ACCOUNT % ("other", "false"), "pass"),
        (f"automountServiceAccountToken: false, {MOUNTED % 'token'}, {TOKEN % ('token', '')}", "", "fail"),
        (f"automountServiceAccountToken: false, {CONTAINERS}, {TOKEN % ('token', '')}", "", "pass"),
        (
            f"automountServiceAccountToken: false, {MOUNTED % INJECTED}, {TOKEN % (INJECTED, '')}",
            "",
            "fail",
        ),
        ("containers: null", "", "not-assessed"),
    ],
)
def test_a_token_comes_from_the_pod_its_account_or_by_hand(spec: str, more: str, expected: str) -> None:
    assert status("no-service-account-token", pod(spec) + more) == expected


@pytest.mark.parametrize(
    ("flags", "audience", "expected"),
    [
        (["service-account-issuer=https://k.example.com"], "vault", "pass"),
        (["service-account-issuer=https://k.example.com"], "https://k.example.com", "fail"),
        (["service-account-issuer=https://k.example.com", "api-audiences=api, vault"], "vault", "fail"),
        (["service-account-issuer=https://k.example.com", "api-audiences=api"], "https://k.example.com", "pass"),
        (["service-account-issuer=https://new", "service-account-issuer=https://old"], "https://new", "fail"),
        (["service-account-issuer=https://new", "service-account-issuer=https://old"], "vault", "pass"),
        (["api-audiences=vault", "api-audiences=api"], "vault", "fail"),
        (["service-account-issuer=$(ISSUER)"], "vault", "not-assessed"),
        ([], "vault", "not-assessed"),
    ],
)
def test_a_token_for_somebody_else_is_none_for_the_api(flags: list[str], audience: str, expected: str) -> None:
    spec = f"automountServiceAccountToken: false, {MOUNTED % 't'}, {TOKEN % ('t', f', audience: {audience!r}')}"
    found = judge("no-service-account-token", f"{pod(spec)}---\n{component('kube-apiserver', *flags)}")
    assert {one.subject.name: one.status for one in found}["app"] == expected


@pytest.mark.parametrize(("volume", "expected"), [("secret", "fail"), ("projected", "fail"), ("emptyDir", "pass")])
def test_what_stands_in_the_place_of_the_token_is_seen(volume: str, expected: str) -> None:
    mount = "volumeMounts: [{name: t, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]"
    containers = f"containers: [{{name: app, {mount}}}], volumes: [{{name: t, {volume}: {{}}}}]"
    assert status("no-service-account-token", pod(f"automountServiceAccountToken: false, {containers}")) == expected


@pytest.mark.parametrize(("key", "expected"), [("kubernetes.io/config.mirror", "pass"), ("example.com/x", "fail")])
def test_a_static_pod_has_no_token_and_a_mirror_is_told_by_its_annotation(key: str, expected: str) -> None:
    head = (OWNED % NODE).replace("name: app,", f"name: app, annotations: {{{key}: a1b2}},")
    assert status("no-service-account-token", pod(CONTAINERS, head)) == expected


def test_an_account_that_was_not_collected_has_its_default() -> None:
    (finding,) = judge("no-service-account-token", pod(CONTAINERS), complete=False)
    assert finding.status == "fail"
    assert "the account may turn the token off, and was not collected" in finding.message


def test_an_account_that_may_not_be_read_leaves_open() -> None:
    (finding,) = judge("no-service-account-token", pod(CONTAINERS), FORBIDDEN)
    assert (finding.status, finding.cause) == ("not-assessed", "forbidden")


@pytest.mark.parametrize("value", ["true", "false"])
def test_a_pod_that_decides_itself_needs_no_account(value: str) -> None:
    text = pod(f"automountServiceAccountToken: {value}, {CONTAINERS}")
    assert status("no-service-account-token", text, FORBIDDEN) == {"true": "fail", "false": "pass"}[value]


def test_the_evidence_of_a_template_has_its_whole_path() -> None:
    head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app, namespace: shop}\n"
    (finding,) = judge("no-service-account-token", head + f"spec: {{template: {{spec: {{{CONTAINERS}}}}}}}\n")
    assert finding.evidence[0].at == "spec.template.spec.automountServiceAccountToken"
    assert "ServiceAccount default is granted nothing of its own" in finding.message


RUNTIME = "---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: box}\nhandler: %s\n"


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("runsc", "pass"),
        ("kata-qemu", "pass"),
        ("runhcs-wcow-hypervisor", "pass"),
        ("runc", "fail"),
        ("nvidia", "fail"),
        ("katana", "fail"),
    ],
)
def test_the_handler_makes_the_sandbox(handler: str, expected: str) -> None:
    assert status("sandboxed-runtime", pod(f"runtimeClassName: box, {CONTAINERS}") + RUNTIME % handler) == expected


@pytest.mark.parametrize(("complete", "expected"), [(True, "fail"), (False, "not-assessed")])
def test_a_runtime_class_that_is_not_there(complete: bool, expected: str) -> None:
    assert status("sandboxed-runtime", pod(f"runtimeClassName: box, {CONTAINERS}"), complete=complete) == expected


NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {%s}}\n"
ENFORCE = "pod-security.kubernetes.io/enforce: %s"
KYVERNO = """---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: pss}
spec:
  validationFailureAction: %s
  failurePolicy: %s
  rules:
  - match: {any: [{resources: {kinds: [Pod]%s}}]}
    validate: {podSecurity: {level: baseline, version: latest}}
"""
SERVER = """---
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver, namespace: kube-system}
spec: {containers: [{name: kube-apiserver, image: 'kube-apiserver:v1.35.6', command: [kube-apiserver, '%s']}]}
"""


def admission(text: str, *items: Gap | Fact, complete: bool = True, **parameters: Any) -> str:
    found = judge("pod-security-admission", text, *items, complete=complete, **parameters)
    return next(one.status for one in found if one.subject.name == "shop")


@pytest.mark.parametrize(
    ("label", "wanted", "expected"),
    [
        ("baseline", "baseline", "pass"),
        ("restricted", "baseline", "pass"),
        ("privileged", "baseline", "fail"),
        ("baseline", "restricted", "fail"),
        ("restricted", "restricted", "pass"),
        ("Baseline", "baseline", "fail"),
        ("''", "baseline", "fail"),
    ],
)
def test_the_label_must_reach_the_level(label: str, wanted: str, expected: str) -> None:
    assert admission(NAMESPACE % (ENFORCE % label), pod_security_level=wanted) == expected


def test_a_namespace_without_a_label_fails_and_tells_what_the_level_would_refuse() -> None:
    text = NAMESPACE % "" + "---\n" + pod(f"hostPID: true, {CONTAINERS}")
    (finding,) = judge("pod-security-admission", text)
    assert finding.status == "fail"
    assert "at baseline its only workload would be refused" in finding.message


def test_warn_and_audit_do_not_count() -> None:
    assert admission(NAMESPACE % "pod-security.kubernetes.io/warn: restricted") == "fail"


@pytest.mark.parametrize(
    ("action", "failure", "where", "expected"),
    [
        ("Enforce", "Fail", "", "pass"),
        ("enforce", "Fail", ", namespaces: [shop]", "pass"),
        ("Enforce", "Fail", ", namespaces: ['sh*']", "pass"),
        ("Enforce", "Fail", ", namespaces: [other]", "fail"),
        ("Enforce", "Fail", ", selector: {matchLabels: {a: b}}", "fail"),
        ("Enforce", "Ignore", "", "fail"),
        ("Audit", "Fail", "", "fail"),
    ],
)
def test_a_policy_of_an_engine_counts_if_it_refuses(action: str, failure: str, where: str, expected: str) -> None:
    assert admission(NAMESPACE % "" + KYVERNO % (action, failure, where)) == expected


@pytest.mark.parametrize(
    "spec",
    [
        "{}",
        "{rules: 1}",
        "{rules: [1, {validate: x, match: 2, verifyImages: 3}]}",
        "{rules: [{match: {any: [{resources: 1}, 2]}}]}",
    ],
)
@pytest.mark.parametrize("control", ["pod-security-admission", "image-admission-control"])
def test_a_policy_of_the_wrong_shape_is_no_policy(control: str, spec: str) -> None:
    policy = f"---\napiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {{name: p}}\nspec: {spec}\n"
    assert status(control, NAMESPACE % "" + policy) == "fail"


@pytest.mark.parametrize(
    ("flag", "label", "expected"),
    [
        ("--disable-admission-plugins=PodSecurity", ENFORCE % "baseline", "fail"),
        ("--disable-admission-plugins=Other", ENFORCE % "baseline", "pass"),
        ("--admission-control-config-file=/etc/kubernetes/admission.yaml", "", "not-assessed"),
        ("--admission-control-config-file=/etc/kubernetes/admission.yaml", ENFORCE % "privileged", "fail"),
        ("--enable-admission-plugins=NodeRestriction", "", "fail"),
    ],
)
def test_flags_of_the_api_server_count(flag: str, label: str, expected: str) -> None:
    assert admission(NAMESPACE % label + SERVER % flag) == expected


@pytest.mark.parametrize(("version", "expected"), [("v1.22.17", "fail"), ("v1.23.0", "pass"), ("v1.37.2", "pass")])
def test_the_label_does_nothing_on_servers_that_do_not_know_it(version: str, expected: str) -> None:
    fact = Fact("version", {"gitVersion": version}, "probe", "/version")
    assert admission(NAMESPACE % (ENFORCE % "baseline"), fact) == expected


@pytest.mark.parametrize(("version", "expected"), [("v1.24.17", "pass"), ("v1.25.0", "fail")])
def test_a_pod_security_policy_counts_before_1_25(version: str, expected: str) -> None:
    policy = "---\napiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: p}\n"
    text = NAMESPACE % "" + policy + SERVER % "--enable-admission-plugins=PodSecurityPolicy"
    assert admission(text, Fact("version", {"gitVersion": version}, "probe", "/version")) == expected


def test_what_may_stand_elsewhere_leaves_open() -> None:
    assert admission(NAMESPACE % "", complete=False) == "not-assessed"


POLICY = """---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: images}
spec:
  failurePolicy: %s
  matchConstraints: {resourceRules: [{apiGroups: [''], operations: [CREATE], resources: [%s]}]}
  validations: [{expression: '%s'}]
"""
BINDING = """---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: images}
spec: {policyName: images, validationActions: [%s]}
"""
WEBHOOK = """---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: %s}
webhooks:
- {name: a.example.com, failurePolicy: %s, rules: [{apiGroups: [''], operations: [CREATE], resources: [%s]}]}
"""
VERIFY = """---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: signed}
spec:
  validationFailureAction: %s
  rules: [{match: {any: [{resources: {kinds: [Pod]}}]}, verifyImages: [{imageReferences: ['*']}]}]
"""
JUDGES = "object.spec.containers.all(c, c.image.startsWith(params.registry))"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "fail"),
        (POLICY % ("Fail", "pods", JUDGES) + BINDING % "Deny", "pass"),
        (POLICY % ("Ignore", "pods", JUDGES) + BINDING % "Deny", "fail"),
        (POLICY % ("Fail", "pods", JUDGES) + BINDING % "Warn", "fail"),
        (POLICY % ("Fail", "pods", JUDGES), "fail"),
        (POLICY % ("Fail", "services", JUDGES) + BINDING % "Deny", "fail"),
        (POLICY % ("Fail", "pods", "object.spec.hostPID == false") + BINDING % "Deny", "fail"),
        (WEBHOOK % ("connaisseur", "Fail", "pods"), "pass"),
        (WEBHOOK % ("connaisseur", "null", "pods"), "pass"),
        (WEBHOOK % ("connaisseur", "Ignore", "pods"), "fail"),
        (WEBHOOK % ("cert-manager", "Fail", "pods"), "fail"),
        (WEBHOOK % ("connaisseur", "Fail", "secrets"), "fail"),
        (WEBHOOK % ("connaisseur", "Ignore", "pods") + POLICY % ("Fail", "pods", JUDGES) + BINDING % "Deny", "pass"),
        (VERIFY % "Enforce", "pass"),
        (VERIFY % "Audit", "fail"),
        (SERVER % "--enable-admission-plugins=ImagePolicyWebhook", "not-assessed"),
    ],
)
def test_something_must_judge_images_and_fail_closed(text: str, expected: str) -> None:
    assert status("image-admission-control", text) == expected


def test_what_judges_images_may_stand_elsewhere() -> None:
    assert status("image-admission-control", "", complete=False) == "not-assessed"
    assert status("image-admission-control", VERIFY % "Enforce", complete=False) == "pass"


def test_every_control_of_the_chapter_reads_resources_that_exist() -> None:
    known = {kind.resource for kind in KINDS}
    mine = [one for one in k8snb.controls.controls().values() if one.chapter == "pod-security"]
    assert len(mine) >= 28
    assert not {resource for one in mine for resource in one.reads} - known
