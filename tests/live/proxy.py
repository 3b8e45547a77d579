"""A proxy that stands between k8snb and an API server, and does what goes wrong."""

import json
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.live.standin import Reply, Upstream

PAGE = 40
"""How many objects a page has, whatever is asked for: so that lists of a small cluster have several."""
STATUSES = {"403": 403, "404": 404, "410": 410, "429": 429, "500": 500}
FAULTS = (*STATUSES, "reset", "truncated body", "invalid JSON", "stall")


class Fault:
    """What goes wrong with one resource.

    Attributes:
        name: One of `FAULTS`.
        resource: Plural name.
        later: Whether the first page comes as it should.
        times: How often it happens; for ever if negative.
        token: The token that a 410 offers for the rest; the one that expired if None.
    """

    def __init__(self, name: str, resource: str, *, later: bool = False, times: int = -1, offers: bool = False) -> None:
        self.name, self.resource, self.later, self.left, self.offers = name, resource, later, times, offers
        self.met = 0

    def strikes(self, target: str) -> bool:
        """Say whether it happens to this request."""
        parts = urlsplit(target)
        hit = parts.path.rpartition("/")[2] == self.resource and self.left != 0
        if not hit or (self.later and "continue=" not in parts.query):
            return False
        self.left -= 1
        self.met += 1
        return True


class Proxy(ThreadingHTTPServer):
    """Hands on every request; `fault` may strike."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, upstream: Upstream, page: int = PAGE) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream, self.page = upstream, page
        self.fault: Fault | None = None
        self.asked: list[str] = []
        self.over = threading.Event()
        self.cut: Callable[[str], Reply | None] = lambda _target: None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Say nothing: connections that break are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        fault = self.server.fault
        if fault and fault.strikes(self.path):
            self._fail(fault)
        else:
            self._give(*(self.server.cut(self.path) or self._upstream()))

    def _upstream(self) -> Reply:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query)) | ({"limit": str(self.server.page)} if "limit=" in parts.query else {})
        target = parts.path + (f"?{urlencode(query)}" if query else "")
        return self.server.upstream.ask(target, {"accept": self.headers.get("accept", "")})

    def _give(self, status: int, body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if status == 429:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, fault: Fault) -> None:
        if fault.name in STATUSES:
            self._give(STATUSES[fault.name], self._status(fault))
            return
        body = self._upstream()[1]
        if fault.name == "invalid JSON":
            self._give(200, body[: len(body) // 2])
            return
        if fault.name == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self._give(200, body[: len(body) // 2], len(body))
            self.wfile.flush()
        if fault.name == "stall":
            self.server.over.wait(30)
        self.close_connection = True
        self.connection.close()

    def _status(self, fault: Fault) -> bytes:
        token = dict(parse_qsl(urlsplit(self.path).query)).get("continue") if fault.offers else None
        meta = {"continue": token} if token else {}
        told = {"kind": "Status", "metadata": meta, "message": f"{fault.resource}: {fault.name}"}
        return json.dumps(told).encode()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
