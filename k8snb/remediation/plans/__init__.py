"""What is done about a failing control: a recipe for each, one file a family."""

from collections.abc import Iterator

from k8snb.controls.registry import controls
from k8snb.remediation.plans import bindings, containers, images, limits, namespaces, network, pods, roles, services
from k8snb.remediation.plans.model import Context, Procedure, Proposed, Recipe
from k8snb.remediation.plans.procedures import procedure

RECIPES: dict[str, Recipe] = {
    control: recipe
    for family in (containers, pods, images, network, namespaces, limits, services, roles, bindings)
    for control, recipe in family.RECIPES.items()
}


def proposals(context: Context) -> Iterator[Proposed]:
    """Give what is proposed for a finding: changes, or what a person does."""
    recipe = RECIPES.get(context.finding.control)
    found = list(recipe(context)) if recipe else []
    yield from found or [_by_hand(context)]


def _by_hand(context: Context) -> Procedure:
    return procedure(controls()[context.finding.control], context.finding)
