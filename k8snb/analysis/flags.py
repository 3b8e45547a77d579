"""Command lines of control-plane components."""

import re
from collections.abc import Iterable, Mapping

from k8snb.resources.pod import Container

_FLAG = re.compile(r"--?[A-Za-z]")
_LISTS = frozenset(
    {
        "admission-control",
        "api-audiences",
        "authorization-mode",
        "controllers",
        "disable-admission-plugins",
        "enable-admission-plugins",
        "etcd-servers",
        "service-account-issuer",
        "tls-cipher-suites",
    }
)
"""Flags whose values add up: those of type `strings` and `stringArray` in the components' own references."""


def flags(container: Container) -> Mapping[str, str]:
    """Read the flags of a container from `command` and `args`.

    Args:
        container: The component's container.

    Returns:
        Values by flag name without dashes. Both `--flag=value` and `--flag value` are read, a flag without a value is
        `true`, `_` in a name is `-`, one dash does as well as two (etcd), and `--` ends them. Of a flag given twice the
        last one counts; a list grows, as in the component itself: `--authorization-mode=AlwaysAllow` stays in force
        beside a later `--authorization-mode=RBAC`.

    Source: Go's `pflag`, as used by the Kubernetes components.
    """
    return parse((*(container.command or ()), *(container.args or ())))


def parse(words: Iterable[str]) -> Mapping[str, str]:
    """Read flags from the words of a command line; see `flags`."""
    found: list[tuple[str, str]] = []
    waiting = False
    for word in words:
        if _FLAG.match(word):
            name, equals, value = word.lstrip("-").partition("=")
            found.append((name.replace("_", "-"), value if equals else "true"))
            waiting = not equals
        elif word == "--":
            break
        elif waiting:
            found[-1], waiting = (found[-1][0], word), False
    result: dict[str, str] = {}
    for name, value in found:
        result[name] = f"{result[name]},{value}" if name in result and name in _LISTS else value
    return result
