"""What shows that metrics are served and alarms raised: APIService and the kinds of the Prometheus Operator."""

from k8snb.resources.base import Frozen, Object
from k8snb.resources.pod import Present


class Condition(Frozen, frozen=True):
    """`status.conditions[]`."""

    type: str | None = None
    status: str | None = None
    reason: str | None = None


class APIServiceSpec(Frozen, frozen=True):
    """`spec` of an APIService."""

    group: str | None = None
    version: str | None = None


class APIServiceStatus(Frozen, frozen=True):
    """`status` of an APIService."""

    conditions: tuple[Condition, ...] | None = None


class APIService(Object, frozen=True):
    """`apiregistration.k8s.io/v1 APIService`."""

    spec: APIServiceSpec = APIServiceSpec()
    status: APIServiceStatus | None = None


class PrometheusRuleEntry(Frozen, frozen=True):
    """`rules[]`: an alert where it is named."""

    alert: str | None = None


class RuleGroup(Frozen, frozen=True):
    """`spec.groups[]`."""

    rules: tuple[PrometheusRuleEntry, ...] | None = None


class PrometheusRuleSpec(Frozen, frozen=True):
    """`spec` of a PrometheusRule."""

    groups: tuple[RuleGroup, ...] | None = None


class PrometheusRule(Object, frozen=True):
    """`monitoring.coreos.com/v1 PrometheusRule`."""

    spec: PrometheusRuleSpec = PrometheusRuleSpec()


class AlertmanagerStatus(Frozen, frozen=True):
    """`status` of an Alertmanager."""

    availableReplicas: int | None = None


class Alertmanager(Object, frozen=True):
    """`monitoring.coreos.com/v1 Alertmanager`; its own configuration lies in a Secret."""

    status: AlertmanagerStatus | None = None


class Receiver(Frozen, frozen=True):
    """`spec.receivers[]`: its name, and which ways of telling it has; never where to."""

    name: str | None = None
    discordConfigs: tuple[Present, ...] | None = None
    emailConfigs: tuple[Present, ...] | None = None
    msteamsConfigs: tuple[Present, ...] | None = None
    msteamsv2Configs: tuple[Present, ...] | None = None
    opsgenieConfigs: tuple[Present, ...] | None = None
    pagerdutyConfigs: tuple[Present, ...] | None = None
    pushoverConfigs: tuple[Present, ...] | None = None
    rocketchatConfigs: tuple[Present, ...] | None = None
    slackConfigs: tuple[Present, ...] | None = None
    snsConfigs: tuple[Present, ...] | None = None
    telegramConfigs: tuple[Present, ...] | None = None
    victoropsConfigs: tuple[Present, ...] | None = None
    webexConfigs: tuple[Present, ...] | None = None
    webhookConfigs: tuple[Present, ...] | None = None
    wechatConfigs: tuple[Present, ...] | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways of telling, such as `slack`."""
        return tuple(
            field.removesuffix("Configs")
            for field in self.__struct_fields__
            if field.endswith("Configs") and getattr(self, field)
        )


class AlertmanagerConfigSpec(Frozen, frozen=True):
    """`spec` of an AlertmanagerConfig."""

    receivers: tuple[Receiver, ...] | None = None


class AlertmanagerConfig(Object, frozen=True):
    """`monitoring.coreos.com/v1alpha1 AlertmanagerConfig`."""

    spec: AlertmanagerConfigSpec = AlertmanagerConfigSpec()
