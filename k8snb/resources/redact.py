"""Literal credentials in typed objects become markers before anything else sees them."""

from msgspec.structs import replace

from k8snb.resources.core import ConfigMap
from k8snb.resources.credential_values import MARKER
from k8snb.resources.credentials import credential, redact, redact_arguments, text_credentials
from k8snb.resources.pod import FIELDS, Container, EnvVar, PodSpec
from k8snb.resources.settings import kept
from k8snb.resources.workload import Controller, CronJob

_HARMLESS = EnvVar()


def redacted(spec: PodSpec) -> PodSpec:
    """Give the pod spec without the harmless ones of `env`, and with a marker for every literal credential there was.

    Args:
        spec: The spec as it was read; `command` and `args` keep all but their credentials.
    """
    changes = {
        field: tuple(map(_container, containers))
        for field in FIELDS
        if (containers := getattr(spec, field)) is not None
    }
    return replace(spec, **changes)


def without_credentials(controller: Controller | CronJob) -> Controller | CronJob:
    """Give a controller with the pod spec of its template `redacted`.

    Args:
        controller: As it was read.
    """
    if controller.template is None or controller.template.spec is None:
        return controller
    template = replace(controller.template, spec=redacted(controller.template.spec))
    if isinstance(controller, Controller):
        return replace(controller, spec=replace(controller.spec, template=template))
    job = controller.spec.jobTemplate
    job = job and replace(job, spec=job.spec and replace(job.spec, template=template))
    return replace(controller, spec=replace(controller.spec, jobTemplate=job))


def _container(container: Container) -> Container:
    return replace(
        container,
        env=container.env and tuple(map(_variable, container.env)),
        command=container.command and redact_arguments(container.command),
        args=container.args and redact_arguments(container.args),
    )


def _variable(variable: EnvVar) -> EnvVar:
    """A variable is kept only where it refers to something or holds a credential; others just keep their place."""
    name, value = variable.name or "", variable.value or ""
    if value and credential(name, value):
        return replace(variable, value=redact(name, value))
    source = variable.valueFrom
    return variable if source and (source.secretKeyRef or source.configMapKeyRef) else _HARMLESS


def without_values(config: ConfigMap) -> ConfigMap:
    """Give the ConfigMap with nothing in its values but markers of credentials, each on its line, and few settings."""
    data = config.data or {}
    return replace(config, data={key: _places(key, value or "") for key, value in data.items()}, settings=kept(config))


def _places(key: str, value: str) -> str:
    found = {line: f"{MARKER}{kind}" for line, kind, _ in text_credentials(value, key)}
    return "\n".join(found.get(line, "") for line in range(1, max(found, default=0) + 1))
