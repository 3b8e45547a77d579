"""Asking a Kubernetes API server: the official client's configuration and transport, raw bodies, bounded patience."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from k8snb._version import __version__
from k8snb.sources.connection_answer import Answer, refused, unanswered, warnings

__all__ = ["Answer", "Connection", "Limits"]

JSON = "application/json"
_AGENT = f"k8snb/{__version__}"
_CHUNK = 1 << 18
_GIVEN = {200, 201}


class _Sent(msgspec.Struct, frozen=True):
    """What is sent: a body, its content type, and by which method."""

    body: bytes
    method: str = "POST"
    kind: str = JSON


class Limits(msgspec.Struct, frozen=True):
    """How long to wait, and how often to try. All times are seconds.

    Attributes:
        connect: For a connection.
        read: Without a single byte.
        whole: For one answer.
        retries: After the first attempt; one only where the server was silent.
        backoff: Before the second attempt; doubles from there.
        rest: The longest pause, whatever `Retry-After` says.
        patience: What failed attempts and pauses may cost in all; from then on there is one short attempt each.
        hurried: How long that short attempt may last.
        body: The most bytes that one answer may have.
    """

    connect: float = 10
    read: float = 60
    whole: float = 300
    retries: int = 3
    backoff: float = 0.25
    rest: float = 30
    patience: float = 180
    hurried: float = 5
    body: int = 1 << 30


class Connection(msgspec.Struct):
    """A server and how to authenticate to it.

    Attributes:
        host: Its URL.
        client: An `ApiClient` of the official client.
        limits: How long to wait, and how often to try.
        headers: Sent with every request, such as those of impersonation; a name may stand there twice.
        namespace: The namespace of the context; empty if it names none.
        renew: Gives a client with fresh credentials, asked once after a 401.
        spent: Seconds that failed attempts and pauses have cost so far.
    """

    host: str
    client: Any
    limits: Limits = Limits()
    headers: tuple[tuple[str, str], ...] = ()
    namespace: str = ""
    renew: Callable[[], Any] | None = None
    spent: float = 0

    def get(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        decode: Callable[[bytes], Any] | None = None,
        accept: str = JSON,
    ) -> Answer:
        """Ask for a path; a failure is an answer too.

        Args:
            path: Absolute, such as `/api/v1/pods`.
            query: Parameters of the request.
            decode: Gives the value of a body, or None for one that is malformed and worth another attempt.
            accept: What to ask for.
        """
        answer, attempt = self._timed(path, query, decode, accept), 0
        if answer.status == 401 and self._renewed():
            answer = self._timed(path, query, decode, accept)
        while answer.passing and attempt < self._retries(answer):
            self._pause(answer, attempt)
            attempt += 1
            answer = self._timed(path, query, decode, accept)
        return answer

    def post(self, path: str, body: bytes) -> Answer:
        """Send JSON to a path, once; what was made is an answer of status 201. Nothing of the cluster may change by it.

        Args:
            path: Absolute, of a review, such as `/apis/authorization.k8s.io/v1/selfsubjectaccessreviews`.
            body: JSON.
        """
        return self._once(path, None, None, JSON, _Sent(body))

    def send(self, method: str, path: str, query: Mapping[str, str], body: bytes, kind: str) -> Answer:
        """Send a request that may change the cluster, once. Only `k8snb.remediation` does.

        Args:
            method: HTTP method.
            path: Absolute, of an object or a collection.
            query: Parameters of the request.
            body: JSON.
            kind: Content type of the body.
        """
        return self._once(f"{path}?{urlencode(query)}", None, None, JSON, _Sent(body, method, kind))

    def _renewed(self) -> bool:
        if self.renew is None:
            return False
        renew, self.renew = self.renew, None
        client = renew()
        self.client = client or self.client
        return client is not None

    @property
    def _hurried(self) -> bool:
        return self.spent >= self.limits.patience

    def _retries(self, answer: Answer) -> int:
        if self._hurried:
            return 0
        return min(1, self.limits.retries) if answer.failed == "timeout" else self.limits.retries

    def _pause(self, answer: Answer, attempt: int) -> None:
        wanted = answer.after if answer.after is not None else self.limits.backoff * 2**attempt
        seconds = min(wanted, self.limits.rest, max(0.0, self.limits.patience - self.spent))
        self.spent += seconds
        time.sleep(seconds)

    def _timed(self, path: str, query: Mapping[str, str] | None, decode: Any, accept: str) -> Answer:
        started = time.monotonic()
        answer = self._once(path, query, decode, accept)
        if answer.passing:
            self.spent += time.monotonic() - started
        return answer

    def _once(
        self,
        path: str,
        query: Mapping[str, str] | None,
        decode: Any,
        accept: str,
        sent: _Sent | None = None,
    ) -> Answer:
        import urllib3
        from kubernetes.config import ConfigException

        try:
            status, body, headers = self._ask(path, query, accept, sent)
        except (urllib3.exceptions.HTTPError, ConfigException, OSError, ValueError) as error:
            return unanswered(error)
        if status not in _GIVEN:
            return refused(status, body, headers.get("retry-after"))
        value = decode(body) if decode else None
        if decode and value is None:
            return Answer(status, body, "the answer is not what a Kubernetes API server gives", "malformed")
        return Answer(status, body, value=value, warnings=warnings(headers.getlist("warning")))

    def _ask(
        self, path: str, query: Mapping[str, str] | None, accept: str, sent: _Sent | None
    ) -> tuple[int, bytes, Any]:
        import urllib3

        limits = self.limits
        most = limits.hurried if self._hurried else limits.read
        whole = limits.hurried if self._hurried else limits.whole
        deadline = time.monotonic() + whole
        response = self.client.rest_client.pool_manager.request(
            "GET" if sent is None else sent.method,
            self.host + path,
            **({"fields": query} if sent is None else {"body": sent.body}),
            headers=self._headers(accept, sent.kind if sent else ""),
            retries=False,
            timeout=urllib3.Timeout(connect=min(limits.connect, most), read=most),
            redirect=False,
            preload_content=False,
        )
        try:
            body = _body(response, deadline, limits.body)
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return response.status, body, response.headers

    def _headers(self, accept: str, kind: str) -> Any:
        import urllib3

        found = urllib3.HTTPHeaderDict({"accept": accept, "user-agent": _AGENT})
        if kind:
            found["content-type"] = kind
        for one in self.client.configuration.auth_settings().values():
            if one["in"] == "header" and one["value"]:
                found[one["key"]] = one["value"]
        for name, value in self.headers:
            found.add(name, value)
        return found


def _body(response: Any, deadline: float, most: int) -> bytes:
    """Read to the end, however slowly it comes, but not for ever."""
    pieces, size = [], 0
    while piece := response.read1(_CHUNK):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            told = f"an answer of more than {most >> 20} MiB"
            raise ValueError(told)
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(pieces)
