"""JupyterLab as `k8snb lab` starts it, and a page of it."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.magics.conftest import environment

PATIENCE = 90_000
"""Milliseconds that anything in a page may take."""
CONNECTED = """() => {
  const context = jupyterapp.shell.currentWidget?.sessionContext;
  const kernel = context?.isReady && context.session?.kernel;
  return kernel && kernel.connectionStatus === "connected" && kernel.status === "idle";
}"""
"""Whether the notebook in front has a kernel that listens."""
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
_SHOTS = Path("/tmp/k8snb-shots")


@contextmanager
def running_lab(folder: Path) -> Iterator[str]:
    """Run a JupyterLab that `k8snb lab` started, on notebooks that it made in `work`; give its address."""
    (folder / "configuration").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    quiet = {"open_browser": False, "allow_root": True, "ip": "127.0.0.1", "port": port, "root_dir": "/"}
    settings = {"ServerApp": quiet, "IdentityProvider": {"token": ""}, "LabApp": {"expose_app_in_browser": True}}
    (folder / "configuration" / "jupyter_server_config.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "k8snb.cli", "lab", "work"]
    log = folder / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=output, stderr=output) as server,
    ):
        try:
            yield _address(server, folder / "runtime", log)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _address(server: "subprocess.Popen[bytes]", runtime: Path, log: Path) -> str:
    end = time.monotonic() + 300
    while time.monotonic() < end and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            found: dict[str, str] = json.loads(file.read_text() or "{}")
            if found:
                assert found["root_dir"].endswith("/work")
                return found["url"]
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def opened(browser: Any, lab: str, theme: str, path: str = "") -> Any:
    """Open a workspace of its own, in a theme: the launcher, or a file."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{lab}lab/workspaces/{theme}{f'/tree/{path}' if path else ''}?reset")
    page.wait_for_function("window.jupyterapp && document.querySelector('.jp-LauncherCard, .jp-Notebook')")
    page.evaluate(f"jupyterapp.commands.execute('apputils:change-theme', {{theme: {THEMES[theme]!r}}})")
    page.wait_for_selector(f"body[data-jp-theme-light={str(theme == 'light').lower()}]", state="attached")
    return page


def watched(page: Any, lab: str) -> list[str]:
    """Give what goes wrong on a page from now on: dialogs, errors, and requests to anybody but the JupyterLab."""
    trouble: list[str] = []
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith((lab, "data:", "blob:")) else trouble.append(one.url))
    return trouble


def shot(page: Any, name: str) -> None:
    """Keep a picture of a page, where somebody wants to look at it."""
    if _SHOTS.is_dir():
        page.screenshot(path=_SHOTS / f"{name}.png")


def leave(page: Any) -> None:
    """Close a page, and end the kernel of its notebook: kernels that nobody wants slow the others down."""
    page.evaluate("jupyterapp.shell.currentWidget?.sessionContext?.shutdown()")
    page.close()
