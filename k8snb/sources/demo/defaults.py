"""The fields that kube-apiserver 1.35 fills in before it stores an object.

Source: Kubernetes, `pkg/apis/*/v1/defaults.go`.
"""

from collections.abc import Callable
from typing import Any

from k8snb.sources.demo.pod_defaults import fill, pod_spec

Json = dict[str, Any]


def _template(one: Json) -> None:
    template = one["spec"]["template"]
    template.setdefault("metadata", {})
    pod_spec(template["spec"])


def _deployment(one: Json) -> None:
    fill(one["spec"], replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600)
    strategy = one["spec"].setdefault("strategy", {"type": "RollingUpdate"})
    if strategy["type"] == "RollingUpdate":
        fill(strategy.setdefault("rollingUpdate", {}), maxUnavailable="25%", maxSurge="25%")
    _template(one)


def _stateful_set(one: Json) -> None:
    spec = one["spec"]
    fill(spec, replicas=1, revisionHistoryLimit=10, podManagementPolicy="OrderedReady")
    fill(spec, updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 0}})
    fill(spec, persistentVolumeClaimRetentionPolicy={"whenDeleted": "Retain", "whenScaled": "Retain"})
    for claim in spec.get("volumeClaimTemplates", ()):
        fill(claim, apiVersion="v1", kind="PersistentVolumeClaim", status={"phase": "Pending"})
        fill(claim["spec"], volumeMode="Filesystem")
    _template(one)


def _daemon_set(one: Json) -> None:
    fill(one["spec"], revisionHistoryLimit=10)
    fill(one["spec"], updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}})
    _template(one)


def _replication_controller(one: Json) -> None:
    fill(one["spec"], replicas=1, selector=dict(one["spec"]["template"]["metadata"]["labels"]))
    _template(one)


def _job(one: Json) -> None:
    fill(one["spec"], parallelism=1, completions=1, backoffLimit=6, completionMode="NonIndexed", suspend=False)
    fill(one["spec"], podReplacementPolicy="TerminatingOrFailed", manualSelector=False)
    fill(one["metadata"], labels=dict(one["spec"]["template"].get("metadata", {}).get("labels", {})))
    _template(one)


def _cron_job(one: Json) -> None:
    spec = one["spec"]
    fill(spec, concurrencyPolicy="Allow", suspend=False, successfulJobsHistoryLimit=3, failedJobsHistoryLimit=1)
    spec["jobTemplate"].setdefault("metadata", {})
    template = spec["jobTemplate"]["spec"]["template"]
    template.setdefault("metadata", {})
    pod_spec(template["spec"])


def _service(one: Json) -> None:
    spec = one["spec"]
    fill(spec, type="ClusterIP", sessionAffinity="None", internalTrafficPolicy="Cluster")
    for port in spec.get("ports", ()):
        fill(port, protocol="TCP", targetPort=port["port"])
    if spec["type"] in {"NodePort", "LoadBalancer"} or "externalIPs" in spec:
        fill(spec, externalTrafficPolicy="Cluster")
    if spec["type"] == "LoadBalancer":
        fill(spec, allocateLoadBalancerNodePorts=True)


def _network_policy(one: Json) -> None:
    spec = one["spec"]
    fill(spec, policyTypes=["Ingress", *(["Egress"] if spec.get("egress") else [])])
    for rule in [*(spec.get("ingress") or ()), *(spec.get("egress") or ())]:
        for port in rule.get("ports", ()):
            fill(port, protocol="TCP")


def _binding(one: Json) -> None:
    fill(one["roleRef"], apiGroup="rbac.authorization.k8s.io")
    for subject in one.get("subjects", ()):
        if subject["kind"] != "ServiceAccount":
            fill(subject, apiGroup="rbac.authorization.k8s.io")


def _webhooks(one: Json) -> None:
    for hook in one["webhooks"]:
        fill(hook, failurePolicy="Fail", matchPolicy="Equivalent", timeoutSeconds=10)
        fill(hook, namespaceSelector={}, objectSelector={})
        if one["kind"].startswith("Mutating"):
            fill(hook, reinvocationPolicy="Never")
        fill(hook["clientConfig"].get("service", {}), port=443)
        for rule in hook["rules"]:
            fill(rule, scope="*")


def _constraints(one: Json) -> None:
    fill(one, matchPolicy="Equivalent", namespaceSelector={}, objectSelector={})
    for rule in one.get("resourceRules", ()):
        fill(rule, scope="*")


def _admission_policy(one: Json) -> None:
    fill(one["spec"], failurePolicy="Fail")
    fill(one, status={})
    _constraints(one["spec"]["matchConstraints"])


def _admission_policy_binding(one: Json) -> None:
    _constraints(one["spec"].setdefault("matchResources", {}))


def _limit_range(one: Json) -> None:
    for item in one["spec"]["limits"]:
        if item["type"] == "Container":
            item["default"] = item.get("max", {}) | item.get("default", {})
            item["defaultRequest"] = item["default"] | item.get("min", {}) | item.get("defaultRequest", {})


def _namespace(one: Json) -> None:
    one["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = one["metadata"]["name"]
    fill(one, spec={"finalizers": ["kubernetes"]}, status={"phase": "Active"})


def _claim(one: Json) -> None:
    fill(one["spec"], volumeMode="Filesystem")


_BY_KIND: dict[str, Callable[[Json], None]] = {
    "Namespace": _namespace,
    "Deployment": _deployment,
    "ReplicaSet": _template,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "ReplicationController": _replication_controller,
    "Job": _job,
    "CronJob": _cron_job,
    "Service": _service,
    "NetworkPolicy": _network_policy,
    "RoleBinding": _binding,
    "ClusterRoleBinding": _binding,
    "ValidatingWebhookConfiguration": _webhooks,
    "MutatingWebhookConfiguration": _webhooks,
    "ValidatingAdmissionPolicy": _admission_policy,
    "ValidatingAdmissionPolicyBinding": _admission_policy_binding,
    "LimitRange": _limit_range,
    "PersistentVolumeClaim": _claim,
}


def apply(one: Json) -> None:
    """Fill in the defaults of an object's kind, in place."""
    default = _BY_KIND.get(one["kind"])
    if default:
        default(one)
