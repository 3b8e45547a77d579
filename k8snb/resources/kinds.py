"""The kinds that are read: what each is called, where the API serves it, and its typed view."""

from typing import Any

import msgspec

from k8snb.resources import admission, core, mesh, monitoring, network, policies, rbac, workload


class Kind(msgspec.Struct, frozen=True):
    """One kind of object.

    Attributes:
        kind: As in the object (`NetworkPolicy`).
        resource: Plural name, as in a coverage table (`networkpolicies`); followed by its group where another kind has
            the same one.
        group: API group; empty for core.
        version: The version that is asked for.
        type: The typed view.
        namespaced: Whether its objects live in namespaces.
        optional: Whether a cluster may not serve it at all (a custom resource).
        also: Another group in which the same objects may stand in a manifest, or be all that is served; empty for none.
    """

    kind: str
    resource: str
    group: str
    version: str
    type: type[Any]
    namespaced: bool = True
    optional: bool = False
    also: str = ""

    @property
    def plural(self) -> str:
        """Plural name, as in RBAC and in paths."""
        return self.resource.partition(".")[0]

    @property
    def path(self) -> str:
        """The path that lists it in all namespaces."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        return f"{root}/{self.plural}"


_NETWORK, _RBAC, _ADMISSION = "networking.k8s.io", "rbac.authorization.k8s.io", "admissionregistration.k8s.io"
_CILIUM, _CALICO, _POLICY = "cilium.io", "crd.projectcalico.org", "policy.networking.k8s.io"
_CALICO_TOO, _MONITORING = "projectcalico.org", "monitoring.coreos.com"


def _custom(
    kind: str,
    group: str,
    version: str,
    type_: type[Any],
    *,
    namespaced: bool = True,
    resource: str = "",
    also: str = "",
) -> Kind:
    plural = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
    return Kind(kind, resource or plural.lower(), group, version, type_, namespaced, optional=True, also=also)


KINDS: tuple[Kind, ...] = (
    Kind("Namespace", "namespaces", "", "v1", core.Namespace, namespaced=False),
    Kind("Node", "nodes", "", "v1", core.Node, namespaced=False),
    Kind("Pod", "pods", "", "v1", workload.Pod),
    Kind("Deployment", "deployments", "apps", "v1", workload.Deployment),
    Kind("StatefulSet", "statefulsets", "apps", "v1", workload.StatefulSet),
    Kind("DaemonSet", "daemonsets", "apps", "v1", workload.DaemonSet),
    Kind("ReplicaSet", "replicasets", "apps", "v1", workload.ReplicaSet),
    Kind("ReplicationController", "replicationcontrollers", "", "v1", workload.ReplicationController),
    Kind("Job", "jobs", "batch", "v1", workload.Job),
    Kind("CronJob", "cronjobs", "batch", "v1", workload.CronJob),
    Kind("Service", "services", "", "v1", core.Service),
    Kind("ServiceAccount", "serviceaccounts", "", "v1", core.ServiceAccount),
    Kind("ConfigMap", "configmaps", "", "v1", core.ConfigMap),
    Kind("PersistentVolumeClaim", "persistentvolumeclaims", "", "v1", core.PersistentVolumeClaim),
    Kind("LimitRange", "limitranges", "", "v1", core.LimitRange),
    Kind("ResourceQuota", "resourcequotas", "", "v1", core.ResourceQuota),
    Kind("NetworkPolicy", "networkpolicies", _NETWORK, "v1", network.NetworkPolicy),
    Kind("Ingress", "ingresses", _NETWORK, "v1", network.Ingress),
    Kind("Gateway", "gateways", "gateway.networking.k8s.io", "v1", network.Gateway, optional=True),
    Kind("Role", "roles", _RBAC, "v1", rbac.Role),
    Kind("ClusterRole", "clusterroles", _RBAC, "v1", rbac.ClusterRole, namespaced=False),
    Kind("RoleBinding", "rolebindings", _RBAC, "v1", rbac.RoleBinding),
    Kind("ClusterRoleBinding", "clusterrolebindings", _RBAC, "v1", rbac.ClusterRoleBinding, namespaced=False),
    Kind(
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        _ADMISSION,
        "v1",
        admission.ValidatingWebhookConfiguration,
        namespaced=False,
    ),
    Kind(
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        _ADMISSION,
        "v1",
        admission.MutatingWebhookConfiguration,
        namespaced=False,
    ),
    Kind(
        "ValidatingAdmissionPolicy",
        "validatingadmissionpolicies",
        _ADMISSION,
        "v1",
        admission.ValidatingAdmissionPolicy,
        namespaced=False,
        optional=True,
    ),
    Kind(
        "ValidatingAdmissionPolicyBinding",
        "validatingadmissionpolicybindings",
        _ADMISSION,
        "v1",
        admission.ValidatingAdmissionPolicyBinding,
        namespaced=False,
        optional=True,
    ),
    Kind("RuntimeClass", "runtimeclasses", "node.k8s.io", "v1", admission.RuntimeClass, namespaced=False),
    Kind(
        "ClusterPolicy", "clusterpolicies", "kyverno.io", "v1", admission.KyvernoPolicy, namespaced=False, optional=True
    ),
    Kind(
        "PodSecurityPolicy",
        "podsecuritypolicies",
        "policy",
        "v1beta1",
        admission.PodSecurityPolicy,
        namespaced=False,
        optional=True,
    ),
    Kind(
        "VulnerabilityReport",
        "vulnerabilityreports",
        "aquasecurity.github.io",
        "v1alpha1",
        admission.VulnerabilityReport,
        optional=True,
    ),
    _custom("CiliumNetworkPolicy", _CILIUM, "v2", policies.CiliumNetworkPolicy),
    _custom("CiliumClusterwideNetworkPolicy", _CILIUM, "v2", policies.CiliumClusterwideNetworkPolicy, namespaced=False),
    _custom(
        "NetworkPolicy",
        _CALICO,
        "v1",
        policies.CalicoNetworkPolicy,
        resource=f"networkpolicies.{_CALICO}",
        also=_CALICO_TOO,
    ),
    _custom("GlobalNetworkPolicy", _CALICO, "v1", policies.GlobalNetworkPolicy, namespaced=False, also=_CALICO_TOO),
    _custom("AdminNetworkPolicy", _POLICY, "v1alpha1", policies.AdminNetworkPolicy, namespaced=False),
    _custom("BaselineAdminNetworkPolicy", _POLICY, "v1alpha1", policies.BaselineAdminNetworkPolicy, namespaced=False),
    _custom("ClusterNetworkPolicy", _POLICY, "v1alpha2", policies.ClusterNetworkPolicy, namespaced=False),
    _custom("FelixConfiguration", _CALICO, "v1", mesh.FelixConfiguration, namespaced=False, also=_CALICO_TOO),
    _custom("PeerAuthentication", "security.istio.io", "v1beta1", mesh.PeerAuthentication),
    _custom("APIService", "apiregistration.k8s.io", "v1", monitoring.APIService, namespaced=False),
    _custom("PrometheusRule", _MONITORING, "v1", monitoring.PrometheusRule),
    _custom("Alertmanager", _MONITORING, "v1", monitoring.Alertmanager),
    _custom("AlertmanagerConfig", _MONITORING, "v1alpha1", monitoring.AlertmanagerConfig),
    Kind(
        "ClusterComplianceReport",
        "clustercompliancereports",
        "aquasecurity.github.io",
        "v1alpha1",
        admission.ClusterComplianceReport,
        namespaced=False,
        optional=True,
    ),
)

BY_RESOURCE = {kind.resource: kind for kind in KINDS}
BY_TYPE = {kind.type: kind for kind in KINDS}
_BY_KIND: dict[str, list[Kind]] = {}
for _kind in KINDS:
    _BY_KIND.setdefault(_kind.kind, []).append(_kind)


def find(api_version: str, kind: str) -> Kind | None:
    """Give the kind of an object, or None if no control reads it.

    Args:
        api_version: `apiVersion` of the object; empty where a list leaves it to its own kind.
        kind: `kind` of the object.
    """
    group = api_version.rpartition("/")[0]
    found = _BY_KIND.get(kind, ())
    return next((one for one in found if not api_version or group in {one.group, one.also or one.group}), None)
