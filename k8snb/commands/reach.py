"""The options by which a command reaches a cluster: written once, given to every command that takes an `access`."""

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from k8snb.commands.options import seconds

if TYPE_CHECKING:
    from k8snb.sources.connection_config import Access

Kubeconfig = Annotated[str | None, Option("--kubeconfig", metavar="FILE", help="Another kubeconfig than kubectl's.")]


def access(
    *,
    kubeconfig: Kubeconfig = None,
    act_as: Annotated[str | None, Option("--as", metavar="USER", help="Act as this user, as kubectl does.")] = None,
    act_as_group: Annotated[
        list[str] | None, Option("--as-group", metavar="GROUP", help="Act as of this group too.")
    ] = None,
    request_timeout: Annotated[
        str | None,
        Option("--request-timeout", metavar="TIME", help="For each answer of the server, such as 30s or 2m."),
    ] = None,
    no_probe: Annotated[
        bool, Option("--no-probe", help="Do not probe the API server (no credentials, TLS versions).")
    ] = False,
    kubelets: Annotated[bool, Option("--kubelets", help="Read the configuration of kubelets, by nodes/proxy.")] = False,
) -> "Access | None":
    """Give how to reach a cluster, as the options say; None where none was given.

    Raises:
        UsageError: if the time is none.
    """
    if not (kubeconfig or act_as or act_as_group or request_timeout or no_probe or kubelets):
        return None
    from k8snb.sources.connection import Limits
    from k8snb.sources.connection_config import Access

    patience = seconds(request_timeout or "0", "--request-timeout")
    limits = Limits(connect=min(patience, Limits().connect), read=patience, whole=patience) if patience else Limits()
    return Access(kubeconfig, act_as, tuple(act_as_group or ()), limits, not no_probe, kubelets)


def reaching(*without: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command the options of `access`, which it takes as one argument of that name.

    Args:
        without: Parameters of `access` that the command does not offer.
    """
    given = [one for name, one in signature(access).parameters.items() if name not in without]

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        @wraps(command)
        def run(**values: Any) -> int:
            reach = {one.name: values.pop(one.name, one.default) for one in given}
            return command(**values, access=access(**reach))

        _declare(run, [new for one in signature(command).parameters.values() for new in _instead(one, given)])
        return run

    return decorate


def _instead(one: Parameter, given: Sequence[Parameter]) -> Sequence[Parameter]:
    return given if one.name == "access" else [one.replace(kind=Parameter.KEYWORD_ONLY)]


def _declare(run: Any, parameters: Sequence[Parameter]) -> None:
    """Make a function tell its parameters, as Typer asks for them."""
    run.__signature__ = Signature(list(parameters), return_annotation=int)
    run.__annotations__ = {one.name: one.annotation for one in parameters} | {"return": int}
