"""What the controls of control-plane flags share: reading a flag with its default, and examples."""

from ipaddress import ip_address

from k8snb.analysis.components import Component
from k8snb.controls.model import Observation, seen, unknown

_TRUE, _FALSE = {"1", "t", "T", "TRUE", "true", "True"}, {"0", "f", "F", "FALSE", "false", "False"}
_FILES = {"etcd": "config-file"}
"""Flags that name a file which then decides instead of the others."""


def given(one: Component, name: str) -> str | None:
    """Give the value of a flag; None where it is absent or empty."""
    return (one.flags or {}).get(name) or None


def at(one: Component, name: str) -> str:
    """Give the place of a flag."""
    return f"{one.at} --{name}"


def truth(one: Component, name: str, default: bool) -> bool | None:
    """Give the value of a boolean flag; None where it is no boolean. Source: Go, `strconv.ParseBool`."""
    value = given(one, name)
    if value is None:
        return default
    return True if value in _TRUE else False if value in _FALSE else None


def shown(one: Component, name: str) -> str:
    """Give a flag with its value, for a message."""
    value = given(one, name)
    return f"--{name} is not set" if value is None else f"--{name} is {value[:120]}"


def unseen(one: Component, name: str, expected: str) -> Observation | None:
    """Tell that the value in force of a flag cannot be seen, or give None.

    etcd takes a flag that is absent from its environment, and ignores all flags where a configuration file is named.
    Source: etcd documentation, "Configuration options".
    """
    if one.flags is None:
        return unknown(one.gap or "not-collected", f"--{name}", expected)
    file = _FILES.get(one.program)
    if file and file in one.flags:
        clause = f"--{file} is set: the flags do not count, and the file cannot be seen here"
        return unknown("not-collected", at(one, file), expected, clause)
    if one.program == "etcd" and one.environment and name not in one.flags:
        clause = f"--{name} may come from the environment, which is not read"
        return unknown("not-collected", at(one, name), expected, clause)
    return None


def judge(one: Component, name: str, holds: bool, expected: str, message: str = "") -> Observation:
    """Tell a flag that was seen; the message is the flag with its value if empty."""
    told = (message or shown(one, name)) + _otherwise(one, name)
    return seen(holds, at(one, name), given(one, name), expected, told, source="flag")


def _otherwise(one: Component, name: str) -> str:
    """Say where the manifest of a component gives a flag another value than the one in force."""
    written = one.manifest.get(name)
    differs = written is not None and written != (one.flags or {}).get(name)
    return f" (its pod says {str(written)[:120]}; what is in force counts)" if differs else ""


def is_set(one: Component, name: str, expected: str) -> Observation:
    """Tell whether a flag is set at all."""
    return unseen(one, name, expected) or judge(one, name, given(one, name) is not None, expected)


def is_switched(one: Component, name: str, wanted: bool, default: bool) -> Observation:
    """Tell whether a boolean flag has the wanted value, with its default where it is absent."""
    expected = str(wanted).lower()
    message = "" if given(one, name) else f"--{name} is not set, and {str(default).lower()} by default"
    hidden = unseen(one, name, expected)
    return hidden or judge(one, name, truth(one, name, default) is wanted, expected, message)


def on_loopback(one: Component) -> Observation:
    """Tell whether a component listens on the loopback address only; it listens on all by default."""
    name, expected = "bind-address", "127.0.0.1 or ::1"
    hidden = unseen(one, name, expected)
    if hidden:
        return hidden
    message = "" if given(one, name) else f"--{name} is not set, and 0.0.0.0 by default"
    try:
        holds = ip_address(given(one, name) or "0.0.0.0").is_loopback  # noqa: S104 - the default that is judged
    except ValueError:
        holds = False
    return judge(one, name, holds, expected, message)


def component(program: str, *flags: str, version: str = "v1.35.9") -> str:
    """Give an example: the static pod of a program of the control plane with these flags, in YAML."""
    words = "".join(f'\n    - "--{flag}"' for flag in flags)
    return f"""\
---
apiVersion: v1
kind: Pod
metadata: {{name: {program}-cp1, namespace: kube-system}}
spec:
  containers:
  - name: {program}
    image: registry.k8s.io/{program}:{version}
    command:
    - {program}{words}
"""
