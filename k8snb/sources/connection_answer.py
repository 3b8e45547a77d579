"""What a server answered, or why it did not, in words for a person."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from k8snb.sources.stream import Cause

T = TypeVar("T")
_RETRIED = (408, 429, 500, 502, 503, 504)
_NOISE = re.compile(r"\[Errno -?\d+\] |\[SSL: \w+\] | ?\(_ssl\.c:\d+\)")
_MESSAGE = 300
_WARNING = re.compile(r'299 \S+ "((?:[^"\\]|\\.)*)"')


class Answer(msgspec.Struct, frozen=True):
    """What a server answered.

    Attributes:
        status: HTTP status; 0 where there was no answer.
        body: As it came.
        reason: One line for a person where it was not 200, or could not be used.
        failed: Why there was no answer that could be used.
        value: What the body was decoded to, where a decoder was given and it fits.
        after: Seconds to wait before the next attempt, where the server says so.
        hopeless: Whether another attempt would fail the same way.
        warnings: What the server warns of; untrusted text.
    """

    status: int
    body: bytes
    reason: str = ""
    failed: Cause | None = None
    value: Any = None
    after: float | None = None
    hopeless: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def passing(self) -> bool:
        """Whether another attempt may do better."""
        return not self.hopeless and (self.failed is not None or self.status in _RETRIED)


def decoded(body: bytes | msgspec.Raw, wanted: type[T]) -> T | None:
    """Decode JSON of a server; None where it is not what was wanted.

    Args:
        body: As it came.
        wanted: What it should be.
    """
    try:
        return msgspec.json.decode(body, type=wanted)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None


class _Status(msgspec.Struct):
    message: str | None = ""


def refused(status: int, body: bytes, after: str | None) -> Answer:
    """Give the answer of a server that did not give what it was asked for.

    Args:
        status: Not 200.
        body: A `metav1.Status`, or anything else.
        after: The header `Retry-After`, if there was one; a date in it is ignored.
    """
    wait = float(after) if after and after.isascii() and after.isdigit() else None
    return Answer(status, body, _reason(status, body), after=wait)


def _reason(status: int, body: bytes) -> str:
    told = decoded(body, _Status)
    message = told and told.message
    return f"{message[:_MESSAGE]} ({status})" if message else f"HTTP status {status}"


def warnings(headers: Sequence[str]) -> tuple[str, ...]:
    """Give the texts of `Warning` headers.

    Args:
        headers: Their values.

    Source: Kubernetes, `net/http.go NewWarningHeader`; RFC 7234, 5.5.
    """
    found = [text for value in headers for text in _WARNING.findall(value)]
    return tuple(re.sub(r"\\(.)", r"\1", one) for one in found)


def unanswered(error: Exception) -> Answer:
    """Tell why there was no answer.

    Args:
        error: What the transport raised.
    """
    import urllib3

    cause = getattr(error, "reason", None) or error
    gone = isinstance(cause, urllib3.exceptions.NewConnectionError)
    if isinstance(cause, urllib3.exceptions.TimeoutError | TimeoutError) and not gone:
        return Answer(0, b"", "no answer in time", "timeout")
    if isinstance(cause, urllib3.exceptions.IncompleteRead | urllib3.exceptions.ProtocolError):
        return Answer(0, b"", f"the connection broke off ({_told(cause)})", "unreachable")
    if isinstance(cause, urllib3.exceptions.ProxyError):
        return Answer(0, b"", f"the proxy refuses: {_told(cause.original_error)}", "unreachable")
    secured = isinstance(cause, urllib3.exceptions.SSLError)
    return Answer(0, b"", f"TLS: {_told(cause)}" if secured else _told(cause), "unreachable", hopeless=secured)


def _told(cause: Any) -> str:
    told = _NOISE.sub("", str(cause)).rpartition(": ")[2].strip("()'\" .,")
    return told[:200] or type(cause).__name__
