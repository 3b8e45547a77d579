"""`core/v1 PodSpec`: the fields that are assessed, hashable, so that equal pods are kept once."""

from collections.abc import Iterator

import msgspec

from k8snb.resources.base import Frozen, Quantity


class VolumeName(str):
    """A volume's name; the random suffix of an injected token volume is cut off, or no two pods would be equal."""

    __slots__ = ()


INJECTED_TOKEN = VolumeName("kube-api-access-")
"""The name that the ServiceAccount admission plugin gives to the volumes it injects, without its random suffix."""


class Placement:
    """`spec.nodeName`. Where a pod runs is no part of what it is: any placement equals any other."""

    __slots__ = ("node",)

    def __init__(self, node: str) -> None:
        self.node = node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Placement)

    def __hash__(self) -> int:
        return 0


class Capabilities(Frozen, frozen=True):
    """`securityContext.capabilities`."""

    add: tuple[str, ...] | None = None
    drop: tuple[str, ...] | None = None


class SeccompProfile(Frozen, frozen=True):
    """`securityContext.seccompProfile`."""

    type: str | None = None
    localhostProfile: str | None = None


class AppArmorProfile(Frozen, frozen=True):
    """`securityContext.appArmorProfile`."""

    type: str | None = None
    localhostProfile: str | None = None


class SELinuxOptions(Frozen, frozen=True):
    """`securityContext.seLinuxOptions`."""

    type: str | None = None
    user: str | None = None
    role: str | None = None
    level: str | None = None


class WindowsOptions(Frozen, frozen=True):
    """`securityContext.windowsOptions`."""

    hostProcess: bool | None = None
    runAsUserName: str | None = None


class SecurityContext(Frozen, frozen=True):
    """`securityContext` of a container."""

    allowPrivilegeEscalation: bool | None = None
    appArmorProfile: AppArmorProfile | None = None
    capabilities: Capabilities | None = None
    privileged: bool | None = None
    procMount: str | None = None
    readOnlyRootFilesystem: bool | None = None
    runAsGroup: int | None = None
    runAsNonRoot: bool | None = None
    runAsUser: int | None = None
    seLinuxOptions: SELinuxOptions | None = None
    seccompProfile: SeccompProfile | None = None
    windowsOptions: WindowsOptions | None = None


class Sysctl(Frozen, frozen=True):
    """`spec.securityContext.sysctls[]`."""

    name: str | None = None
    value: str | None = None


class PodSecurityContext(Frozen, frozen=True):
    """`spec.securityContext` of a pod.

    `privileged`, `readOnlyRootFilesystem` and `allowPrivilegeEscalation` do not exist there; they are read only to tell
    that they have no effect.
    """

    appArmorProfile: AppArmorProfile | None = None
    fsGroup: int | None = None
    runAsGroup: int | None = None
    runAsNonRoot: bool | None = None
    runAsUser: int | None = None
    seLinuxOptions: SELinuxOptions | None = None
    seccompProfile: SeccompProfile | None = None
    supplementalGroups: tuple[int, ...] | None = None
    sysctls: tuple[Sysctl, ...] | None = None
    windowsOptions: WindowsOptions | None = None
    privileged: bool | None = None
    readOnlyRootFilesystem: bool | None = None
    allowPrivilegeEscalation: bool | None = None


class ContainerPort(Frozen, frozen=True):
    """`ports[]` of a container."""

    containerPort: int | None = None
    hostPort: int | None = None
    protocol: str | None = None
    name: str | None = None


class EnvVarSource(Frozen, frozen=True):
    """`env[].valueFrom`."""

    secretKeyRef: "KeyRef | None" = None
    configMapKeyRef: "KeyRef | None" = None


class KeyRef(Frozen, frozen=True):
    """A reference to a key of a Secret or ConfigMap."""

    name: str | None = None
    key: str | None = None


class EnvVar(Frozen, frozen=True):
    """`env[]`; one that neither refers to anything nor holds a credential is kept as an empty one, in its place."""

    name: str | None = None
    value: str | None = None
    valueFrom: EnvVarSource | None = None


class NamedRef(Frozen, frozen=True):
    """A reference by name."""

    name: str | None = None


class EnvFrom(Frozen, frozen=True):
    """`envFrom[]`."""

    secretRef: NamedRef | None = None
    configMapRef: NamedRef | None = None


class HostAddress(Frozen, frozen=True):
    """`httpGet` or `tcpSocket` of a probe or lifecycle hook: only its host."""

    host: str | None = None


class Handler(Frozen, frozen=True):
    """A probe or a lifecycle hook."""

    httpGet: HostAddress | None = None
    tcpSocket: HostAddress | None = None


class Lifecycle(Frozen, frozen=True):
    """`lifecycle` of a container."""

    postStart: Handler | None = None
    preStop: Handler | None = None


