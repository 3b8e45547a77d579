"""The fields of pods and templates that kube-apiserver 1.35 fills in.

Source: Kubernetes, `pkg/apis/core/v1/defaults.go`.
"""

from typing import Any

Json = dict[str, Any]


def fill(target: Json, **values: Any) -> None:
    """Set what is not set."""
    for key, value in values.items():
        target.setdefault(key, value)


def _probe(probe: Json) -> None:
    fill(probe, timeoutSeconds=1, periodSeconds=10, successThreshold=1, failureThreshold=3)
    _handler(probe)


def _handler(handler: Json) -> None:
    if "httpGet" in handler:
        fill(handler["httpGet"], scheme="HTTP", path="/")


def _pull_policy(image: str) -> str:
    repository, _, _ = image.partition("@")
    untagged = ":" not in repository.rsplit("/", 1)[-1] and "@" not in image
    return "Always" if untagged or repository.endswith(":latest") else "IfNotPresent"


def container(one: Json) -> None:
    """Fill in a container of a pod or template."""
    fill(one, imagePullPolicy=_pull_policy(one["image"]), resources={})
    fill(one, terminationMessagePath="/dev/termination-log", terminationMessagePolicy="File")
    for port in one.get("ports", ()):
        fill(port, protocol="TCP")
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        if probe in one:
            _probe(one[probe])
    for handler in one.get("lifecycle", {}).values():
        _handler(handler)
    for variable in one.get("env", ()):
        if "fieldRef" in variable.get("valueFrom", {}):
            fill(variable["valueFrom"]["fieldRef"], apiVersion="v1")


def _volume(volume: Json) -> None:
    if not set(volume) - {"name"}:
        volume["emptyDir"] = {}
    for kind in ("secret", "configMap", "projected", "downwardAPI"):
        if kind in volume:
            fill(volume[kind], defaultMode=420)
    if "hostPath" in volume:
        fill(volume["hostPath"], type="")
    items = [*volume.get("downwardAPI", {}).get("items", ())]
    for source in volume.get("projected", {}).get("sources", ()):
        items += source.get("downwardAPI", {}).get("items", ())
        if "serviceAccountToken" in source:
            fill(source["serviceAccountToken"], expirationSeconds=3600)
    for item in items:
        fill(item.get("fieldRef", {}), apiVersion="v1")


def pod_spec(spec: Json) -> None:
    """Fill in a pod spec, in a pod or a template alike."""
    fill(spec, restartPolicy="Always", dnsPolicy="ClusterFirst", schedulerName="default-scheduler")
    fill(spec, terminationGracePeriodSeconds=30, securityContext={})
    if "serviceAccountName" in spec:
        fill(spec, serviceAccount=spec["serviceAccountName"])
    for field in ("initContainers", "containers", "ephemeralContainers"):
        for one in spec.get(field, ()):
            container(one)
    for volume in spec.get("volumes", ()):
        _volume(volume)


def pod(spec: Json) -> None:
    """Fill in what is filled in for pods but not for templates: service links, requests from limits, host ports."""
    pod_spec(spec)
    fill(spec, enableServiceLinks=True)
    for one in [*spec.get("initContainers", ()), *spec["containers"]]:
        limits = one["resources"].get("limits", {})
        if limits:
            one["resources"]["requests"] = limits | one["resources"].get("requests", {})
        for port in one.get("ports", ()) if spec.get("hostNetwork") else ():
            fill(port, hostPort=port["containerPort"])
