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
        run-as-non-root run-as-non-root-group read-only-root-filesystem no-privileged-containers
        no-host-pid no-host-ipc no-host-network no-host-path-volumes no-host-ports
        no-privilege-escalation no-added-capabilities drop-all-capabilities seccomp-profile
        apparmor-profile selinux-options default-proc-mount safe-sysctls no-windows-host-process
        no-host-probes restricted-volume-types no-service-account-token pinned-image-tag
        image-digest trusted-registry image-vulnerability-scan image-admission-control
        pod-security-admission sandboxed-runtime
    """,
    "network-hardening": """default-deny-ingress default-deny-egress pods-isolated container-resource-limits limit-range
        resource-quota no-default-namespace-workloads no-node-ports no-external-ips ingress-tls
        no-credentials-in-configuration no-secrets-in-environment api-server-insecure-port api-server-kubelet-tls
        api-server-etcd-tls etcd-client-authentication etcd-tls etcd-peer-tls etcd-own-ca scheduler-bind-address
        controller-manager-bind-address profiling-disabled api-server-tls secrets-encrypted-at-rest secrets-kms
        kubelet-read-only-port kubelet-tls kubelet-certificate-rotation""",
    "authentication-authorization": """no-wildcard-roles cluster-admin-bindings least-privilege-secrets
        no-anonymous-bindings dangling-bindings default-service-account no-static-credentials strong-user-authentication
        controller-manager-credentials rbac-enabled admission-plugins api-server-anonymous-auth
        kubelet-anonymous-auth kubelet-authorization kubelet-client-ca""",
    "audit-logging": "audit-logging-enabled audit-log-retention logging-agent audit-policy-coverage",
    "upgrading": """supported-version latest-patch version-skew retired-components known-vulnerabilities
        node-patching deprecated-apis scheduled-scans unused-resources""",
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
