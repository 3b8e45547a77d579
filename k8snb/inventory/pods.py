"""Pods that are equal in every assessed field are kept once, with their names."""

import msgspec

from k8snb.resources.base import OwnerReference
from k8snb.resources.pod import INJECTED_TOKEN, Container, PodSpec, PodTemplate, Volume, VolumeMount
from k8snb.resources.workload import Pod, PodMetadata
from k8snb.sources.stream import Origin

_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_MOUNTED_AT = "/var/run/secrets/kubernetes.io/serviceaccount"
_decode_map = msgspec.json.Decoder(dict[str, str | None] | None).decode


class PodSet(msgspec.Struct, gc=False):
    """Pods of one owner that are equal in every assessed field.

    Attributes:
        namespace: Where they live.
        owner: Their controller; None for a bare pod.
        labels: Their labels.
        template: What they are, without what the ServiceAccount admission plugin injects.
        names: Their names, in the order they were read.
        nodes: The node of each (empty while unscheduled), in the same order.
        token: Whether the admission plugin mounted a ServiceAccount token into them.
        origin: Where the first stands in the source's text.
    """

    namespace: str
    owner: OwnerReference | None
    labels: dict[str, str]
    template: PodTemplate
    names: list[str]
    nodes: list[str]
    token: bool
    origin: Origin | None = None


class PodSets:
    """Collects pods into sets while pages arrive.

    Pods are first compared as they came, which is fast, with those that were seen lately; one that is new is put into
    the form that is kept, and compared with all. Lists come in order of names, so pods of one owner are neighbours;
    where they are not, more is remembered.
    """

    def __init__(self) -> None:
        self._sets: dict[object, PodSet] = {}
        self._templates: dict[PodTemplate, PodTemplate] = {}
        self._nodes: dict[str, str] = {}
        self._lately: dict[object, PodSet] = {}
        self._remember, self._found_lately = 256, 0

    def add(self, pod: Pod, origin: Origin | None) -> None:
        """Add a pod as it was decoded.

        Raises:
            msgspec.ValidationError: if its labels or annotations are no maps of strings.
        """
        metadata, spec = pod.metadata, pod.spec
        owner = _controller(metadata)
        identity = (owner.kind, owner.name, owner.uid) if owner else metadata.name
        key = (metadata.namespace, identity, bytes(metadata.labels), apparmor(metadata), spec)
        found = self._lately.get(key)
        if found is None:
            self._forget()
            found = self._lately[key] = self._set(pod, owner, origin)
        else:
            self._found_lately += 1
        found.names.append(metadata.name)
        node = spec.nodeName.node if spec.nodeName else ""
        found.nodes.append(self._nodes.setdefault(node, node))

    def _forget(self) -> None:
        if len(self._lately) < self._remember:
            return
        if self._found_lately < self._remember:
            self._remember *= 2
        self._lately.clear()
        self._found_lately = 0

    def _set(self, pod: Pod, owner: OwnerReference | None, origin: Origin | None) -> PodSet:
        metadata = pod.metadata
        spec, token = normalise(pod.spec)
        template = PodTemplate(spec, apparmor(metadata))
        template = self._templates.setdefault(template, template)
        made = PodSet(metadata.namespace or "default", owner, labels(metadata), template, [], [], token, origin)
        return self._sets.setdefault(identity_of(made, metadata.name), made)

    def sets(self) -> list[PodSet]:
        """Give what was collected."""
        return list(self._sets.values())


def identity_of(podset: PodSet, name: str) -> object:
    """Give what tells a set from every other; `name` is that of one of its pods, which counts where nobody owns it."""
    owner = podset.owner
    identity = (owner.kind, owner.name, owner.uid) if owner else name
    return (podset.namespace, identity, tuple(podset.labels.items()), podset.template, podset.token)


def _controller(metadata: PodMetadata) -> OwnerReference | None:
    return next((owner for owner in metadata.ownerReferences or () if owner.controller), None)


def labels(metadata: PodMetadata | None) -> dict[str, str]:
    """Decode the labels of a pod or template."""
    values = _decode_map(metadata.labels) if metadata else None
    return {key: value or "" for key, value in (values or {}).items()}


def apparmor(metadata: PodMetadata | None) -> tuple[tuple[str, str], ...]:
    """Give the AppArmor annotations (before 1.30), sorted by key; other annotations are not assessed."""
    raw = bytes(metadata.annotations) if metadata else b""
    if b"apparmor" not in raw:
        return ()
    values = _decode_map(raw) or {}
    return tuple(sorted((key, value or "") for key, value in values.items() if key.startswith(_APPARMOR)))


def normalise(spec: PodSpec, *, injected: bool = True) -> tuple[PodSpec, bool]:
    """Give a pod's spec as its template would have it, and whether a ServiceAccount token was injected.

    The node and the injected token volume with its mounts are left out, an unset ServiceAccount becomes `default`, and
    literal credentials become markers.

    Args:
        spec: The spec as it was read.
        injected: Whether admission may have injected something: into pods, never into templates.

    Source: Kubernetes, ServiceAccount admission plugin.
    """
    from k8snb.resources.redact import redacted

    token = injected and any(map(_is_injected, spec.volumes or ()))
    changes: dict[str, object] = {"nodeName": None, "serviceAccountName": spec.serviceAccountName or "default"}
    if token:
        changes["volumes"] = tuple(volume for volume in spec.volumes or () if not _is_injected(volume)) or None
        for field in ("containers", "initContainers", "ephemeralContainers"):
            containers: tuple[Container, ...] | None = getattr(spec, field)
            changes[field] = containers and tuple(map(_without_token, containers))
    return redacted(msgspec.structs.replace(spec, **changes)), token


def _is_injected(volume: Volume) -> bool:
    """Say whether a volume is what the plugin injects. Its name alone proves nothing, for anybody may choose it."""
    sources = (volume.projected and volume.projected.sources) or ()
    return (
        volume.name is INJECTED_TOKEN
        and any(source.serviceAccountToken for source in sources)
        and volume == Volume(name=volume.name, projected=volume.projected)
    )


def _is_injected_mount(mount: VolumeMount) -> bool:
    return mount.name is INJECTED_TOKEN and mount.mountPath == _MOUNTED_AT


def _without_token(container: Container) -> Container:
    mounts = tuple(mount for mount in container.volumeMounts or () if not _is_injected_mount(mount))
    return msgspec.structs.replace(container, volumeMounts=mounts or None)
