"""A server that answers access reviews, discovery and lists, as far as it is told to."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REASON = 'RBAC: allowed by ClusterRoleBinding "k8snb-cluster" of ClusterRole "k8snb-cluster"'
REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


class Api(ThreadingHTTPServer):
    """Allows all but what is in `denied`; `served` are the versions of optional groups; `answer` replaces reviews."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.denied: set[str] = set()
        self.served: dict[str, dict[str, list[str]]] = {}
        self.answer: tuple[int, bytes] | None = None
        self.reason = REASON
        self.asked: list[tuple[str, str]] = []
        self.reviews: list[dict[str, Any]] = []


class Handler(BaseHTTPRequestHandler):
    server: Api

    def do_GET(self) -> None:
        self.server.asked.append(("GET", self.path))
        if self.path == "/apis":
            self._send(200, _discovery(self.server.served))
        else:
            self._send(404, b"404 page not found")

    def do_POST(self) -> None:
        self.server.asked.append(("POST", self.path))
        review = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.reviews.append(review["spec"])
        self._send(*(self.server.answer or (201, self._reviewed(review))))

    def _reviewed(self, review: dict[str, Any]) -> bytes:
        spec = review["spec"]
        about = spec.get("resourceAttributes")
        name = about["resource"] if about else spec["nonResourceAttributes"]["path"]
        allowed = name not in self.server.denied
        return json.dumps(review | {"status": {"allowed": allowed, "reason": self.server.reason * allowed}}).encode()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _discovery(served: dict[str, dict[str, list[str]]]) -> bytes:
    groups = [
        {
            "metadata": {"name": group},
            "versions": [
                {"version": version, "resources": [{"resource": name} for name in names]}
                for version, names in versions.items()
            ],
        }
        for group, versions in served.items()
    ]
    return json.dumps({"kind": "APIGroupDiscoveryList", "items": groups}).encode()


def kubeconfig(folder: Path, port: int, context: str = "prod") -> str:
    """Write a kubeconfig for it, and give its path."""
    content = {
        "current-context": context,
        "contexts": [{"name": context, "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
        "users": [{"name": "u", "user": {"token": "t"}}],
    }
    path = folder / "config"
    path.write_text(json.dumps(content))
    return str(path)
