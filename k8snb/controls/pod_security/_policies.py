"""Policies of Kyverno: which of their rules refuse a pod. Nothing in a policy is trusted to have the right type."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from k8snb.resources.admission import KyvernoPolicy

Rule = Mapping[str, Any]


def mapping(value: object) -> Rule:
    """Give a value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[Any]:
    """Give a value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def rules(policy: KyvernoPolicy) -> list[Rule]:
    """Give the rules of a policy."""
    return [mapping(rule) for rule in sequence(mapping(policy.spec).get("rules"))]


def enforced(policy: KyvernoPolicy, namespace: str | None = None) -> list[Rule]:
    """Give the rules of a ClusterPolicy that refuse pods (of a namespace, or of all) and do not fail open.

    Args:
        policy: The policy.
        namespace: The namespace that must be covered; None asks for all of them.

    Source: Kyverno, `spec.validationFailureAction`, `spec.rules[*].validate.failureAction`, `spec.failurePolicy`.
    A rule that matches or excludes by anything but kinds and namespaces does not count.
    """
    spec = mapping(policy.spec)
    if spec.get("failurePolicy") not in {None, "Fail"} or spec.get("validationFailureActionOverrides"):
        return []
    return [rule for rule in rules(policy) if _refuses(spec, rule) and _covers(rule, namespace)]


def _refuses(spec: Rule, rule: Rule) -> bool:
    parts = [mapping(rule.get("validate")), *map(mapping, sequence(rule.get("verifyImages")))]
    own = next((part["failureAction"] for part in parts if part.get("failureAction")), None)
    return str(own or spec.get("validationFailureAction") or "Audit").lower() == "enforce"


def _covers(rule: Rule, namespace: str | None) -> bool:
    match = mapping(rule.get("match"))
    if rule.get("exclude") or rule.get("preconditions") or match.get("all"):
        return False
    return any(_block(mapping(block), namespace) for block in sequence(match.get("any")) or [match])


def _block(block: Rule, namespace: str | None) -> bool:
    resources = mapping(block.get("resources"))
    if set(block) - {"resources"} or set(resources) - {"kinds", "namespaces", "operations"}:
        return False
    pods = any(str(kind).rpartition("/")[2] in {"Pod", "*"} for kind in sequence(resources.get("kinds")))
    where = [str(one) for one in sequence(resources.get("namespaces"))]
    reached = not where or "*" in where or (namespace is not None and any(fnmatchcase(namespace, one) for one in where))
    operations = sequence(resources.get("operations"))
    return pods and reached and (not operations or "CREATE" in operations)
