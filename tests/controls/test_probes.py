"""Of several API servers, a probe tells of the one whose address it reached."""

import pytest

from k8snb.assessment.assess import assess
from k8snb.controls._flags import component
from k8snb.inventory.cluster import load
from k8snb.sources.objects import example

ADDRESSES = {"cp1": "10.0.0.11", "cp2": "10.0.0.12"}
SERVERS = "".join(
    component("kube-apiserver", f"advertise-address={address}", "anonymous-auth=false").replace("-cp1", f"-{name}")
    for name, address in ADDRESSES.items()
)


@pytest.mark.parametrize(
    ("address", "failing"),
    [("10.0.0.11", {"kube-apiserver-cp1"}), ("10.0.0.12", {"kube-apiserver-cp2"}), ("10.0.0.10", set()), (None, set())],
)
def test_a_probe_counts_for_the_server_that_it_reached(address: str | None, failing: set[str]) -> None:
    facts = {"probe/tls": {"versions": {}, "address": address}, "probe/anonymous": {"status": 200}}
    result = assess(load(example(SERVERS, facts)), controls=["api-server-anonymous-auth"], all=True)
    assert {one.subject.name for one in result.findings(status="fail")} == failing
