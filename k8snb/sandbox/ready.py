"""Waiting until a component does its work, or telling why it does not."""

from collections.abc import Callable

from k8snb.sandbox import components, processes
from k8snb.sandbox.client import Client
from k8snb.sandbox.components import Settings
from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.home import Home

READY_SECONDS = 90.0


def wait(home: Home, settings: Settings, component: str, seconds: float = READY_SECONDS) -> None:
    """Wait until a component that was started is ready.

    Args:
        home: Where its files are.
        settings: What the cluster was made as.
        component: Its name.
        seconds: How long at most.

    Raises:
        SandboxError: if it died or does not become ready in time, with the end of its log.
    """
    healthy = _healthy(home, settings, component)
    processes.wait(lambda: not processes.running(home, component) or healthy(), seconds)
    if processes.running(home, component) and healthy():
        return
    what = "is not ready" if processes.running(home, component) else "died"
    told = processes.last_lines(home, component) or ["(it logged nothing)"]
    raise SandboxError(f"{component} {what}. The end of its log:", f"The whole log: {home.log(component)}", told)


def _healthy(home: Home, settings: Settings, component: str) -> Callable[[], bool]:
    own = f"https://127.0.0.1:{settings.ports.get(component, 0)}"
    server, path, identity, authority = {
        components.ETCD: (settings.etcd, "/health", "etcd-client", "etcd-ca"),
        components.API_SERVER: (settings.server, "/readyz", "admin", "ca"),
        components.CONTROLLER_MANAGER: (own, "/healthz", "admin", "ca"),
        components.SCHEDULER: (own, "/healthz", "admin", "ca"),
        components.KWOK: (own.replace("https", "http"), "/healthz", "admin", "ca"),
    }[component]
    client = Client(home, server, identity, authority)
    return lambda: client.answers(path)
