"""Every control is whole, and can pass and fail."""

import tokenize
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

import pytest

import k8snb.controls
from k8snb.assessment.prove import prove
from k8snb.assessment.subjects import SUBJECTS
from k8snb.assessment.threats import threat_model
from k8snb.controls import controls
from k8snb.controls.model import Control
from k8snb.resources.kinds import BY_RESOURCE

CATALOGUE = controls()
BY_HAND = pytest.mark.parametrize("control", CATALOGUE.values(), ids=list(CATALOGUE))

EXPECTED = {
    "pod-security": """
        no-privileged-containers no-windows-host-process image-vulnerability-scan no-added-capabilities
        no-host-ipc no-host-network no-host-path-volumes no-host-pid no-privilege-escalation
        pod-security-admission run-as-non-root apparmor-profile default-proc-mount drop-all-capabilities
        image-admission-control no-host-ports no-host-probes no-service-account-token pinned-image-tag
        read-only-root-filesystem restricted-volume-types run-as-non-root-group safe-sysctls seccomp-profile
        selinux-options trusted-registry image-digest sandboxed-runtime
    """,
    "network-hardening": """
        api-server-insecure-port etcd-client-authentication etcd-exposure network-plugin
        secrets-encrypted-at-rest api-server-etcd-tls api-server-exposure api-server-tls
        control-plane-isolation default-deny-egress default-deny-ingress etcd-own-ca etcd-peer-tls etcd-tls
        kubelet-read-only-port kubelet-tls metadata-service-blocked no-credentials-in-configuration
        api-server-kubelet-tls container-resource-limits controller-manager-bind-address ingress-tls
        kubeconfig-protection kubelet-certificate-rotation load-balancer-source-ranges no-external-ips
        no-node-ports no-user-workloads-in-system-namespaces node-exposure pods-isolated profiling-disabled
        scheduler-bind-address secrets-kms encrypted-pod-traffic limit-range no-default-namespace-workloads
        no-secrets-in-environment resource-quota
    """,
    "authentication-authorization": """
        cluster-admin-bindings kubelet-anonymous-auth kubelet-authorization no-anonymous-bindings
        no-escalation-paths rbac-enabled admission-plugins api-server-anonymous-auth kubelet-client-ca
        least-privilege-admission least-privilege-certificates least-privilege-escalation-verbs
        least-privilege-exec least-privilege-node-proxy least-privilege-secrets least-privilege-tokens
        least-privilege-volumes least-privilege-workload-creation no-static-credentials no-wildcard-roles
        strong-user-authentication controller-manager-credentials default-service-account dangling-bindings
    """,
    "audit-logging": """
        audit-log-findings audit-logging-enabled audit-policy-coverage audit-log-retention audit-log-shipping
        logging-agent metrics-pipeline threat-detection alerting
    """,
    "upgrading": """
        supported-version known-vulnerabilities latest-patch retired-components deprecated-apis node-patching
        scheduled-scans version-skew unused-resources
    """,
}


@pytest.mark.parametrize("chapter", EXPECTED)
def test_the_catalogue_has_every_control_of_a_chapter(chapter: str) -> None:
    assert {one.id for one in CATALOGUE.values() if one.chapter == chapter} == set(EXPECTED[chapter].split())


@BY_HAND
@pytest.mark.parametrize("field", ["title", "section", "why", "fix", "passing", "failing", "evidence"])
def test_nothing_is_left_out(control: Control, field: str) -> None:
    assert getattr(control, field)


@BY_HAND
def test_texts_are_sentences(control: Control) -> None:
    assert not control.title.endswith(".")
    for text in (control.why, control.fix, control.caution):
        assert text == text.strip()
        assert not text or text.endswith((".", "`"))


@BY_HAND
def test_it_passes_and_fails_as_its_examples_say(control: Control) -> None:
    proofs = prove(control.id)
    wrong = [(one.expected, one.assessment[control.id].result.status, one.objects) for one in proofs if not one.holds]
    assert not wrong
    assert proofs.hold


@BY_HAND
def test_a_passing_example_has_evidence(control: Control) -> None:
    for proof in prove(control.id):
        for finding in proof.assessment.findings(status=proof.expected):
            assert finding.evidence
            assert finding.message


@BY_HAND
def test_it_reads_only_resources_that_exist(control: Control) -> None:
    assert set(control.reads) <= set(BY_RESOURCE)
    assert control.subject in SUBJECTS


def test_texts_that_are_put_together_keep_their_spaces() -> None:
    for path in Path(k8snb.controls.__file__).parent.rglob("*.py"):
        with path.open("rb") as file:
            words = [one for one in tokenize.tokenize(file.readline) if one.type != tokenize.NL]
        for one, after in pairwise(words):
            if one.type == after.type == tokenize.STRING:
                glued = one.string[-3] != "\\" and (one.string[-2] in ".,;:" or one.string[-2].isalnum())
                assert not (glued and after.string[1:2].isalnum()), (path.name, one.string[-20:], after.string[:20])


@BY_HAND
def test_its_techniques_have_names(control: Control) -> None:
    assert set(control.references.mitre) <= set(threat_model().techniques)


@BY_HAND
def test_it_stands_against_a_threat(control: Control) -> None:
    patterns = [pattern for threat in threat_model().threats for pattern in threat.controls]
    assert any(fnmatchcase(control.id, pattern) for pattern in patterns)
