"""What belongs into the system's own namespaces: components that are known by their images, and labelled add-ons."""

import re
from collections.abc import Mapping
from functools import cache

from k8snb.analysis.agents import repository
from k8snb.data import Dated, load
from k8snb.inventory.workloads import Workload

NAMESPACES = ("kube-system", "kube-public", "kube-node-lease")


class SystemComponents(Dated, frozen=True):
    """What is known of system components.

    Attributes:
        images: Regular expressions that repositories of their images match.
        sidecars: The same for sidecars that only a storage driver has; its own image may be anybody's.
        labels: Labels or annotations of add-ons, with their values; none means any.
    """

    images: tuple[str, ...]
    sidecars: str
    labels: Mapping[str, tuple[str, ...]]


@cache
def system_components() -> SystemComponents:
    """Give what is known of system components."""
    return load("system_components", SystemComponents)


def addon_label(workload: Workload) -> str:
    """Give the label by which a workload is known as an add-on; empty where it has none."""
    for told in (workload.metadata_labels, workload.labels, workload.annotations):
        for key, values in system_components().labels.items():
            if key in told and (not values or told[key] in values):
                return key
    return ""


def strangers(workload: Workload) -> list[tuple[str, str]]:
    """Give the containers that are no system component's, each with its path below `spec` and its image."""
    found = [(path, box.image or "") for path, box in workload.template.containers()]
    driver = any(re.search(system_components().sidecars, repository(image)) for _, image in found)
    return [
        (path, image) for path, image in found if not (_is_known(image) or (driver and path.startswith("containers")))
    ]


def _is_known(image: str) -> bool:
    name = repository(image)
    return any(re.search(one, name) for one in (*system_components().images, system_components().sidecars))
