"""Pods that are equal in every assessed field are kept once, with their names."""

from collections.abc import Mapping

import msgspec

from k8snb.resources.base import OwnerReference
from k8snb.resources.pod import INJECTED_TOKEN, Container, PodSpec, PodTemplate, Volume, VolumeMount
from k8snb.resources.workload import Pod, PodMetadata
from k8snb.sources.stream import Origin

_MAP_OR_NULL = (b"", b"{", b"n")
_PROFILES = (
    "container.apparmor.security.beta.kubernetes.io/",
    "container.seccomp.security.alpha.kubernetes.io/",
    "seccomp.security.alpha.kubernetes.io/pod",
)
_MIRROR = "kubernetes.io/config.mirror"
_ASSESSED = (b"apparmor", b"seccomp.security", b"config.mirror", b"\\u")
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
        static: Whether they mirror static pods, which never get a token.
        origin: Where the first stands in the source's text.
    """

    namespace: str
    owner: OwnerReference | None
    labels: dict[str, str]
    template: PodTemplate
    names: list[str]
    nodes: list[str]
    token: bool
    static: bool = False
    origin: Origin | None = None


class PodSets:
    """Collects pods into sets while pages arrive.

    Specs are first compared as they came, which is fast, with those that were seen lately; one that is new is put into
    the form that is kept, and compared with all. Lists come in order of names, so pods of one owner are neighbours;
    where they are not, more is remembered.
    """

    def __init__(self) -> None:
        self._sets: dict[object, PodSet] = {}
        self._templates: dict[PodTemplate, PodTemplate] = {}
        self._nodes: dict[str, str] = {}
        self._lately: dict[object, tuple[PodTemplate, bool]] = {}
        self._remember, self._found_lately = 256, 0

    def add(self, pod: Pod, origin: Origin | None) -> PodSet:
        """Add a pod as it was decoded, and give the set that it belongs to.

        Raises:
            msgspec.ValidationError: if its labels or annotations are no maps of strings.
        """
        metadata, owner = pod.metadata, _controller(pod.metadata)
        told, mirror = labels(metadata), static(metadata)
        template, token = self._template(pod.spec, profiles(metadata))
        namespace = metadata.namespace or "default"
        key = (namespace, _who(owner, metadata.name), tuple(told.items()), id(template), token, mirror)
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = PodSet(namespace, owner, told, template, [], [], token, mirror, origin)
        self.append(found, metadata.name, pod.spec.nodeName.node if pod.spec.nodeName else "")
        return found

    def append(self, found: PodSet, name: str, node: str) -> None:
        """Add a pod to its set."""
        found.names.append(name)
        found.nodes.append(self._nodes.setdefault(node, node))

    def _template(self, spec: PodSpec, annotations: tuple[tuple[str, str], ...]) -> tuple[PodTemplate, bool]:
        """Give what is kept of a spec, the same object for equal ones, and whether a token was injected."""
        found = self._lately.get((annotations, spec))
        if found is not None:
            self._found_lately += 1
            return found
        self._forget()
        from k8snb.resources.redact import redacted

        kept, token = normalise(spec)
        template = PodTemplate(redacted(kept), annotations)
        found = self._lately[(annotations, spec)] = self._templates.setdefault(template, template), token
        return found

    def _forget(self) -> None:
        if len(self._lately) < self._remember:
            return
        if self._found_lately < self._remember:
            self._remember *= 2
        self._lately.clear()
        self._found_lately = 0

    def sets(self) -> list[PodSet]:
        """Give what was collected."""
        return list(self._sets.values())


def identity_of(podset: PodSet, name: str) -> object:
    """Give what tells a set from every other; `name` is that of one of its pods, which counts where nobody owns it."""
    who = _who(podset.owner, name)
    return (podset.namespace, who, tuple(podset.labels.items()), podset.template, podset.token, podset.static)


def _who(owner: OwnerReference | None, name: str) -> object:
    return (owner.kind, owner.name, owner.uid) if owner else name


def _controller(metadata: PodMetadata) -> OwnerReference | None:
    return next((owner for owner in metadata.ownerReferences or () if owner.controller), None)


def labels(metadata: PodMetadata | None) -> dict[str, str]:
    """Decode the labels of a pod or template."""
    values = _decode_map(metadata.labels) if metadata else None
    return {key: value or "" for key, value in (values or {}).items()}


def to_be_read(annotations: bytes) -> bool:
    """Say whether annotations may hold one that is assessed, perhaps behind escapes, or are of the wrong type."""
    return any(map(annotations.__contains__, _ASSESSED)) or annotations[:1] not in _MAP_OR_NULL


def profiles(metadata: PodMetadata | None) -> tuple[tuple[str, str], ...]:
    """Give the annotations that were AppArmor's (before 1.30) and seccomp's (before 1.19) fields, sorted by key."""
    pairs = _annotations(metadata).items()
    return tuple(sorted((key, value or "") for key, value in pairs if key.startswith(_PROFILES)))


def static(metadata: PodMetadata) -> bool:
    """Say whether a pod mirrors a static pod; its owner alone proves nothing, for anybody may write one.

    Source: Kubernetes, ServiceAccount admission plugin: it leaves pods with this annotation alone.
    """
    return _MIRROR in _annotations(metadata)


def _annotations(metadata: PodMetadata | None) -> Mapping[str, str | None]:
    raw = bytes(metadata.annotations) if metadata else b""
    return (_decode_map(raw) or {}) if to_be_read(raw) else {}


def normalise(spec: PodSpec, *, injected: bool = True) -> tuple[PodSpec, bool]:
    """Give a pod's spec as its template would have it, and whether a ServiceAccount token was injected.

    The node and the injected token volume with its mounts are left out, and an unset ServiceAccount becomes `default`.

    Args:
        spec: The spec as it was read.
        injected: Whether admission may have injected something: into pods, never into templates.

    Source: Kubernetes, ServiceAccount admission plugin.
    """
    token = injected and any(map(_is_injected, spec.volumes or ()))
    changes: dict[str, object] = {"nodeName": None, "serviceAccountName": spec.serviceAccountName or "default"}
    if token:
        changes["volumes"] = tuple(volume for volume in spec.volumes or () if not _is_injected(volume)) or None
        for field in ("containers", "initContainers", "ephemeralContainers"):
            containers: tuple[Container, ...] | None = getattr(spec, field)
            changes[field] = containers and tuple(map(_without_token, containers))
    return msgspec.structs.replace(spec, **changes), token


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
