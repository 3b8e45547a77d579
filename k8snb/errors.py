"""What can go wrong in a way that a person can mend: one line of what and where, one of what to do next."""

from collections.abc import Sequence


class K8snbError(Exception):
    """A foreseeable problem, told without a traceback.

    Args:
        message: What went wrong, and where; one line.
        hint: What to do next; one line, may be empty.
        details: Lines that belong to it, such as the end of a log; untrusted text.
    """

    exit_status = 2

    def __init__(self, message: str, hint: str = "", details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(K8snbError):
    """A wrong word, parameter or file from the user."""


class SourceError(K8snbError):
    """The source could not be read at all."""

    exit_status = 3


class ReportError(K8snbError):
    """A report run that did not complete; no archive was made."""

    exit_status = 3
