"""No HostProcess containers: on Windows nodes they are what privileged ones are on Linux.

Restricted fields: `spec.securityContext.windowsOptions.hostProcess` and the same of every container.
Allowed: unset, `false`.
"""

from collections.abc import Iterator

from k8snb.analysis.pod_security.model import Check, Place, Revision
from k8snb.analysis.pod_security.visit import of_containers, of_pod
from k8snb.resources.pod import PodTemplate, WindowsOptions


def windows_host_process(template: PodTemplate) -> Iterator[Place]:
    """Look at `hostProcess` of the pod, where set, and of every container."""
    options: WindowsOptions | None = of_pod(template, "windowsOptions")
    if options is not None:
        at = "spec.securityContext.windowsOptions.hostProcess"
        yield Place(options.hostProcess is not True, at, options.hostProcess)
    for at, options, container in of_containers(template, "windowsOptions"):
        value = options.hostProcess if options else None
        yield Place(value is not True, f"{at}.hostProcess", value, container)


CHECK = Check("windowsHostProcess", "baseline", (Revision(0, windows_host_process),))
