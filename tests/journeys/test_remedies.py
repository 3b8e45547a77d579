"""Journeys to a fix: in JupyterLab, each ending with what the API server holds and not only what the page says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest

from tests.chromium import chromium, complaints
from tests.journeys.stage import kubeconfig
from tests.lab import CONNECTED, THEMES, leave, opened, running_lab, shot
from tests.remediation.server import Raw, Server, running
from tests.remediation.test_families import container, deployment, there
from tests.sandbox.conftest import programs_or_skip

pytest.importorskip("anywidget", reason="install anywidget (pip install anywidget)")
PRIVILEGED = {"containers": [container(privileged=True) | {"securityContext": {"privileged": True}}]}
_CELL = """
import k8snb
from k8snb_widgets import Board
result = k8snb.assess(k8snb.connect(context={context!r}, namespaces=[{namespace!r}]), controls={controls!r})
Board(result, name="journey", wait=20)
"""


class Scene(NamedTuple):
    """A JupyterLab, a browser, an API server, and a namespace of the journey's own."""

    folder: Path
    lab: str
    browser: Any
    server: Server

    def open(self, namespace: str, *controls: str, theme: str = "light", context: str = "here") -> Any:
        """Open a notebook with a board on which the only namespace's findings stand."""
        code = _CELL.format(context=context, namespace=namespace, controls=list(controls))
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])  # type: ignore[no-untyped-call]
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        file = f"{namespace}-{context}.ipynb"
        nbformat.write(notebook, self.folder / "work" / file)  # type: ignore[no-untyped-call]
        page = opened(self.browser, self.lab, theme, file)
        page.wait_for_function(CONNECTED)
        page.set_viewport_size({"width": 1280, "height": 1300})
        run(page)
        return page


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    programs_or_skip()
    folder = tmp_path_factory.mktemp("r")
    with chromium() as browser, running(folder / "server") as server:
        (folder / "kubeconfig").write_text(kubeconfig(server.home))
        with running_lab(folder) as lab:
            yield Scene(folder, lab, browser, server)


@pytest.fixture
def namespace(scene: Scene) -> Iterator[str]:
    name = scene.server.namespace()
    yield name
    scene.server.delete(f"/api/v1/namespaces/{name}")


def run(page: Any) -> None:
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(".k8snb-live [role=gridcell]").first.wait_for()


def panel(page: Any) -> Any:
    return page.locator(".k8snb-live [data-part=remediation]")


def says(page: Any, words: str) -> None:
    panel(page).locator(".doing", has_text=words).wait_for()


def warns(page: Any, words: str) -> None:
    panel(page).locator("[role=alert]", has_text=words).wait_for()


def press(page: Any, do: str) -> None:
    panel(page).locator(f"[data-do={do}]").click()


def look(page: Any, name: str) -> None:
    """Keep a picture of the panel as it stands, in which axe finds nothing."""
    panel(page).evaluate("one => one.scrollIntoView()")
    shot(page, name)
    assert complaints(page, ".k8snb-live") == []


def select(page: Any, text: str = "") -> None:
    page.locator(".k8snb-live .space .row", has_text=text).first.click()
    panel(page).locator("[data-do=preview]").wait_for()


def preview(page: Any, text: str = "") -> None:
    select(page, text)
    press(page, "preview")
    says(page, "nothing was changed")


def pod_context(server: Server, path: str) -> Any:
    return server.get(path)["spec"]["template"]["spec"]["containers"][0].get("securityContext")


def by_mouse(page: Any) -> None:
    page.locator(".k8snb-live .chip[data-value=critical]").click()
    preview(page, "no-privileged-containers")
    press(page, "apply")


def by_keyboard(page: Any) -> None:
    keys = page.keyboard
    page.locator(".k8snb-live .list").focus()
    keys.press("Home")
    keys.press("Enter")
    page.wait_for_function("document.activeElement.matches('.k8snb-live .detail h3')")
    until_on(page, "preview")
    keys.press("Enter")
    says(page, "nothing was changed")
    page.wait_for_function("document.activeElement.matches('.k8snb-live [data-part=remediation] h4')")
    until_on(page, "apply")
    keys.press("Enter")


