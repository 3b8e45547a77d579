"""Images are judged before they run."""

import re
from collections.abc import Iterable, Iterator, Sequence

from k8snb.analysis.components import api_servers
from k8snb.controls.model import Observation, References, seen, unknown
from k8snb.controls.pod_security._policies import Rule, enforced, rules
from k8snb.controls.pod_security._shared import CHAPTER, IMAGES
from k8snb.controls.registry import control
from k8snb.inventory.cluster import Cluster
from k8snb.resources.admission import (
    KyvernoPolicy,
    RuleWithOperations,
    ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding,
    ValidatingWebhookConfiguration,
    Validation,
    Variable,
    Webhook,
)

_ENGINES = re.compile(
    r"connaisseur|policy\.sigstore\.dev|sigstore|cosign|ratify|portieris|notary|image-?policy|image-?assurance|image-?scan"
    r"|image-?verif|imagebouncer|image-bouncer|anchore|stackrox|policyeval\.stackrox|trivy|neuvector|twistlock|sysdig"
    r"|kritis|binauthz|binary-?authorization|clair|snyk"
)
"""Words in the names of webhooks that are known to judge images."""
_IMAGE = re.compile(r"\.image\b")
_READS = (
    "validatingwebhookconfigurations",
    "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
    "clusterpolicies",
)
_EXPECTED = "a webhook, engine policy or ValidatingAdmissionPolicy that judges images and fails closed"
_POLICY = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: our-images}
spec:
  failurePolicy: %s
  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
  validations: [{expression: "object.spec.containers.all(c, c.image.startsWith('registry.example.com/'))"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: our-images}
spec: {policyName: our-images, validationActions: [Deny]}
"""
_WEBHOOK = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: connaisseur}
webhooks:
- name: connaisseur.example.com
  failurePolicy: %s
  rules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
"""


def _on_pods(rules: Iterable[RuleWithOperations] | None) -> bool:
    return any(
        {"pods", "*", "*/*"} & set(rule.resources or ())
        and {"CREATE", "*"} & set(rule.operations or ())
        and {"", "*"} & set(rule.apiGroups or ())
        for rule in rules or ()
    )


def _webhooks(cluster: Cluster) -> Iterator[Observation]:
    for configuration in cluster.all(ValidatingWebhookConfiguration):
        for index, webhook in enumerate(configuration.webhooks or ()):
            if _on_pods(webhook.rules) and _judges_images(configuration, webhook):
                at = f"ValidatingWebhookConfiguration/{configuration.name}.webhooks[{index}].failurePolicy"
                yield _candidate(at, webhook.failurePolicy or "Fail", f"webhook {(webhook.name or '')[:253]}")


def _judges_images(configuration: ValidatingWebhookConfiguration, webhook: Webhook) -> bool:
    return bool(_ENGINES.search(f"{configuration.name[:253]} {(webhook.name or '')[:253]}".lower()))


def _candidate(at: str, policy: str, what: str) -> Observation:
    closed = policy == "Fail"
    how = "judges images and fails closed" if closed else "judges images but fails open"
    return seen(closed, at, policy, _EXPECTED, f"{what} {how}")


def _policies(cluster: Cluster) -> Iterator[Observation]:
    bindings = cluster.all(ValidatingAdmissionPolicyBinding)
    for policy in cluster.all(ValidatingAdmissionPolicy):
        rules = policy.spec.matchConstraints.resourceRules if policy.spec.matchConstraints else None
        if not _on_pods(rules) or not _IMAGE.search(_text(policy)):
            continue
        at, what = f"ValidatingAdmissionPolicy/{policy.name}", f"ValidatingAdmissionPolicy {policy.name[:253]}"
        if _denied(policy, bindings):
            yield _candidate(f"{at}.spec.failurePolicy", policy.spec.failurePolicy or "Fail", what)
        else:
            yield seen(False, at, None, _EXPECTED, f"{what} judges images, but no binding denies by it")


def _text(policy: ValidatingAdmissionPolicy) -> str:
    written: list[Validation | Variable] = [*(policy.spec.validations or ()), *(policy.spec.variables or ())]
    return "\n".join(one.expression or "" for one in written)


def _denied(policy: ValidatingAdmissionPolicy, bindings: Sequence[ValidatingAdmissionPolicyBinding]) -> bool:
    mine = (one.spec for one in bindings if one.spec.policyName == policy.name)
    return any("Deny" in (spec.validationActions or ()) for spec in mine)


def _engines(cluster: Cluster) -> Iterator[Observation]:
    for policy in cluster.all(KyvernoPolicy):
        if any(map(_of_images, rules(policy))):
            holds = any(map(_of_images, enforced(policy)))
            how = "and refuses" if holds else "but only reports, fails open or leaves pods out"
            message = f"ClusterPolicy {policy.name[:253]} judges images {how}"
            yield seen(holds, f"ClusterPolicy/{policy.name}", "Enforce" if holds else "Audit", _EXPECTED, message)


def _of_images(rule: Rule) -> bool:
    return bool(rule.get("verifyImages")) or _mentions(rule.get("validate"))


def _mentions(value: object) -> bool:
    """Say whether `image` is a key of a pattern, or `.image` stands in an expression."""
    if isinstance(value, dict):
        return "image" in value or any(map(_mentions, value.values()))
    if isinstance(value, list):
        return any(map(_mentions, value))
    return isinstance(value, str) and bool(_IMAGE.search(value))


def _plugin(cluster: Cluster) -> Iterator[Observation]:
    for server in api_servers(cluster):
        if "ImagePolicyWebhook" in (server.flags or {}).get("enable-admission-plugins", "").split(","):
            told = "the plugin ImagePolicyWebhook is on; whether it fails open stands in a file that was not collected"
            yield unknown("not-collected", f"{server.at} --admission-control-config-file", "defaultAllow: false", told)


@control(
    id="image-admission-control",
    chapter=CHAPTER,
    section=IMAGES,
    severity="medium",
    subject="cluster",
    reads=[*_READS, "pods"],
    evidence=("object", "flag"),
    title="Images are judged before they run",
    why=(
        "Rules about registries, signatures and scans hold only if something refuses the image that breaks them. The "
        "last place to do so is the API server, when a pod is created."
    ),
    fix=(
        "Write a ValidatingAdmissionPolicy for registries, or install an engine that checks signatures and scans "
        "(Kyverno, sigstore policy-controller, Connaisseur, Ratify), and let it fail closed."
    ),
    caution="What fails closed stops all new pods when it is down: run several replicas, and exempt its own namespace.",
    remedy="template",
    references=References(
        cis=("5.5.1",),
        nist_800_53=("CM-7(5)", "CM-14", "SI-7"),
        nist_800_190=("4.1.5", "4.4.5"),
        mitre=("T1525", "T1610", "T1204.003"),
        kube_bench=("5.5.1",),
    ),
    passing=[_POLICY % "Fail", _WEBHOOK % "Fail"],
    failing=["apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n", _POLICY % "Ignore", _WEBHOOK % "Ignore"],
)
def image_admission_control(cluster: Cluster) -> Iterator[Observation]:
    """Images are judged before they run."""
    found = [*_webhooks(cluster), *_policies(cluster), *_engines(cluster)]
    good = [one for one in found if one.holds]
    gaps = [gap for resource in _READS if (gap := cluster.gap(resource))]
    if good:
        yield from good
    elif gaps:
        yield unknown(gaps[0], gaps[0].resource or "admission", _EXPECTED)
    elif open_ones := list(_plugin(cluster)):
        yield from open_ones
    elif found:
        yield from found
    else:
        yield seen(False, "admission", None, _EXPECTED, "nothing judges images before they run")
