"""No directories of the node.

Restricted field: `spec.volumes[*].hostPath`.
Allowed: unset.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.resources.pod import PodTemplate


def host_path_volumes(template: PodTemplate) -> Iterator[Place]:
    """Look at `hostPath` of every volume."""
    volumes = template.spec.volumes
    if not volumes:
        yield Place(True, "spec.volumes", None)
    for index, volume in enumerate(volumes or ()):
        path = volume.hostPath
        yield Place(path is None, f"spec.volumes[{index}].hostPath", None if path is None else {"path": path.path})


CHECK = Check("hostPathVolumes", "baseline", (Revision(0, host_path_volumes),))
