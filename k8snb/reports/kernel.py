"""The kernel of a report run: this very Python, no settings of the user's, sockets that nobody else can take."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

_LONGEST_SOCKET = 90
_started: list[int] = []


class Kernel(AsyncKernelManager):
    """Starts a kernel with this interpreter, whatever kernels are installed.

    It talks over Unix sockets, since two kernels at once may fight for TCP ports; over TCP only where the path of the
    runtime folder is too long for a socket.
    """

    def __init__(self, **settings: Any) -> None:
        runtime = Path(os.environ["JUPYTER_RUNTIME_DIR"])
        settings["connection_file"] = str(runtime / "kernel.json")
        if len(settings["connection_file"]) < _LONGEST_SOCKET:
            settings["transport"] = "ipc"
        super().__init__(**settings)

    @property
    def kernel_spec(self) -> Any:
        """What is started."""
        launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=[*launch, "--HistoryManager.enabled=False"], display_name="Python 3", language="python")

    async def start_kernel(self, **settings: Any) -> None:  # type: ignore[override]
        """Start it, and remember it."""
        await super().start_kernel(**settings)
        _started.append(getattr(self.provisioner, "pid", 0))


def kill() -> None:
    """End every kernel of this process, at once, with all that it started."""
    for process in filter(None, _started):
        with suppress(OSError):
            os.killpg(process, signal.SIGKILL)


def forget() -> None:
    """Forget kernels that have ended: their numbers may be another process's by now."""
    _started.clear()
