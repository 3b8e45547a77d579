"""What of a practice cluster runs, and why something does not."""

import msgspec

from k8snb.sandbox import control, processes
from k8snb.sandbox.components import Settings
from k8snb.sandbox.home import Home


class Component(msgspec.Struct, frozen=True):
    """One process of a practice cluster.

    Attributes:
        name: Its name.
        state: `runs`, `died` (it was started and is gone), or `stopped`.
        pid: Number of the process, while it runs.
        log: Path of its log.
        last: The end of its log, if it died.
    """

    name: str
    state: str
    pid: int | None
    log: str
    last: list[str] = []


class Status(msgspec.Struct, frozen=True):
    """One practice cluster.

    Attributes:
        context: Name of its kubeconfig context.
        settings: What it was made as; None if it does not exist.
        kubeconfig: Path of the file with that context.
        components: Its processes.
    """

    context: str
    settings: Settings | None
    kubeconfig: str
    components: list[Component]

    @property
    def up(self) -> bool:
        """Whether everything runs."""
        return bool(self.components) and all(one.state == "runs" for one in self.components)


def status(home: Home) -> Status:
    """Tell what runs; nothing is changed.

    Raises:
        SandboxError: if its settings cannot be read.
    """
    found = control.settings(home)
    names = found.components if found else ()
    return Status(home.context, found, str(home.kubeconfig), [_component(home, name) for name in names])


def _component(home: Home, name: str) -> Component:
    process = processes.recorded(home, name)
    if process is not None and process.alive:
        return Component(name, "runs", process.pid, str(home.log(name)))
    if process is None:
        return Component(name, "stopped", None, str(home.log(name)))
    return Component(name, "died", None, str(home.log(name)), processes.last_lines(home, name))
