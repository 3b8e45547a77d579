"""A plan in a notebook: what changes and what that does, as HTML that nothing in it breaks out of."""

from html.parser import HTMLParser
from typing import Any

import pytest

import k8snb
from k8snb.remediation.plan import Plan
from k8snb.remediation.planning import plans

HOSTILE = "<img src=x onerror=alert(1)></pre><script>alert(1)</script>"


def plan(control: str, source: Any = "demo") -> Plan:
    cluster = k8snb.connect(source) if isinstance(source, str) else k8snb.connect(objects=source)
    return plans(k8snb.assess(cluster, controls=[control]), controls=[control])[0]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]


@pytest.mark.parametrize("control", ["no-host-ipc", "default-deny-ingress", "audit-log-retention"])
def test_a_plan_shows_itself(control: str) -> None:
    found = plan(control)
    bundle = found._repr_mimebundle_()
    assert found.title in bundle["text/plain"]
    for step in found.preview().steps:
        assert step.diff[-1].strip() in bundle["text/plain"]
        assert '<span class="pass">+' in bundle["text/html"] or '<span class="fail">-' in bundle["text/html"]
    for procedure in found.procedures:
        assert "<ol>" in bundle["text/html"]
        assert procedure.steps
    assert max(map(len, bundle["text/plain"].splitlines())) < 120


def test_nothing_in_a_cluster_breaks_out_of_it() -> None:
    pod = {"hostIPC": True, "containers": [{"name": HOSTILE, "image": HOSTILE}]}
    metadata = {"name": HOSTILE, "namespace": "shop", "annotations": {HOSTILE: HOSTILE}}
    workload = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {"template": {"spec": pod}},
    }
    bundle = plan("no-host-ipc", [workload])._repr_mimebundle_()
    tags = Tags()
    tags.feed(bundle["text/html"])
    assert not tags.found & {"img", "script"}
    assert "alert(1)" in bundle["text/html"]
    assert "\x1b" not in bundle["text/plain"]
