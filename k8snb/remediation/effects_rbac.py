"""Which subjects lose which rights: what bindings grant before and after."""

from collections import defaultdict
from collections.abc import Iterator

from k8snb.analysis.rbac import bindings, granted, reach, told
from k8snb.inventory.cluster import Cluster
from k8snb.remediation.target import Target
from k8snb.resources.rbac import Binding, PolicyRule

_SHOWN = 12
_Right = tuple[str, str, str, str, str]
"""Where (empty: everywhere), verb, API group, resource or URL, object name (empty: every)."""


def lost(cluster: Cluster, changed: Cluster, target: Target) -> list[str]:
    """Tell what every subject can no longer do once a role or binding has changed.

    Args:
        cluster: As it is.
        changed: As it would be.
        target: The role or binding.
    """
    before, after = _rights(cluster), _rights(changed)
    found = []
    for subject in sorted(before):
        gone = {
            right
            for right in before[subject] - after.get(subject, set())
            if not _covered(right, after.get(subject, set()))
        }
        found += [f"{subject} loses the right to {one}." for one in _told(gone)]
    gained = [
        subject for subject in sorted(after) if after[subject] - before.get(subject, set()) and not before.get(subject)
    ]
    found += [f"{subject} gets rights that it did not have." for subject in gained]
    return found[:_SHOWN] + (
        [f"{len(found) - _SHOWN:,} more subjects lose rights."] if len(found) > _SHOWN else []
    ) or [f"Nobody loses a right: no subject is granted anything by {target.kind} {target.name}."]


def _rights(cluster: Cluster) -> dict[str, set[_Right]]:
    found: dict[str, set[_Right]] = defaultdict(set)
    for one in bindings(cluster):
        given = set(_of(one, granted(cluster, one).rules or ()))
        for subject in one.subjects or ():
            found[told(subject)] |= given
    return found


def _of(binding: Binding, rules: tuple[PolicyRule, ...]) -> Iterator[_Right]:
    where = reach(binding)
    for rule in rules:
        for verb in rule.verbs or ():
            for url in rule.nonResourceURLs or ():
                yield where, verb, "", url, ""
            for group in rule.apiGroups or ():
                for resource in rule.resources or ():
                    for name in rule.resourceNames or ("",):
                        yield where, verb, group, resource, name


def _covered(right: _Right, others: set[_Right]) -> bool:
    """Say whether another right includes it."""
    where, verb, group, resource, name = right
    return any(
        one[0] in {"", where}
        and one[1] in {"*", verb}
        and one[2] in {"*", group}
        and one[3] in {"*", resource}
        and one[4] in {"", name}
        for one in others
    )


def _told(gone: set[_Right]) -> list[str]:
    """Tell rights by resource: `get, list on secrets everywhere`."""
    by_place: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for where, verb, group, resource, name in sorted(gone):
        by_place[where, group, resource, name].append("every verb" if verb == "*" else verb)
    words = [
        f"{', '.join(verbs)} on {'every resource' if resource == '*' else resource}{f' {name}' if name else ''}"
        f"{f' of {group}' if group not in {'', '*'} else ''} {f'in {where}' if where else 'everywhere'}"
        for (where, group, resource, name), verbs in by_place.items()
    ]
    return words[:3] + ([f"{len(words) - 3} more of its kind"] if len(words) > 3 else [])
