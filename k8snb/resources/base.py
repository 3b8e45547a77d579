"""What all typed views share."""

from collections.abc import Mapping

import msgspec

Quantity = str | int | float
"""A Kubernetes quantity, as written (`500m`, `2Gi`, `1`)."""


class Frozen(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An immutable part of an object, compared and hashed by value."""


class OwnerReference(Frozen, frozen=True):
    """`metadata.ownerReferences[]`."""

    kind: str = ""
    name: str = ""
    apiVersion: str = ""
    uid: str = ""
    controller: bool | None = None


class Metadata(Frozen, frozen=True):
    """`metadata`, the fields that are assessed."""

    name: str = ""
    namespace: str | None = None
    uid: str | None = None
    labels: dict[str, str | None] | None = None
    annotations: dict[str, str | None] | None = None
    ownerReferences: tuple[OwnerReference, ...] | None = None
    creationTimestamp: str | None = None
    generation: int | None = None


class Object(Frozen, frozen=True):
    """A Kubernetes object of a kind that is held as it is."""

    apiVersion: str = ""
    kind: str = ""
    metadata: Metadata = Metadata()

    @property
    def name(self) -> str:
        """`metadata.name`."""
        return self.metadata.name

    @property
    def namespace(self) -> str:
        """`metadata.namespace`; empty for cluster-scoped objects."""
        return self.metadata.namespace or ""

    @property
    def labels(self) -> Mapping[str, str]:
        """`metadata.labels`, null values as empty strings."""
        return text_map(self.metadata.labels)

    @property
    def annotations(self) -> Mapping[str, str]:
        """`metadata.annotations`, null values as empty strings."""
        return text_map(self.metadata.annotations)


def text_map(values: Mapping[str, str | None] | None) -> dict[str, str]:
    """Give a map of strings as Kubernetes reads it: null is empty."""
    return {key: value or "" for key, value in (values or {}).items()}


class LabelExpression(Frozen, frozen=True):
    """`matchExpressions[]` of a label selector."""

    key: str
    operator: str
    values: tuple[str, ...] | None = None


class LabelSelector(Frozen, frozen=True):
    """`metav1.LabelSelector`; empty selects everything, None selects nothing."""

    matchLabels: dict[str, str] | None = None
    matchExpressions: tuple[LabelExpression, ...] | None = None

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Say whether the selector selects an object with these labels.

        Args:
            labels: The object's labels.

        Source: Kubernetes, `metav1.LabelSelectorAsSelector`. An unknown operator selects nothing.
        """
        wanted = self.matchLabels or {}
        return all(labels.get(key) == value for key, value in wanted.items()) and all(
            _holds(expression, labels) for expression in self.matchExpressions or ()
        )


def _holds(expression: LabelExpression, labels: Mapping[str, str]) -> bool:
    value, values = labels.get(expression.key), expression.values or ()
    match expression.operator:
        case "In":
            return value is not None and value in values
        case "NotIn":
            return value is None or value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    return False
