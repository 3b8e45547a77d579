"""A real IPython kernel, started as the launcher's card starts it."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jupyter_client.manager import KernelManager

from tests.conftest import ROOT

CARD = ROOT / "k8snb" / "data" / "jupyter" / "kernels" / "k8snb"
_PATIENCE = 120


class Ran(NamedTuple):
    """What a cell left behind: `ok` or `error`, what stands below it, and its messages as they came."""

    status: str
    text: str
    error: list[str]
    messages: list[dict[str, Any]]


class Kernel:
    """A kernel that runs cells."""

    def __init__(self, manager: KernelManager, folder: Path) -> None:
        self.folder = folder
        self._manager, self._client = manager, manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=_PATIENCE)

    def run(self, code: str, interrupt: threading.Event | None = None) -> Ran:
        """Run a cell; it is interrupted once the event has happened, until it ends."""
        ended = threading.Event()
        if interrupt:
            threading.Thread(target=self._interrupt, args=(interrupt, ended)).start()
        messages: list[dict[str, Any]] = []
        reply = self._client.execute_interactive(code, output_hook=messages.append, timeout=_PATIENCE)["content"]
        ended.set()
        contents = [one["content"] for one in messages]
        texts = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in contents]
        pages = [one["data"]["text/plain"] for one in reply.get("payload", ()) if one["source"] == "page"]
        lines = [line for one in contents for line in one.get("traceback", ())]
        return Ran(reply["status"], "".join([*texts, *pages]), lines, messages)

    def _interrupt(self, wanted: threading.Event, ended: threading.Event) -> None:
        wanted.wait(_PATIENCE)
        while not ended.is_set():
            self._manager.interrupt_kernel()
            ended.wait(10)

    def value(self, expression: str) -> str:
        """Give the repr of an expression."""
        ran = self.run(f"print(repr(({expression})))")
        assert ran.status == "ok", ran.error
        return ran.text.strip()

    def complete(self, code: str) -> list[str]:
        """Give what Tab makes of code at whose end the cursor stands: the whole code, with each completion in place."""
        reply = self._client.complete(code, len(code), reply=True, timeout=_PATIENCE)["content"]
        return [code[: reply["cursor_start"]] + one for one in reply["matches"]]

    def stop(self) -> None:
        """End it."""
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)


def environment(folder: Path) -> dict[str, str]:
    """Give an environment with settings of its own, in which the card is known."""
    own = {
        "HOME": str(folder),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "configuration"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_PATH": os.pathsep.join(filter(None, (str(CARD.parent.parent), os.environ.get("JUPYTER_PATH")))),
        "KUBECONFIG": str(folder / "kubeconfig"),
        "XDG_STATE_HOME": str(folder / "state"),
    }
    return {name: value for name, value in os.environ.items() if name != "K8SNB_TRACEBACK"} | own


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Kernel]]:
    """Start a kernel, in a folder of its own."""
    started: list[Kernel] = []
    known = pytest.MonkeyPatch()
    known.setenv("JUPYTER_PATH", str(CARD.parent.parent))

    def one() -> Kernel:
        folder = tmp_path_factory.mktemp("k")
        manager = KernelManager(kernel_name="k8snb", transport="ipc", connection_file=str(folder / "kernel.json"))
        manager.start_kernel(cwd=str(folder), env=environment(folder))
        started.append(Kernel(manager, folder))
        return started[-1]

    try:
        yield one
    finally:
        known.undo()
        for kernel in started:
            kernel.stop()


@pytest.fixture(scope="module")
def kernel(start: Callable[[], Kernel]) -> Kernel:
    """A kernel that the tests of a module share, with the demo connected and a chapter assessed."""
    found = start()
    assert found.run("%k8s connect demo").status == "ok"
    assert found.run("%k8s assess pod-security").status == "ok"
    return found
