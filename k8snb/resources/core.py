"""Namespaces, nodes, services, accounts, configuration and limits: `core/v1`."""

from k8snb.resources.base import Frozen, Object, Quantity


class Namespace(Object, frozen=True):
    """`core/v1 Namespace`."""


class Taint(Frozen, frozen=True):
    """`spec.taints[]` of a node."""

    key: str | None = None
    value: str | None = None
    effect: str | None = None


class NodeSpec(Frozen, frozen=True):
    """`spec` of a node."""

    taints: tuple[Taint, ...] | None = None
    unschedulable: bool | None = None
    providerID: str | None = None
    podCIDR: str | None = None
    podCIDRs: tuple[str, ...] | None = None


class NodeAddress(Frozen, frozen=True):
    """`status.addresses[]`."""

    type: str | None = None
    address: str | None = None


class NodeInfo(Frozen, frozen=True):
    """`status.nodeInfo`."""

    kubeletVersion: str | None = None
    kubeProxyVersion: str | None = None
    containerRuntimeVersion: str | None = None
    osImage: str | None = None
    kernelVersion: str | None = None
    operatingSystem: str | None = None
    architecture: str | None = None


class NodeStatus(Frozen, frozen=True):
    """`status` of a node."""

    nodeInfo: NodeInfo | None = None
    addresses: tuple[NodeAddress, ...] | None = None


class Node(Object, frozen=True):
    """`core/v1 Node`."""

    spec: NodeSpec = NodeSpec()
    status: NodeStatus | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """Roles from the `node-role.kubernetes.io/` labels; a node without one is a worker."""
        prefix = "node-role.kubernetes.io/"
        return tuple(sorted(key.removeprefix(prefix) for key in self.labels if key.startswith(prefix))) or ("worker",)


class ServicePort(Frozen, frozen=True):
    """`spec.ports[]` of a Service."""

    name: str | None = None
    port: int | None = None
    nodePort: int | None = None
    protocol: str | None = None
    targetPort: int | str | None = None


class ServiceSpec(Frozen, frozen=True):
    """`spec` of a Service."""

    type: str | None = None
    clusterIP: str | None = None
    selector: dict[str, str] | None = None
    ports: tuple[ServicePort, ...] | None = None
    externalIPs: tuple[str, ...] | None = None
    loadBalancerSourceRanges: tuple[str, ...] | None = None
    allocateLoadBalancerNodePorts: bool | None = None


class Service(Object, frozen=True):
    """`core/v1 Service`."""

    spec: ServiceSpec = ServiceSpec()


class ServiceAccount(Object, frozen=True):
    """`core/v1 ServiceAccount`."""

    automountServiceAccountToken: bool | None = None


class ConfigMap(Object, frozen=True):
    """`core/v1 ConfigMap`; values are not kept, only where a credential was found in them.

    Attributes:
        settings: The few values that controls read, see `k8snb.resources.settings`.
    """

    data: dict[str, str | None] | None = None
    settings: dict[str, str] | None = None


class ClaimStatus(Frozen, frozen=True):
    """`status` of a PersistentVolumeClaim."""

    phase: str | None = None


class PersistentVolumeClaim(Object, frozen=True):
    """`core/v1 PersistentVolumeClaim`."""

    status: ClaimStatus | None = None


class LimitAmounts(Frozen, frozen=True):
    """A map of resource names to quantities, the two that are assessed."""

    cpu: Quantity | None = None
    memory: Quantity | None = None


class LimitRangeItem(Frozen, frozen=True):
    """`spec.limits[]` of a LimitRange."""

    type: str | None = None
    default: LimitAmounts | None = None
    defaultRequest: LimitAmounts | None = None
    max: LimitAmounts | None = None
    min: LimitAmounts | None = None


class LimitRangeSpec(Frozen, frozen=True):
    """`spec` of a LimitRange."""

    limits: tuple[LimitRangeItem, ...] | None = None


class LimitRange(Object, frozen=True):
    """`core/v1 LimitRange`."""

    spec: LimitRangeSpec = LimitRangeSpec()


class ResourceQuotaSpec(Frozen, frozen=True):
    """`spec` of a ResourceQuota."""

    hard: dict[str, Quantity] | None = None


class ResourceQuota(Object, frozen=True):
    """`core/v1 ResourceQuota`."""

    spec: ResourceQuotaSpec = ResourceQuotaSpec()
