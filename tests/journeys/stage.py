"""What the journeys around forms play on: a JupyterLab, an API server with a shop in it, and two who may reach it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest

from k8snb.sandbox import components
from k8snb.sandbox.home import Home
from tests.chromium import chromium
from tests.lab import CONNECTED, opened, running_lab
from tests.live.server import Real, running
from tests.sandbox.conftest import programs_or_skip

SHOP = ("cart", "search")
_DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments"
_MAY = {"apiGroups": ["", "apps"], "resources": ["deployments", "namespaces"], "verbs": ["get", "list"]}
_RBAC = {"apiVersion": "rbac.authorization.k8s.io/v1"}


class Stage(NamedTuple):
    """Where a journey takes place.

    Attributes:
        folder: The working copy of the notebooks, in which a kernel runs.
        lab: Address of the JupyterLab.
        browser: A Chromium.
        server: The API server.
    """

    folder: Path
    lab: str
    browser: Any
    server: Real

    def deployments(self) -> Any:
        """Give what the server holds, so that a test can say that nothing of it changed."""
        status, data = self.server.ask(_DEPLOYMENTS, {})
        assert status == 200
        return json.loads(data)["items"]

    def notebook(self, name: str, chapter: str, **parameters: Any) -> str:
        """Make a notebook of a chapter, with parameters of its own, and only what is clicked on; give its name."""
        content = nbformat.read(self.folder / f"{chapter}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
        kept = {"parameters", "choose", "open", "findings", "entries"}
        content.cells = [one for one in content.cells if one.id in kept]
        content.cells[0].source += "".join(f"\n{key} = {value!r}" for key, value in parameters.items())
        nbformat.write(content, self.folder / f"{name}.ipynb")  # type: ignore[no-untyped-call]
        return f"{name}.ipynb"

    def page(self, file: str, theme: str = "light") -> Any:
        """Open a notebook whose kernel listens."""
        page = opened(self.browser, self.lab, theme, file)
        page.wait_for_function(CONNECTED)
        return page


def workload(name: str) -> dict[str, Any]:
    """Give a Deployment whose container is privileged."""
    container = {"name": "app", "image": "app:1", "securityContext": {"privileged": True}}
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"selector": {"matchLabels": labels}, "template": template},
    }


def objects() -> list[dict[str, Any]]:
    """Give the shop, and somebody who may read but little of it."""
    reader = {"metadata": {"name": "reader"}}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "reader"}
    who = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "reader"}]
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
        *map(workload, SHOP),
        {**_RBAC, "kind": "ClusterRole", **reader, "rules": [_MAY]},
        {**_RBAC, "kind": "ClusterRoleBinding", **reader, "roleRef": role, "subjects": who},
    ]


def kubeconfig(home: Home) -> str:
    """Give a kubeconfig in which `here` may everything, and `reader` what somebody lets that user do."""
    content = json.loads(home.kubeconfig.read_text())
    cluster, user = content["clusters"][0]["name"], content["users"][0]
    content["users"].append({"name": "reader", "user": user["user"] | {"as": "reader"}})
    pairs = {"here": user["name"], "reader": "reader"}
    content["contexts"] = [{"name": key, "context": {"cluster": cluster, "user": one}} for key, one in pairs.items()]
    return json.dumps(content | {"current-context": "here"})


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Set it up; the test is skipped where Chromium or the programs of Kubernetes are missing."""
    programs_or_skip(names=components.ALWAYS)
    pytest.importorskip("anywidget", reason="install anywidget (pip install anywidget)")
    with chromium() as browser, running(folder / "server", objects()) as server:
        (folder / "kubeconfig").write_text(kubeconfig(server.home))
        with running_lab(folder) as lab:
            yield Stage(folder / "work", lab, browser, server)


def run_all(page: Any) -> None:
    """Run all cells, and wait until the kernel rests."""
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(CONNECTED)


def set_parameter(page: Any, line: str) -> None:
    """Add a line to the cell of parameters, as somebody would type it."""
    page.evaluate(
        "line => { const cells = jupyterapp.shell.currentWidget.content.widgets;"
        " const model = cells.find(one => one.model.id === 'parameters').model.sharedModel;"
        " model.setSource(model.getSource() + '\\n' + line) }",
        line,
    )


def save(page: Any) -> None:
    """Save the notebook."""
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")


def editor(page: Any) -> Any:
    """Give the editor of waivers and attestations."""
    return page.locator(".k8snb-form:not(.k8snb-chooser)")
