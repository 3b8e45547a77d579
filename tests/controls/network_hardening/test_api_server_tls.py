"""Where the flags of an API server cannot be seen, half of what probes can show proves nothing."""

import pytest

from k8snb.assessment.assess import assess
from k8snb.inventory.cluster import load
from k8snb.sources.objects import example

REFUSED = {"TLSv1": "refused", "TLSv1.1": "refused", "TLSv1.2": "accepted", "TLSv1.3": "accepted"}
UNTRIED = dict.fromkeys(REFUSED, "untried")
LATE, SOON = "2036-01-01T00:00:00Z", "2026-11-20T00:00:00Z"


@pytest.mark.parametrize(
    ("versions", "expiry", "status"),
    [
        (REFUSED, LATE, "pass"),
        (UNTRIED, LATE, "not-assessed"),
        (REFUSED, None, "not-assessed"),
        (UNTRIED, SOON, "fail"),
        (REFUSED | {"TLSv1": "accepted"}, None, "fail"),
    ],
)
def test_probes_alone(versions: dict[str, str], expiry: str | None, status: str) -> None:
    facts = {"version": {"gitVersion": "v1.37.2"}, "probe/tls": {"versions": versions, "notAfter": expiry}}
    cluster = load(example("", facts))
    result = assess(cluster, controls=["api-server-tls"], parameters={"today": "2026-11-16"}, all=True)
    assert [one.status for one in result] == [status]
