"""kubeconfig files of one practice cluster."""

import json
from pathlib import Path

from k8snb.sandbox.home import Home


def write(home: Home, server: str, path: Path, identity: str) -> None:
    """Write a kubeconfig file; JSON is YAML.

    Args:
        home: Where the certificates are; its context is the current one.
        server: Address of the API server.
        path: The file.
        identity: Name of the client certificate.
    """
    name, keys = home.context, home.keys
    user = {"client-certificate": str(keys / f"{identity}.crt"), "client-key": str(keys / f"{identity}.key")}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": {"server": server, "certificate-authority": str(keys / "ca.crt")}}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
    }
    secretly(path, json.dumps(content, indent=2))


def secretly(path: Path, text: str) -> None:
    """Write a file that only its owner reads; it appears whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text(text, "utf-8")
    part.replace(path)
