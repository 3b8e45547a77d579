"""Python's collector rests while a cluster is judged, and not a moment longer."""

import gc
from contextlib import suppress

import pytest

import k8snb
from k8snb.errors import UsageError
from k8snb.garbage import collected_later


@pytest.mark.parametrize("controls", [["no-host-network"], ["there-is-no-such-control"]])
def test_the_collector_works_again_afterwards(controls: list[str]) -> None:
    cluster = k8snb.connect(objects=[])
    with suppress(UsageError):
        k8snb.assess(cluster, controls=controls)
    assert gc.isenabled()


def test_it_rests_within_and_whoever_turned_it_off_keeps_it_off() -> None:
    with collected_later():
        assert not gc.isenabled()
        with collected_later():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
