"""YAML that every reader takes for the same: only plain words stand without quotes."""

import re
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*")
_MEANT = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"])


def yaml(value: Any) -> str:
    """Give JSON types as YAML of one document.

    A text that some reader could take for a number, a date, a boolean or null stands in quotes; so does one with any
    character that means something to YAML, to a shell, or to a terminal.

    Args:
        value: JSON types; untrusted.
    """
    import yaml as library

    return library.dump(value, Dumper=_dumper(), sort_keys=False, width=10_000, default_flow_style=False)


def _dumper() -> Any:
    import yaml as library

    class Dumper(library.SafeDumper):
        """Never an alias, and quotes wherever there is doubt."""

        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library asks so
            return True

    Dumper.add_representer(str, _text)
    return Dumper


def _text(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain(text) else '"')


def is_plain(text: str) -> bool:
    """Say whether a text is the same for every reader of YAML without quotes."""
    return _PLAIN.fullmatch(text) is not None and text.lower() not in _MEANT


def line(text: str) -> str:
    """Give an untrusted text on one line: what would not print, and every backtick, stands as an escape."""
    return "".join(
        one
        if one.isprintable() and one not in "`<"
        else ascii(one)[1:-1]
        if not one.isprintable()
        else f"\\x{ord(one):02x}"
        for one in text
    )
