"""Only volume types that reach neither the node nor a storage system directly.

Restricted fields: `spec.volumes[*]` of every type but those in `ALLOWED`.
Allowed: the types in `ALLOWED`; a volume without a type, which the API server makes an `emptyDir`.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.resources.pod import PodTemplate, Volume

ALLOWED = (
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
)
_FORBIDDEN = tuple(field for field in Volume.__struct_fields__ if field not in {"name", *ALLOWED})


def restricted_volumes(template: PodTemplate) -> Iterator[Place]:
    """Look at the type of every volume."""
    volumes = template.spec.volumes
    if not volumes:
        yield Place(True, "spec.volumes", None)
    for index, volume in enumerate(volumes or ()):
        found = _forbidden(volume)
        yield Place(found is None, f"spec.volumes[{index}]", found or _type(volume))


def _type(volume: Volume) -> str | None:
    return next((field for field in ALLOWED if getattr(volume, field) is not None), None)


def _forbidden(volume: Volume) -> str | None:
    if _type(volume):
        return None
    return next((field for field in _FORBIDDEN if getattr(volume, field) is not None), None)


CHECK = Check("restrictedVolumes", "restricted", (Revision(0, restricted_volumes, ("hostPathVolumes",)),))
