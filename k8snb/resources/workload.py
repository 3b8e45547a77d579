"""Pods and the controllers that make them, as they are on the wire."""

import msgspec

from k8snb.resources.base import Frozen, Metadata, Object, OwnerReference
from k8snb.resources.pod import PodSpec


class PodMetadata(Frozen, frozen=True):
    """`metadata` of a pod or template; maps stay raw, because most pods share them byte for byte."""

    name: str = ""
    namespace: str | None = None
    uid: str | None = None
    labels: msgspec.Raw = msgspec.Raw(b"null")
    annotations: msgspec.Raw = msgspec.Raw(b"null")
    ownerReferences: tuple[OwnerReference, ...] | None = None


class PodStatus(Frozen, frozen=True):
    """`status` of a pod."""

    phase: str | None = None


class Pod(Frozen, frozen=True):
    """`core/v1 Pod`."""

    apiVersion: str = ""
    kind: str = ""
    metadata: PodMetadata = PodMetadata()
    spec: PodSpec = PodSpec()
    status: PodStatus | None = None


class PodTemplateSpec(Frozen, frozen=True):
    """`core/v1 PodTemplateSpec`."""

    metadata: PodMetadata | None = None
    spec: PodSpec | None = None


class ClaimTemplate(Frozen, frozen=True):
    """`volumeClaimTemplates[]` of a StatefulSet."""

    metadata: Metadata = Metadata()


class ControllerSpec(Frozen, frozen=True):
    """`spec` of what makes pods from one template."""

    replicas: int | None = None
    template: PodTemplateSpec | None = None
    volumeClaimTemplates: tuple[ClaimTemplate, ...] | None = None
    ttlSecondsAfterFinished: int | None = None


class Condition(Frozen, frozen=True):
    """`status.conditions[]`."""

    type: str | None = None
    status: str | None = None
    lastUpdateTime: str | None = None
    lastTransitionTime: str | None = None


class ControllerStatus(Frozen, frozen=True):
    """`status` of what makes pods."""

    replicas: int | None = None
    desiredNumberScheduled: int | None = None
    numberReady: int | None = None
    completionTime: str | None = None
    conditions: tuple[Condition, ...] | None = None


class Controller(Object, frozen=True):
    """A Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController or Job."""

    spec: ControllerSpec = ControllerSpec()
    status: ControllerStatus | None = None

    @property
    def template(self) -> PodTemplateSpec | None:
        """The template of the pods it makes."""
        return self.spec.template


class Deployment(Controller, frozen=True):
    """`apps/v1 Deployment`."""


class StatefulSet(Controller, frozen=True):
    """`apps/v1 StatefulSet`."""


class DaemonSet(Controller, frozen=True):
    """`apps/v1 DaemonSet`."""


class ReplicaSet(Controller, frozen=True):
    """`apps/v1 ReplicaSet`."""


class ReplicationController(Controller, frozen=True):
    """`core/v1 ReplicationController`."""


class Job(Controller, frozen=True):
    """`batch/v1 Job`."""


class JobTemplate(Frozen, frozen=True):
    """`batch/v1 JobTemplateSpec`."""

    spec: ControllerSpec | None = None


class CronJobSpec(Frozen, frozen=True):
    """`spec` of a CronJob."""

    schedule: str | None = None
    suspend: bool | None = None
    jobTemplate: JobTemplate | None = None


class CronJobStatus(Frozen, frozen=True):
    """`status` of a CronJob."""

    lastSuccessfulTime: str | None = None


class CronJob(Object, frozen=True):
    """`batch/v1 CronJob`."""

    spec: CronJobSpec = CronJobSpec()
    status: CronJobStatus | None = None

    @property
    def template(self) -> PodTemplateSpec | None:
        """The template of the pods its Jobs make."""
        job = self.spec.jobTemplate
        return job.spec.template if job and job.spec else None
