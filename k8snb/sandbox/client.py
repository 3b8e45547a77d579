"""Asking the practice cluster, as one of its own identities."""

from typing import Any

import msgspec

from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.home import Home

_TIMEOUT_SECONDS = 30.0


class Client:
    """A client of the practice cluster; may be used by several threads at once.

    Args:
        home: Where the certificates are.
        server: Address of the server.
        identity: Name of the client certificate.
        authority: Name of the authority that signed the server's certificate.
    """

    def __init__(self, home: Home, server: str, identity: str = "admin", authority: str = "ca") -> None:
        import urllib3

        keys = home.keys
        trust: dict[str, Any] = {"ca_certs": str(keys / f"{authority}.crt")}
        pair = {"cert_file": str(keys / f"{identity}.crt"), "key_file": str(keys / f"{identity}.key")}
        self._server = server
        secured = trust | pair if server.startswith("https") else {}
        self._pool = urllib3.PoolManager(maxsize=16, retries=False, **secured)

    def ask(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, Any]:
        """Send a request.

        Args:
            method: HTTP method.
            path: Path, with its query.
            body: What to send as JSON; nothing if None.
            kind: Content type of the body.

        Returns:
            HTTP status, 0 if nobody answers, and the decoded answer, or its text if it is no JSON.
        """
        import urllib3

        headers = {"accept": "application/json", "content-type": kind, "user-agent": "k8snb-sandbox"}
        data = None if body is None else msgspec.json.encode(body)
        try:
            got = self._pool.request(method, self._server + path, body=data, headers=headers, timeout=_TIMEOUT_SECONDS)
        except urllib3.exceptions.HTTPError as error:
            return 0, str(error)
        try:
            return got.status, msgspec.json.decode(got.data)
        except (msgspec.MsgspecError, UnicodeError):
            return got.status, got.data.decode("utf-8", "replace")

    def get(self, path: str) -> Any:
        """Give an object.

        Raises:
            SandboxError: if it cannot be had.
        """
        status, answer = self.ask("GET", path)
        if status != 200:
            raise SandboxError(f"The sandbox does not give {path} ({status}).")
        return answer

    def answers(self, path: str) -> bool:
        """Tell whether a path answers with 200."""
        return self.ask("GET", path)[0] == 200
