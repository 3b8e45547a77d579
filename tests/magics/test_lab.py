"""`k8snb lab` as a person meets it: the launcher's card, a cell, an error, Tab."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import chromium

from .conftest import environment

_PATIENCE = 90_000
_CONNECTED = """() => {
  const context = jupyterapp.shell.currentWidget?.sessionContext;
  const kernel = context?.isReady && context.session?.kernel;
  return kernel && kernel.connectionStatus === "connected" && kernel.status === "idle";
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def lab(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that `k8snb lab` started, on notebooks that it made."""
    folder = tmp_path_factory.mktemp("lab")
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


@pytest.fixture
def page(browser: Any, lab: str) -> Iterator[Any]:
    """An empty workspace, with the launcher in it."""
    made = browser.new_page(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(_PATIENCE)
    made.goto(f"{lab}lab?reset")
    made.wait_for_function("window.jupyterapp && document.querySelector('.jp-LauncherCard')")
    yield made
    made.close()


def run(page: Any, number: int, text: str) -> Any:
    """Run the last cell, the `number`th of the notebook, and give its output."""
    cell = page.locator(".jp-CodeCell").nth(number - 1)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")
    cell.locator(".jp-InputArea-prompt", has_text=f"[{number}]:").wait_for()
    return cell.locator(".jp-OutputArea-output").last


def test_from_the_card_to_a_verdict(page: Any) -> None:
    trouble: list[str] = []
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    card = page.locator(".jp-LauncherCard[data-category=Notebook]", has_text="Kubernetes (k8snb)")
    assert card.locator("img").evaluate("image => image.complete && image.naturalWidth") >= 32
    card.click()
    page.wait_for_function(_CONNECTED)

    assert "22 namespaces" in run(page, 1, "%k8s connect demo").inner_text()
    assert "of 100" in run(page, 2, "r = %k8s assess pod-security\nr").inner_text()

    page.locator(".jp-CodeCell .cm-content").nth(2).click()
    page.keyboard.insert_text("%k8s assess net")
    page.keyboard.press("Tab")
    page.locator(".jp-Completer-item").first.wait_for()
    assert page.locator(".jp-Completer-match").all_inner_texts() == ["network-hardening", "network-plugin"]
    page.keyboard.press("Escape")

    error = run(page, 3, "%k8s assess pod-securty")
    assert error.get_attribute("data-mime-type") == "application/vnd.jupyter.stderr"
    assert re.fullmatch(r"There is no chapter .*\. Did you mean 'pod-security'\?", error.inner_text().strip())
    assert trouble == []
