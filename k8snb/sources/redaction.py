"""What may be stored of an object: no Secret data, no copies of it in annotations, no literal credential."""

from collections.abc import Callable, Mapping
from typing import Any

from k8snb.resources.credentials import redact, redact_arguments, redact_text
from k8snb.resources.kinds import find

_TEMPLATES = {
    "Pod": (),
    "PodTemplate": ("template",),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
} | dict.fromkeys(
    ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"), ("spec", "template")
)
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_COPIES = ("last-applied-configuration", "kapp.k14s.io/original", "objectset.rio.cattle.io/applied")
_DROPPED = ("managedFields",)


def clean(obj: Mapping[str, Any], kind: str = "") -> dict[str, Any]:
    """Give the form of a Kubernetes object that may be stored.

    Args:
        obj: The object as JSON types; whatever has the wrong type passes through without credentials.
        kind: Its kind, where a typed list says it instead.

    Returns:
        A new object: no `managedFields`, no annotation that holds a copy of the object, no values in Secrets and binary
        data; literal credentials in env values, commands, ConfigMaps and annotations are markers (see
        `k8snb.resources.credentials`). Verdicts on it are those on the original.
    """
    own = obj.get("kind") or kind
    name = own if isinstance(own, str) else ""
    result = dict(obj)
    if "metadata" in result:
        result["metadata"] = _metadata(result["metadata"])
    if name in _TEMPLATES:
        _at(result, _TEMPLATES[name], _template)
        _statuses(result)
        return result
    return _RULES.get(name, _other)(result)


def scrub(value: Any, name: str = "") -> Any:
    """Give any JSON value with the credentials in it replaced by markers.

    Args:
        value: JSON types.
        name: The key that it is stored under.
    """
    match value:
        case str():
            return redact(name, value) if value else value
        case dict():
            return {key: scrub(one, _key(key, value)) for key, one in value.items()}
        case list() if value and all(isinstance(one, str) for one in value):
            return list(redact_arguments(value))
        case list():
            return [scrub(one, name) for one in value]
    return value


def _key(key: str, beside: Mapping[str, Any]) -> str:
    """The name of a value: its key, or what stands beside it as in `{name: PASSWORD, value: x}`."""
    named = beside.get("name")
    return named if key == "value" and isinstance(named, str) else key


def _metadata(metadata: Any) -> Any:
    if not isinstance(metadata, dict):
        return scrub(metadata)
    result = {key: value for key, value in metadata.items() if key not in _DROPPED}
    annotations = result.get("annotations")
    if isinstance(annotations, dict):
        result["annotations"] = {
            key: redact_text("", value) if isinstance(value, str) else scrub(value)
            for key, value in annotations.items()
            if not key.endswith(_COPIES)
        }
    elif annotations is not None:
        result["annotations"] = scrub(annotations)
    return result


def _at(obj: dict[str, Any], path: tuple[str, ...], change: Callable[[dict[str, Any]], Any]) -> None:
    """Copy the objects along a path, and change the last; a wrong type on the way is scrubbed instead."""
    for key in path:
        inner = obj.get(key)
        if not isinstance(inner, dict):
            if inner is not None:
                obj[key] = scrub(inner)
            return
        obj[key] = obj = dict(inner)
    change(obj)


def _template(template: dict[str, Any]) -> None:
    if "metadata" in template:
        template["metadata"] = _metadata(template["metadata"])
    spec = template.get("spec")
    if not isinstance(spec, dict):
        template.update({} if spec is None else {"spec": scrub(spec)})
        return
    template["spec"] = {key: _containers(value) if key in _CONTAINERS else value for key, value in spec.items()}


def _containers(containers: Any) -> Any:
    if not isinstance(containers, list):
        return scrub(containers)
    return [_container(one) if isinstance(one, dict) else scrub(one) for one in containers]


def _container(container: dict[str, Any]) -> dict[str, Any]:
    result = dict(container)
    for field in result.keys() & _FIELDS.keys():
        result[field] = _FIELDS[field](result[field])
    return result


