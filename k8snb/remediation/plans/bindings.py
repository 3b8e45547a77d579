"""Bindings and ServiceAccounts: unbound, removed, without a token."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from k8snb.analysis.rbac import EVERYBODY, granted, shipped
from k8snb.remediation.objects import Raw
from k8snb.remediation.plans.model import Context, Procedure, Proposal, Proposed, Recipe
from k8snb.remediation.plans.roles import binding_of, ships
from k8snb.resources.core import Namespace, ServiceAccount


def _keeping(context: Context, keep: Callable[[Mapping[str, Any]], bool], note: str) -> Proposal:
    """Take subjects out of a binding; one of which nobody is left goes."""
    raw = context.read(context.target) or {}
    if not any(map(keep, raw.get("subjects") or ())):
        return Proposal(context.target, note=f"{note} Nobody else is bound by it, so it goes.")

    def edit(one: Raw) -> None:
        one["subjects"] = list(filter(keep, one.get("subjects") or ()))

    return Proposal(context.target, edit, note=note)


def _not_everybody(context: Context) -> Iterator[Proposed]:
    binding = binding_of(context)
    if binding is not None and shipped(binding):
        yield ships(context.target)
        return
    yield _keeping(
        context, lambda one: one.get("name") not in EVERYBODY, "Whoever still needs it has to be bound by name, first."
    )


def _no_cluster_admin(context: Context) -> Iterator[Proposed]:
    note = "Whoever works through it loses every right that no other binding gives: bind a narrower role first."
    yield _keeping(context, lambda one: (one.get("kind"), one.get("name")) == ("Group", "system:masters"), note)


def _dangling(context: Context) -> Iterator[Proposed]:
    binding = binding_of(context)
    if binding is None:
        return
    if granted(context.cluster, binding).rules is None or not binding.subjects:
        yield Proposal(
            context.target, note="It grants nothing today, and would grant again once somebody makes what it names."
        )
        return
    known = {(one.namespace or "default", one.name) for one in context.cluster.all(ServiceAccount)}
    known |= {(one.name, "default") for one in context.cluster.all(Namespace)}
    own = context.target.namespace

    def exists(one: Mapping[str, Any]) -> bool:
        return one.get("kind") != "ServiceAccount" or (one.get("namespace") or own, one.get("name")) in known

    yield _keeping(context, exists, "Subjects that do not exist grant nothing today.")


def _default_account(context: Context) -> Iterator[Proposed]:
    def edit(one: Raw) -> None:
        one["automountServiceAccountToken"] = False

    note = "Pods that start from now on as `default` get no token; running ones keep theirs."
    if context.read(context.target) is None:
        metadata = {"name": context.target.name, "namespace": context.target.namespace}
        made: Raw = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
        edit(made)
        yield Proposal(context.target, make=made, note=note)
    else:
        yield Proposal(context.target, edit, note=note)
    bound = [one for one in context.finding.evidence if one.at == "subjects" and one.observed]
    if bound:
        names = ", ".join(map(str, bound[0].observed))
        yield Procedure(
            f"`default` is bound by {names}.",
            ("Give the application an account of its own and bind that one, then take `default` out of these.",),
        )


RECIPES: dict[str, Recipe] = {
    "cluster-admin-bindings": _no_cluster_admin,
    "no-anonymous-bindings": _not_everybody,
    "dangling-bindings": _dangling,
    "default-service-account": _default_account,
}