def until_on(page: Any, do: str) -> None:
    for _ in range(40):
        if page.evaluate("document.activeElement.dataset.do") == do:
            return
        page.keyboard.press("Tab")
    raise AssertionError(do)


@pytest.mark.parametrize("go", [by_mouse, by_keyboard], ids=["mouse", "keyboard"])
def test_the_worst_finding_is_fixed_and_the_fix_undone(scene: Scene, namespace: str, go: Callable[[Any], None]) -> None:
    path = deployment(scene.server, namespace, PRIVILEGED)
    page = scene.open(namespace, "no-privileged-containers", "read-only-root-filesystem")
    go(page)
    says(page, "Fixed and verified.")
    assert pod_context(scene.server, path) == {"privileged": False}
    page.locator(".k8snb-live .row", has_text="fixed").first.wait_for()
    look(page, f"remedy-fixed-{go.__name__}")
    for _ in range(2):  # the second look finds the same, and leaves the panel as alive as the first
        press(page, "check")
        panel(page).locator("[data-do=check]:enabled").wait_for()
    until_on(page, "undo") if go is by_keyboard else None
    page.keyboard.press("Enter") if go is by_keyboard else press(page, "undo")
    says(page, "Taken back and verified")
    look(page, f"remedy-undone-{go.__name__}")
    assert pod_context(scene.server, path) == {"privileged": True}
    leave(page)


@pytest.mark.parametrize("theme", THEMES)
def test_a_preview_changes_nothing_and_can_be_left(scene: Scene, namespace: str, theme: str) -> None:
    path = deployment(scene.server, namespace, PRIVILEGED)
    before = there(scene.server, path)
    page = scene.open(namespace, "no-privileged-containers", theme=theme)
    preview(page)
    assert "privileged: false" in panel(page).locator(".line.add").all_inner_texts()[0]
    assert panel(page).get_by_role("button", name="Apply to here").is_enabled()
    look(page, f"remedy-preview-{theme}")
    page.set_viewport_size({"width": 700, "height": 900})
    look(page, f"remedy-preview-narrow-{theme}")
    page.locator(".k8snb-live .detail .close").click()
    assert there(scene.server, path) == before
    leave(page)


def test_a_change_in_between_is_shown_and_planned_again(scene: Scene, namespace: str) -> None:
    path = deployment(scene.server, namespace, PRIVILEGED)
    page = scene.open(namespace, "no-privileged-containers")
    preview(page)
    scene.server.merge(path, {"metadata": {"labels": {"team": "blue"}}})
    press(page, "apply")
    warns(page, "somebody else changed it meanwhile")
    panel(page).locator(".line.add", has_text="team: blue").wait_for()
    assert pod_context(scene.server, path) == {"privileged": True}
    look(page, "remedy-conflict")
    press(page, "preview")
    says(page, "nothing was changed")
    press(page, "apply")
    says(page, "Fixed and verified.")
    assert pod_context(scene.server, path) == {"privileged": False}
    assert scene.server.get(path)["metadata"]["labels"] == {"team": "blue"}
    leave(page)


def test_a_rollout_that_fails_is_taken_back(scene: Scene, namespace: str) -> None:
    path = deployment(scene.server, namespace, PRIVILEGED)
    page = scene.open(namespace, "no-privileged-containers")
    preview(page)

    def refuse(pod: Raw) -> str:
        own = pod["metadata"]["namespace"] == namespace
        return "CrashLoopBackOff" if own and not _privileged(pod) else ""

    scene.server.refuse = refuse
    try:
        press(page, "apply")
        warns(page, "does not hold")
    finally:
        scene.server.refuse = lambda _: ""
    panel(page).get_by_text("CrashLoopBackOff").first.wait_for()
    look(page, "remedy-rollout-failed")
    press(page, "undo")
    says(page, "Taken back and verified")
    assert pod_context(scene.server, path) == {"privileged": True}
    leave(page)


def _privileged(pod: Raw) -> bool:
    return bool((pod["spec"]["containers"][0].get("securityContext") or {}).get("privileged"))


