"""What people did to single pods: they are no longer what their controllers' templates say."""

from typing import Any

from k8snb.sources.demo import pod_defaults
from k8snb.sources.demo.company import full_name, image_digest
from k8snb.sources.demo.seeds import before, digest

Json = dict[str, Any]


def drift(pods: list[Json]) -> None:
    """Change three pods of the shop, in place."""
    _debug(_of(pods, "checkout", 3))
    _patch_image(_of(pods, "orders", 5), "registry.example.com/shop/orders:7.3.1-hotfix")
    _patch_image(_of(pods, "cart", 0), "docker.io/someone/cart:latest")


def _of(pods: list[Json], app: str, index: int) -> Json:
    found = [
        one for one in pods if one["metadata"]["namespace"] == "shop" and one["metadata"]["labels"].get("app") == app
    ]
    return found[index]


def _debug(pod: Json) -> None:
    """Attach an ephemeral container, as `kubectl debug --profile=sysadmin` does."""
    image = "docker.io/nicolaka/netshoot:latest"
    container: Json = {"name": "debugger-x7k2p", "image": image, "stdin": True, "tty": True}
    container |= {"securityContext": {"privileged": True}, "targetContainerName": "checkout"}
    pod_defaults.container(container)
    pod["spec"]["ephemeralContainers"] = [container]
    pod["metadata"]["generation"] = 2
    running = {"running": {"startedAt": before(hours=19)}}
    status = {
        "name": container["name"],
        "image": image,
        "imageID": f"docker.io/nicolaka/netshoot@{image_digest(image)}",
    }
    identity = {"containerID": f"containerd://{digest('debugger', pod['metadata']['name'])}"}
    pod["status"]["ephemeralContainerStatuses"] = [
        status | identity | {"ready": False, "restartCount": 0, "state": running, "lastState": {}}
    ]


def _patch_image(pod: Json, image: str) -> None:
    """Set another image on the running pod; the image is one of the few fields that may change."""
    container = pod["spec"]["containers"][0]
    container["image"] = image
    pod["metadata"]["generation"] = 2
    status = next(one for one in pod["status"]["containerStatuses"] if one["name"] == container["name"])
    name = full_name(image)
    status |= {"image": name, "imageID": f"{name.rpartition(':')[0]}@{image_digest(image)}", "restartCount": 1}
