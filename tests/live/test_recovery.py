"""What goes wrong for a moment costs nothing: no hole, and nothing counted twice."""

import time

import pytest

from k8snb.inventory.cluster import Cluster, load
from k8snb.sources.connection import Limits
from tests.live.conftest import HASTY, PATIENT, Open
from tests.live.proxy import FAULTS, Fault, Proxy

PASSING = [name for name in FAULTS if name not in {"403", "404", "410"}]
STUBBORN = Limits(connect=5, read=0.5, retries=2, backoff=0)


def names(cluster: Cluster, resource: str) -> list[str]:
    """Give what was read of a resource, sorted."""
    return sorted(f"{one.get('namespace')}/{one['name']}" for one in getattr(cluster, resource)().to_dicts())


@pytest.fixture
def before(opened: Open) -> Cluster:
    return load(opened(PATIENT))


@pytest.mark.parametrize("resource", ["pods", "clusterroles"])
@pytest.mark.parametrize("later", [False, True], ids=["at once", "in mid-list"])
@pytest.mark.parametrize("name", PASSING)
def test_a_fault_that_passes_leaves_no_trace(
    *, name: str, later: bool, resource: str, before: Cluster, proxy: Proxy, opened: Open
) -> None:
    proxy.fault = Fault(name, resource, later=later, times=1)
    found = load(opened(STUBBORN))
    assert proxy.fault.met == 1
    assert found.gaps == []
    assert names(found, resource) == names(before, resource)


@pytest.mark.parametrize("resource", ["pods", "clusterroles"])
@pytest.mark.parametrize("offers", [True, False], ids=["with a token", "without"])
@pytest.mark.parametrize("times", [1, 3])
def test_a_list_that_expires_is_read_to_its_end_and_counted_once(
    *, times: int, offers: bool, resource: str, before: Cluster, proxy: Proxy, opened: Open
) -> None:
    proxy.page = 7
    proxy.fault = Fault("410", resource, later=True, times=times, offers=offers)
    found = load(opened(PATIENT))
    assert proxy.fault.met == times
    assert found.gaps == []
    assert names(found, resource) == names(before, resource)


def test_a_list_that_always_expires_is_a_gap(proxy: Proxy, opened: Open) -> None:
    proxy.fault = Fault("410", "pods", later=True)
    found = load(opened(PATIENT))
    assert [(gap.resource, gap.cause) for gap in found.gaps] == [("pods", "timeout")]


def test_a_server_that_goes_silent_costs_no_more_than_the_patience(proxy: Proxy, opened: Open) -> None:
    limits = Limits(connect=5, read=0.3, whole=5, retries=3, backoff=0, patience=0.5, hurried=0.05)
    proxy.fault = Fault("stall", "pods")
    source = opened(limits)
    items = list(source.read())
    assert source.connection.spent < 2
    assert items


def test_a_page_is_fetched_while_the_one_before_is_in_use_and_no_further(proxy: Proxy, opened: Open) -> None:
    proxy.page = 7
    stream = opened(PATIENT).read()
    next(item for item in stream if type(item).__name__ == "Page")
    seen = len(proxy.asked)
    time.sleep(0.2)
    assert len(proxy.asked) <= seen + 2
    stream.close()  # type: ignore[attr-defined]


def test_reading_can_be_given_up_at_any_moment(proxy: Proxy, opened: Open) -> None:
    proxy.fault = Fault("stall", "pods")
    stream = opened(HASTY).read()
    next(stream)
    stream.close()  # type: ignore[attr-defined]
