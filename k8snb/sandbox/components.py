"""What each component is started with."""

from collections.abc import Mapping

import msgspec

from k8snb.sandbox import pretended
from k8snb.sandbox.home import Home
from k8snb.sandbox.profiles import Profile, profile

ETCD, API_SERVER, CONTROLLER_MANAGER, SCHEDULER, KWOK = (
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
)
ALWAYS = (ETCD, API_SERVER, CONTROLLER_MANAGER)
WITH_NODES = (SCHEDULER, KWOK)
STOPPING = (KWOK, SCHEDULER, CONTROLLER_MANAGER, API_SERVER, ETCD)
SERVICE_RANGES = "10.96.0.0/16,2001:db8:96::/112"
"""The second one is that of the demo cluster, which lies within the addresses for documentation."""

_SMALL = {"GOGC": "40"}
ENVIRONMENT: Mapping[str, Mapping[str, str]] = {API_SERVER: _SMALL, CONTROLLER_MANAGER: _SMALL}
_UNATTENDED = "node-lifecycle-controller,taint-eviction-controller,daemonset-controller,statefulset-controller"
"""They would take recorded pods away: nobody reports for their nodes, and their revisions are recorded ones."""
_CALENDAR = "cronjob-controller,ttl-after-finished-controller"


class Settings(msgspec.Struct, frozen=True):
    """What a practice cluster was made as.

    Attributes:
        version: Minor version.
        profile: Name of the profile.
        nodes: How many nodes are pretended.
        binaries: Path of each program.
        ports: Port of each listener.
        seeded: Whether the demo cluster was loaded into it.
    """

    version: str
    profile: str
    nodes: int
    binaries: dict[str, str]
    ports: dict[str, int]
    seeded: bool = False

    @property
    def components(self) -> tuple[str, ...]:
        """What runs, in the order in which it starts."""
        return ALWAYS + (WITH_NODES if self.nodes else ())

    @property
    def server(self) -> str:
        """Address of the API server."""
        return f"https://127.0.0.1:{self.ports[API_SERVER]}"

    @property
    def etcd(self) -> str:
        """Address of etcd."""
        return f"{_scheme(profile(self.profile))}://127.0.0.1:{self.ports[ETCD]}"


def command(home: Home, settings: Settings, component: str) -> list[str]:
    """Give program and arguments of a component.

    Args:
        home: Where its files are.
        settings: What the cluster was made as.
        component: Its name.
    """
    chosen = profile(settings.profile)
    flags = {
        ETCD: lambda: _etcd(settings, chosen),
        API_SERVER: lambda: _api_server(settings, chosen),
        CONTROLLER_MANAGER: lambda: _controller_manager(settings, chosen),
        SCHEDULER: lambda: _client(settings, SCHEDULER) | dict(chosen.scheduler),
        KWOK: lambda: _kwok(settings),
    }[component]()
    places = {"folder": home.folder, "keys": home.keys, "configuration": home.configuration}
    return [settings.binaries[component], *(f"--{name}={value.format(**places)}" for name, value in flags.items())]


def _scheme(chosen: Profile) -> str:
    return "https" if chosen.etcd_tls else "http"


def _etcd(settings: Settings, chosen: Profile) -> dict[str, str]:
    scheme = _scheme(chosen)
    client, peer = settings.etcd, f"{scheme}://127.0.0.1:{settings.ports['etcd-peer']}"
    flags = {
        "name": "sandbox",
        "data-dir": "{folder}/etcd",
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"sandbox={peer}",
        "log-level": "warn",
        "unsafe-no-fsync": "true",
    }
    if not chosen.etcd_tls:
        return flags
    keys = {"cert-file": "{keys}/etcd.crt", "key-file": "{keys}/etcd.key", "trusted-ca-file": "{keys}/etcd-ca.crt"}
    secured = keys | {"client-cert-auth": "true"}
    return flags | secured | {f"peer-{name}": value for name, value in secured.items()}


def _api_server(settings: Settings, chosen: Profile) -> dict[str, str]:
    to_etcd = {
        "etcd-cafile": "{keys}/etcd-ca.crt",
        "etcd-certfile": "{keys}/etcd-client.crt",
        "etcd-keyfile": "{keys}/etcd-client.key",
    }
    return {
        "bind-address": "127.0.0.1",
        "advertise-address": "127.0.0.1",
        "secure-port": str(settings.ports[API_SERVER]),
        "endpoint-reconciler-type": "none",
        "etcd-servers": settings.etcd,
        **(to_etcd if chosen.etcd_tls else {}),
        "client-ca-file": "{keys}/ca.crt",
        "tls-cert-file": "{keys}/api-server.crt",
        "tls-private-key-file": "{keys}/api-server.key",
        "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
        "service-account-key-file": "{keys}/service-accounts.pub",
        "service-account-signing-key-file": "{keys}/service-accounts.key",
        "service-cluster-ip-range": SERVICE_RANGES,
        "allow-privileged": "true",
        "watch-cache": "false",
        **chosen.api_server,
    }


def _client(settings: Settings, component: str) -> dict[str, str]:
    kubeconfig = f"{{configuration}}/{component}.kubeconfig"
    paths = {f"{area}-kubeconfig": kubeconfig for area in ("authentication", "authorization")}
    return {
        "kubeconfig": kubeconfig,
        **paths,
        "bind-address": "127.0.0.1",
        "secure-port": str(settings.ports[component]),
        "leader-elect": "false",
        "tls-cert-file": f"{{keys}}/{component}.crt",
        "tls-private-key-file": f"{{keys}}/{component}.key",
    }


def _controller_manager(settings: Settings, chosen: Profile) -> dict[str, str]:
    left_out = [*_CALENDAR.split(","), *(() if settings.nodes and not settings.seeded else _UNATTENDED.split(","))]
    return {
        **_client(settings, CONTROLLER_MANAGER),
        "controllers": ",".join(["*", *(f"-{one}" for one in left_out)]),
        "root-ca-file": "{keys}/ca.crt",
        "service-account-private-key-file": "{keys}/service-accounts.key",
        "cluster-signing-cert-file": "{keys}/ca.crt",
        "cluster-signing-key-file": "{keys}/ca.key",
        **chosen.controller_manager,
    }


def _kwok(settings: Settings) -> dict[str, str]:
    return {
        "kubeconfig": "{folder}/kubeconfig",
        "config": f"{{configuration}}/{pretended.CONFIGURATION}",
        "manage-all-nodes": "true",
        "node-lease-duration-seconds": "40",
        "server-address": f"127.0.0.1:{settings.ports[KWOK]}",
    }
