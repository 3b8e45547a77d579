"""Literal credentials in typed objects become markers before anything else sees them."""

from msgspec.structs import replace

from k8snb.resources.core import ConfigMap
from k8snb.resources.credentials import redact, redact_arguments, redact_text
from k8snb.resources.pod import FIELDS, Container, EnvVar, PodSpec


def redacted(spec: PodSpec) -> PodSpec:
    """Give the pod spec with every literal credential in `env`, `command` and `args` replaced by its marker."""
    changes = {
        field: tuple(map(_container, containers))
        for field in FIELDS
        if (containers := getattr(spec, field)) is not None
    }
    return replace(spec, **changes)


def _container(container: Container) -> Container:
    return replace(
        container,
        env=container.env and tuple(map(_variable, container.env)),
        command=container.command and redact_arguments(container.command),
        args=container.args and redact_arguments(container.args),
    )


def _variable(variable: EnvVar) -> EnvVar:
    return replace(variable, value=redact(variable.name or "", variable.value)) if variable.value else variable


def without_values(config: ConfigMap) -> ConfigMap:
    """Give the ConfigMap with nothing but markers as values, and empty strings where there is no credential."""
    data = {key: _marked(key, value or "") for key, value in (config.data or {}).items()}
    return replace(config, data=data)


def _marked(key: str, value: str) -> str:
    text = redact_text(key, value)
    return text if text != value else ""
