"""Admission webhooks and policies, sandboxes and scan reports."""

from typing import Any

from k8snb.resources.base import Frozen, LabelSelector, Object


class RuleWithOperations(Frozen, frozen=True):
    """`rules[]` of a webhook, or `matchConstraints.resourceRules[]` of a policy."""

    apiGroups: tuple[str, ...] | None = None
    operations: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None


class Webhook(Frozen, frozen=True):
    """`webhooks[]` of an admission configuration."""

    name: str | None = None
    failurePolicy: str | None = None
    rules: tuple[RuleWithOperations, ...] | None = None
    namespaceSelector: LabelSelector | None = None
    objectSelector: LabelSelector | None = None


class ValidatingWebhookConfiguration(Object, frozen=True):
    """`admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration`."""

    webhooks: tuple[Webhook, ...] | None = None


class MutatingWebhookConfiguration(Object, frozen=True):
    """`admissionregistration.k8s.io/v1 MutatingWebhookConfiguration`."""

    webhooks: tuple[Webhook, ...] | None = None


class Validation(Frozen, frozen=True):
    """`spec.validations[]` of a ValidatingAdmissionPolicy."""

    expression: str | None = None


class MatchConstraints(Frozen, frozen=True):
    """`spec.matchConstraints`."""

    resourceRules: tuple[RuleWithOperations, ...] | None = None


class Variable(Frozen, frozen=True):
    """`spec.variables[]`."""

    name: str | None = None
    expression: str | None = None


class ValidatingAdmissionPolicySpec(Frozen, frozen=True):
    """`spec` of a ValidatingAdmissionPolicy."""

    failurePolicy: str | None = None
    matchConstraints: MatchConstraints | None = None
    validations: tuple[Validation, ...] | None = None
    variables: tuple[Variable, ...] | None = None


class ValidatingAdmissionPolicy(Object, frozen=True):
    """`admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy`."""

    spec: ValidatingAdmissionPolicySpec = ValidatingAdmissionPolicySpec()


class MatchResources(Frozen, frozen=True):
    """`spec.matchResources` of a binding: whether it narrows at all."""

    namespaceSelector: LabelSelector | None = None
    objectSelector: LabelSelector | None = None


class ValidatingAdmissionPolicyBindingSpec(Frozen, frozen=True):
    """`spec` of a ValidatingAdmissionPolicyBinding."""

    policyName: str | None = None
    validationActions: tuple[str, ...] | None = None
    matchResources: MatchResources | None = None


class ValidatingAdmissionPolicyBinding(Object, frozen=True):
    """`admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding`."""

    spec: ValidatingAdmissionPolicyBindingSpec = ValidatingAdmissionPolicyBindingSpec()


class RuntimeClass(Object, frozen=True):
    """`node.k8s.io/v1 RuntimeClass`."""

    handler: str | None = None


class KyvernoPolicy(Object, frozen=True):
    """`kyverno.io/v1 ClusterPolicy`; its spec is read as it is."""

    spec: dict[str, Any] | None = None


class PodSecurityPolicy(Object, frozen=True):
    """`policy/v1beta1 PodSecurityPolicy`: retired; only its presence counts."""


class Artifact(Frozen, frozen=True):
    """`report.artifact` of a VulnerabilityReport."""

    repository: str | None = None
    tag: str | None = None
    digest: str | None = None


class Registry(Frozen, frozen=True):
    """`report.registry`."""

    server: str | None = None


class Vulnerability(Frozen, frozen=True):
    """`report.vulnerabilities[]`."""

    vulnerabilityID: str | None = None
    severity: str | None = None


class ScanSummary(Frozen, frozen=True):
    """`report.summary`."""

    criticalCount: int | None = None
    highCount: int | None = None
    mediumCount: int | None = None
    lowCount: int | None = None


class ScanReport(Frozen, frozen=True):
    """`report` of a VulnerabilityReport."""

    updateTimestamp: str | None = None
    artifact: Artifact | None = None
    registry: Registry | None = None
    summary: ScanSummary | None = None
    vulnerabilities: tuple[Vulnerability, ...] | None = None


class VulnerabilityReport(Object, frozen=True):
    """`aquasecurity.github.io/v1alpha1 VulnerabilityReport` of the Trivy Operator."""

    report: ScanReport = ScanReport()


class Benchmark(Frozen, frozen=True):
    """`spec.compliance` of a ClusterComplianceReport."""

    id: str | None = None
    title: str | None = None


class ComplianceSpec(Frozen, frozen=True):
    """`spec` of a ClusterComplianceReport."""

    compliance: Benchmark | None = None


class ComplianceStatus(Frozen, frozen=True):
    """`status` of a ClusterComplianceReport."""

    updateTimestamp: str | None = None


class ClusterComplianceReport(Object, frozen=True):
    """`aquasecurity.github.io/v1alpha1 ClusterComplianceReport` of the Trivy Operator."""

    spec: ComplianceSpec = ComplianceSpec()
    status: ComplianceStatus | None = None
