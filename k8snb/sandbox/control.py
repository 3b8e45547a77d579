"""Making a practice cluster, starting it, and taking it away."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from k8snb.errors import UsageError
from k8snb.sandbox import binaries, certificates, components, kubeconfig, ports, pretended, processes, ready
from k8snb.sandbox.client import Client
from k8snb.sandbox.components import Settings
from k8snb.sandbox.errors import SandboxError, on_disk
from k8snb.sandbox.home import Home
from k8snb.sandbox.lock import locked
from k8snb.sandbox.profiles import profile
from k8snb.sandbox.versions import DEFAULT, versions

Tell = Callable[[str], None]
_LISTENERS = (components.ETCD, "etcd-peer", *components.STOPPING[:-1])


def up(
    home: Home,
    tell: Tell,
    *,
    version: str | None = None,
    profile: str | None = None,
    nodes: int | None = None,
    bin_dir: str | None = None,
) -> Settings:
    """Make sure that a practice cluster runs; one that runs is left as it is.

    Args:
        home: Where it keeps its files.
        tell: Called with one line of progress at a time.
        version: Minor version; that of an existing one, or the newest, if None.
        profile: `weak` or `hardened`; that of an existing one, or `hardened`, if None.
        nodes: How many nodes to pretend; as it is, or none, if None.
        bin_dir: A folder with the programs.

    Raises:
        UsageError: if a word is wrong, or one with other settings exists.
        SandboxError: if it cannot be made or started.
    """
    wanted: dict[str, object] = {"version": version, "profile": profile, "nodes": nodes}
    with changing(home, tell) as lock:
        found = settings(home)
        if found is None:
            found = _made(home, tell, {key: value for key, value in wanted.items() if value is not None}, bin_dir)
        _same(home, found, wanted)
        return started(home, found, lock, tell)


@contextmanager
def changing(home: Home, tell: Tell) -> Iterator[int]:
    """Hold the lock of a practice cluster, and tell plainly what goes wrong with its files.

    Yields:
        Descriptor of the lock.

    Raises:
        SandboxError: if its files cannot be written.
    """
    waiting = f"Waiting for another command on {home.context}."
    with on_disk(home.folder, "XDG_STATE_HOME"), locked(home.lock, lambda: tell(waiting)) as lock:
        yield lock


def _made(home: Home, tell: Tell, wanted: dict[str, object], bin_dir: str | None) -> Settings:
    asked = {"version": DEFAULT, "profile": "hardened", "nodes": 0} | wanted
    chosen, how = versions(str(asked["version"])), profile(str(asked["profile"]))
    _removed(home)
    names = components.ALWAYS + (components.WITH_NODES if asked["nodes"] else ())
    programs = {one: str(path) for one, path in binaries.provide(names, chosen, tell, bin_dir).items()}
    tell("Making certificates.")
    certificates.make(home.keys)
    for name, content in {**how.files, pretended.CONFIGURATION: pretended.stages}.items():
        kubeconfig.secretly(home.configuration / name, content(home))
    made = msgspec.convert(asked | {"binaries": programs, "ports": ports.free(_LISTENERS)}, type=Settings)
    save(home, made)
    return made


def _same(home: Home, found: Settings, wanted: dict[str, object]) -> None:
    for key, value in wanted.items():
        there = getattr(found, key)
        if value is not None and value != there:
            hint = "Remove it first with k8snb sandbox down, or make another one with --name."
            raise UsageError(f"{home.context} exists with {key} {there}, not {value}.", hint)


def started(home: Home, found: Settings, lock: int, tell: Tell) -> Settings:
    """Start what does not run yet; what was started is stopped again if the rest fails.

    Args:
        home: Where the files are.
        found: What the cluster was made as.
        lock: Descriptor of the lock that is held.
        tell: Called with one line of progress at a time.

    Returns:
        The settings, with the ports that are used now.

    Raises:
        SandboxError: if a component does not become ready.
    """
    if all(processes.running(home, one) for one in found.components):
        _write_kubeconfigs(home, found)
        return found
    processes.stop(home, components.STOPPING)
    if not ports.usable(found.ports.values()):
        found = msgspec.structs.replace(found, ports=ports.free(_LISTENERS))
    save(home, found)
    _write_kubeconfigs(home, found)
    try:
        for component in found.components:
            if component == components.SCHEDULER:
                tell(f"Pretending {found.nodes:,} nodes.")
                pretended.create(Client(home, found.server), found.nodes, versions(found.version).kubernetes)
            tell(f"Starting {component} {versions(found.version).of(component)}.")
            run(home, found, component, lock)
    except BaseException:
        processes.stop(home, [one for one in components.STOPPING if processes.running(home, one)])
        raise
    return found


def run(home: Home, found: Settings, component: str, lock: int) -> None:
    """Start one component, and wait until it is ready.

    Raises:
        SandboxError: if it does not become ready.
    """
    command = components.command(home, found, component)
    processes.start(home, component, command, components.ENVIRONMENT.get(component, {}), lock)
    ready.wait(home, found, component)


def _write_kubeconfigs(home: Home, found: Settings) -> None:
    kubeconfig.write(home, found.server, home.kubeconfig, "admin")
    for component in (components.CONTROLLER_MANAGER, components.SCHEDULER):
        kubeconfig.write(home, found.server, home.configuration / f"{component}.kubeconfig", component)


def down(home: Home, tell: Tell) -> bool:
    """Stop a practice cluster, and remove everything that it wrote.

    Returns:
        Whether there was one.
    """
    if not home.folder.exists() and not home.lock.exists():
        return False
    with changing(home, tell):
        there = home.folder.exists()
        _removed(home)
        home.lock.unlink(missing_ok=True)
    return there


def _removed(home: Home) -> None:
    processes.stop(home, components.STOPPING)
    home.settings.unlink(missing_ok=True)
    if home.folder.exists():
        shutil.rmtree(home.folder)


def settings(home: Home) -> Settings | None:
    """Give what a practice cluster was made as, or None if it does not exist, or was not finished."""
    try:
        return msgspec.json.decode(home.settings.read_bytes(), type=Settings)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise SandboxError(f"{home.settings} cannot be read ({error}).", "k8snb sandbox down removes it.") from error


def save(home: Home, found: Settings) -> None:
    """Record what a practice cluster is made as."""
    kubeconfig.secretly(home.settings, msgspec.json.encode(found).decode())