def test_a_label_of_a_namespace_with_what_the_server_warns(scene: Scene, namespace: str) -> None:
    deployment(scene.server, namespace, PRIVILEGED)
    open_to_all = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}
    scene.server.merge(f"/api/v1/namespaces/{namespace}", open_to_all)
    page = scene.open(namespace, "pod-security-admission")
    preview(page, namespace)
    panel(page).get_by_text("existing pods in namespace").first.wait_for()
    look(page, "remedy-namespace-label")
    press(page, "apply")
    says(page, "Fixed and verified.")
    labels = scene.server.get(f"/api/v1/namespaces/{namespace}")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] in {"baseline", "restricted"}
    leave(page)


def test_a_network_policy_with_who_loses_whom(scene: Scene, namespace: str) -> None:
    deployment(scene.server, namespace, PRIVILEGED)
    page = scene.open(namespace, "default-deny-ingress")
    preview(page)
    reached = panel(page).locator("h5", has_text="Reaches").locator("xpath=following-sibling::ul[1]")
    assert "Deployment" in reached.inner_text()
    look(page, "remedy-network-policy")
    press(page, "apply")
    says(page, "Fixed and verified.")
    made = scene.server.get(f"/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies")["items"]
    assert ["Ingress" in one["spec"]["policyTypes"] for one in made] == [True]
    leave(page)


def test_who_may_only_read_sees_a_preview_and_is_told_what_applying_takes(scene: Scene, namespace: str) -> None:
    path = deployment(scene.server, namespace, PRIVILEGED)
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
    who = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "reader"}]
    bindings = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/rolebindings"
    scene.server.make(bindings, {"metadata": {"name": "reader"}, "roleRef": role, "subjects": who})
    page = scene.open(namespace, "no-privileged-containers", context="reader")
    preview(page)
    assert panel(page).get_by_role("button", name="Apply to reader").is_disabled()
    panel(page).locator("li", has_text="You may not patch on deployments").wait_for()
    assert panel(page).locator(".line.add").count()
    look(page, "remedy-forbidden")
    assert pod_context(scene.server, path) == {"privileged": True}
    leave(page)


def test_what_a_chart_keeps_is_exported(scene: Scene, namespace: str) -> None:
    path = deployment(scene.server, namespace, PRIVILEGED)
    scene.server.merge(path, {"metadata": {"annotations": {"meta.helm.sh/release-name": "shop"}}})
    page = scene.open(namespace, "no-privileged-containers")
    preview(page)
    assert panel(page).locator("[data-do=apply]").is_disabled()
    press(page, "export")
    says(page, "files are in fixes/")
    look(page, "remedy-managed")
    assert list((scene.folder / "work" / "fixes").glob("*/kustomization.yaml"))
    assert pod_context(scene.server, path) == {"privileged": True}
    leave(page)


def test_after_a_restart_the_journal_still_knows_the_way_back(scene: Scene, namespace: str) -> None:
    path = deployment(scene.server, namespace, PRIVILEGED)
    page = scene.open(namespace, "no-privileged-containers", "image-digest")
    preview(page, "no-privileged-containers")
    press(page, "apply")
    says(page, "Fixed and verified.")
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.locator(".k8snb-live").evaluate("one => one.classList.replace('k8snb-live', 'of-the-old-kernel')")
    page.wait_for_function(CONNECTED)
    run(page)
    preview(page, "image-digest")
    panel(page).locator("details.past summary").click()
    look(page, "remedy-entries")
    panel(page).locator("[data-do=back]").first.click()
    panel(page).locator(".line.add", has_text="privileged: true").wait_for()
    look(page, "remedy-history")
    press(page, "apply")
    says(page, "Taken back and verified")
    assert pod_context(scene.server, path) == {"privileged": True}
    leave(page)


def test_a_server_that_goes_in_the_middle_is_one_line(scene: Scene, namespace: str) -> None:
    path = deployment(scene.server, namespace, PRIVILEGED)
    page = scene.open(namespace, "no-privileged-containers")
    preview(page)
    page.evaluate("window.__kept = document.querySelector('.k8snb-live .space .row').textContent")
    scene.server.merge(path, {"metadata": {"labels": {"gone": "soon"}}})
    scene.server.delete(path)
    scene.server.until(lambda: there(scene.server, path) is None)
    press(page, "apply")
    warns(page, "was not changed")
    look(page, "remedy-object-gone")
    assert there(scene.server, path) is None
    leave(page)
