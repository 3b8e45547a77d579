"""Command lines of control-plane components."""

from collections.abc import Iterable, Mapping

from k8snb.resources.pod import Container


def flags(container: Container) -> Mapping[str, str]:
    """Read the flags of a container from `command` and `args`.

    Args:
        container: The component's container.

    Returns:
        Values by flag name without dashes. Both `--flag=value` and `--flag value` are read, a flag without a value is
        `true`, and of a flag given twice the last one counts, as in the component itself.

    Source: Go's `pflag`, as used by the Kubernetes components.
    """
    return parse((*(container.command or ()), *(container.args or ())))


def parse(words: Iterable[str]) -> Mapping[str, str]:
    """Read flags from the words of a command line; see `flags`."""
    result: dict[str, str] = {}
    waiting = ""
    for word in words:
        if word.startswith("--") and len(word) > 2:
            name, equals, value = word[2:].partition("=")
            result[name] = value if equals else "true"
            waiting = "" if equals else name
        elif waiting:
            result[waiting], waiting = word, ""
    return result