def _arguments(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return list(redact_arguments(value))
    return scrub(value)


def _env(value: Any) -> Any:
    if not isinstance(value, list):
        return scrub(value)
    return [_variable(one) if isinstance(one, dict) else scrub(one) for one in value]


def _variable(variable: dict[str, Any]) -> dict[str, Any]:
    value, name = variable.get("value"), variable.get("name")
    if not value:
        return variable
    return variable | {"value": scrub(value, name if isinstance(name, str) else "")}


def _handlers(value: Any) -> Any:
    """Scrub the commands and request headers of a probe, or of the hooks of a lifecycle."""
    return scrub(value) if isinstance(value, dict | list | str) else value


_FIELDS: dict[str, Callable[[Any], Any]] = {"env": _env, "command": _arguments, "args": _arguments} | dict.fromkeys(
    (*_PROBES, "lifecycle"), _handlers
)


def _statuses(pod: dict[str, Any]) -> None:
    if "status" in pod:
        pod["status"] = _messages(pod["status"])


def _messages(status: Any) -> Any:
    """Scrub the messages in a status: a container's last words may be a log."""
    match status:
        case dict():
            return {key: scrub(one) if key == "message" else _messages(one) for key, one in status.items()}
        case list():
            return [_messages(one) for one in status]
    return status


def _secret(obj: dict[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in obj.items() if key in {"apiVersion", "kind", "metadata", "type", "immutable"}}
    return known | {field: _emptied(obj[field]) for field in ("data", "stringData") if field in obj}


def _emptied(values: Any) -> dict[str, str]:
    return dict.fromkeys(values, "") if isinstance(values, dict) else {}


def _config_map(obj: dict[str, Any]) -> dict[str, Any]:
    if "binaryData" in obj:
        obj["binaryData"] = _emptied(obj["binaryData"])
    data = obj.get("data")
    if isinstance(data, dict):
        obj["data"] = {
            key: redact_text(key, value) if isinstance(value, str) else scrub(value, key) for key, value in data.items()
        }
    elif data is not None:
        obj["data"] = scrub(data)
    return obj


def _definition(obj: dict[str, Any]) -> dict[str, Any]:
    return {key: obj[key] for key in ("apiVersion", "kind", "metadata") if key in obj}


def _rules(obj: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the rules of a Cilium policy say of requests: they may quote headers."""
    return {key: one if key == "metadata" else _without_ports(one) for key, one in obj.items()}


def _without_ports(value: Any) -> Any:
    match value:
        case dict():
            return {key: _without_ports(one) for key, one in value.items() if key != "toPorts"}
        case list():
            return [_without_ports(one) for one in value]
    return value


def _receivers(obj: dict[str, Any]) -> dict[str, Any]:
    """Keep of receivers of alerts their names and ways; where they send to may be a credential."""
    spec = obj.get("spec")
    found = spec.get("receivers") if isinstance(spec, dict) else None
    receivers = [_receiver(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return _definition(obj) | {"spec": {"receivers": receivers}}


def _receiver(one: dict[str, Any]) -> dict[str, Any]:
    return {
        key: [{} for _ in value] if isinstance(value, list) else value
        for key, value in one.items()
        if isinstance(value, list) or key == "name"
    }


def _other(obj: dict[str, Any]) -> dict[str, Any]:
    """Kinds that are assessed have no place for credentials but their annotations; of others nothing is known."""
    kind, api_version = obj.get("kind"), obj.get("apiVersion")
    known = isinstance(kind, str) and find(api_version if isinstance(api_version, str) else "", kind)
    return obj if known else {key: one if key == "metadata" else scrub(one, key) for key, one in obj.items()}


_RULES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "Secret": _secret,
    "ConfigMap": _config_map,
    "CustomResourceDefinition": _definition,
    "CiliumNetworkPolicy": _rules,
    "CiliumClusterwideNetworkPolicy": _rules,
    "AlertmanagerConfig": _receivers,
}
