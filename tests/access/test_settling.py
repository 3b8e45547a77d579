"""What would settle what is open: each verdict once, where it costs least, the cheapest first."""

from collections import Counter

import pytest

import k8snb
from k8snb.access.settle import TAKES
from k8snb.access.settling import settling
from k8snb.assessment.assessment import Assessment

_POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a", "namespace": "shop"},
    "spec": {"containers": [{"name": "app", "image": "app"}]},
}


@pytest.fixture(scope="module", params=["demo", "objects", "part"])
def result(request: pytest.FixtureRequest) -> Assessment:
    if request.param == "demo":
        return k8snb.assess(k8snb.connect("demo"))
    return k8snb.assess(k8snb.connect(objects=[_POD], complete=request.param == "objects"))


def test_every_open_verdict_is_counted_once(result: Assessment) -> None:
    unknown = result.findings(status="not-assessed")
    found = settling(unknown, result.record.source, result.coverage)
    assert Counter(finding.id for one in found for finding in one.findings) == Counter(one.id for one in unknown)


def test_the_cheapest_comes_first(result: Assessment) -> None:
    found = settling(result.findings(status="not-assessed"), result.record.source, result.coverage)
    costs = [(TAKES.index(one.takes), -len(one.findings)) for one in found]
    assert costs == sorted(costs)
    assert len({one.command for one in found}) == len(found)
    assert all(one.takes for one in found)