class ResourceAmounts(Frozen, frozen=True):
    """`resources.requests` or `resources.limits`."""

    cpu: Quantity | None = None
    memory: Quantity | None = None


class ResourceRequirements(Frozen, frozen=True):
    """`resources` of a container (or pod)."""

    requests: ResourceAmounts | None = None
    limits: ResourceAmounts | None = None


class VolumeMount(Frozen, frozen=True):
    """`volumeMounts[]`."""

    name: VolumeName | None = None
    mountPath: str | None = None
    readOnly: bool | None = None


class Container(Frozen, frozen=True):
    """A container of any role."""

    name: str | None = None
    image: str | None = None
    command: tuple[str, ...] | None = None
    args: tuple[str, ...] | None = None
    env: tuple[EnvVar, ...] | None = None
    envFrom: tuple[EnvFrom, ...] | None = None
    ports: tuple[ContainerPort, ...] | None = None
    resources: ResourceRequirements | None = None
    securityContext: SecurityContext | None = None
    volumeMounts: tuple[VolumeMount, ...] | None = None
    livenessProbe: Handler | None = None
    readinessProbe: Handler | None = None
    startupProbe: Handler | None = None
    lifecycle: Lifecycle | None = None
    restartPolicy: str | None = None


class HostPath(Frozen, frozen=True):
    """`volumes[].hostPath`."""

    path: str | None = None
    type: str | None = None


class Present(Frozen, frozen=True):
    """A field of which only the presence counts."""


class TokenProjection(Frozen, frozen=True):
    """`projected.sources[].serviceAccountToken`."""

    audience: str | None = None
    path: str | None = None


class Projection(Frozen, frozen=True):
    """`projected.sources[]`."""

    serviceAccountToken: TokenProjection | None = None
    configMap: NamedRef | None = None


class Projected(Frozen, frozen=True):
    """`volumes[].projected`."""

    sources: tuple[Projection, ...] | None = None


class Volume(Frozen, frozen=True):
    """`volumes[]`: every volume type by its name, as the restricted level tells them apart."""

    name: VolumeName | None = None
    hostPath: HostPath | None = None
    projected: Projected | None = None
    secret: Present | None = None
    configMap: NamedRef | None = None
    emptyDir: Present | None = None
    csi: Present | None = None
    downwardAPI: Present | None = None
    ephemeral: Present | None = None
    persistentVolumeClaim: Present | None = None
    image: Present | None = None
    awsElasticBlockStore: Present | None = None
    azureDisk: Present | None = None
    azureFile: Present | None = None
    cephfs: Present | None = None
    cinder: Present | None = None
    fc: Present | None = None
    flexVolume: Present | None = None
    flocker: Present | None = None
    gcePersistentDisk: Present | None = None
    gitRepo: Present | None = None
    glusterfs: Present | None = None
    iscsi: Present | None = None
    nfs: Present | None = None
    photonPersistentDisk: Present | None = None
    portworxVolume: Present | None = None
    quobyte: Present | None = None
    rbd: Present | None = None
    scaleIO: Present | None = None
    storageos: Present | None = None
    vsphereVolume: Present | None = None


class OS(Frozen, frozen=True):
    """`spec.os`."""

    name: str | None = None


class PodSpec(Frozen, frozen=True):
    """`core/v1 PodSpec`."""

    containers: tuple[Container, ...] | None = None
    initContainers: tuple[Container, ...] | None = None
    ephemeralContainers: tuple[Container, ...] | None = None
    volumes: tuple[Volume, ...] | None = None
    securityContext: PodSecurityContext | None = None
    resources: ResourceRequirements | None = None
    serviceAccountName: str | None = None
    automountServiceAccountToken: bool | None = None
    hostNetwork: bool | None = None
    hostPID: bool | None = None
    hostIPC: bool | None = None
    hostUsers: bool | None = None
    runtimeClassName: str | None = None
    os: OS | None = None
    nodeName: Placement | None = None


FIELDS = ("initContainers", "containers", "ephemeralContainers")


class PodTemplate(msgspec.Struct, frozen=True, gc=False):
    """What a pod would be: its spec, and those annotations that a control reads (AppArmor's and seccomp's, by key)."""

    spec: PodSpec
    annotations: tuple[tuple[str, str], ...] = ()

    def containers(self) -> Iterator[tuple[str, Container]]:
        """Give every init, sidecar, regular and ephemeral container with its path below the pod's `spec`."""
        for field in FIELDS:
            for index, container in enumerate(getattr(self.spec, field) or ()):
                yield f"{field}[{index}]", container

    @property
    def windows(self) -> bool:
        """Whether `spec.os.name` says Windows."""
        return self.spec.os is not None and self.spec.os.name == "windows"
