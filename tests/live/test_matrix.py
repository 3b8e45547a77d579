"""Whatever goes wrong with whatever resource, no verdict becomes a pass, or not applicable, that nobody earned.

Control by control and subject by subject. `docs/live-source.md` shows the causes that are left; `python -m
tests.live.table` writes them there.
"""

import pytest

from k8snb.assessment.assess import assess
from k8snb.assessment.subjects import SUBJECTS
from k8snb.controls import controls
from k8snb.inventory.cluster import Cluster, load
from k8snb.resources.kinds import KINDS
from tests.conftest import ROOT
from tests.live.conftest import HASTY, PATIENT, Open
from tests.live.proxy import FAULTS, Fault, Proxy
from tests.live.standin import Upstream

EARNED = {"pass", "not-applicable"}
Verdicts = set[tuple[str, str, str]]
_READ = {name for one in controls().values() for name in (*one.reads, *SUBJECTS[one.subject].resources)}
RESOURCES = [kind.resource for kind in KINDS if kind.resource in _READ]
DOCUMENT = ROOT / "docs" / "live-source.md"


def judged(cluster: Cluster) -> Verdicts:
    """Give every verdict of subjects and of whole controls."""
    result = assess(cluster, all=True)
    whole = {(one.id, "", one.status) for one in result.controls}
    return whole | {(one.control, str(one.subject), one.status) for one in result}


def unearned(found: Verdicts, before: Verdicts) -> Verdicts:
    """Give what passes or does not apply and did not do so before."""
    return {one for one in found - before if one[2] in EARNED and not _by_another_name(one, before)}


def dropped(found: Verdicts, before: Verdicts) -> set[str]:
    """Give the controls that lost a subject and do not say so."""
    present = {one[:2] for one in found}
    unsure = {one[0] for one in found if one[2] == "not-assessed"}
    renamed = {one[0] for one in found if one[1].startswith("Component/") and _by_another_name(one, before)}
    return {control for control, subject, _ in before if (control, subject) not in present} - unsure - renamed


def _by_another_name(found: tuple[str, str, str], before: Verdicts) -> bool:
    """A ReplicaSet or Job whose owner is lost is judged under its own name; it earns what its owner earned.

    A component whose pods cannot be seen is judged once, under its program's name.
    """
    control, subject, status = found
    kind, _, name = subject.partition("/")
    if kind == "Component":
        place = f"Component/kube-system/{name}-"
        return any((control, status) == (one[0], one[2]) and one[1].startswith(place) for one in before)
    return kind in {"ReplicaSet", "Job"} and any(
        (control, status) == (one[0], one[2]) and name.startswith(one[1].partition("/")[2] + "-")
        for one in before
        if one[1]
    )


@pytest.fixture(scope="module")
def before(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    from tests.live.table import whole

    return judged(whole(upstream, tmp_path_factory.mktemp("before")))


def causes(proxy: Proxy, opened: Open, resource: str, before: Verdicts) -> list[str]:
    """Give the cause that each fault leaves behind, having judged what is left."""
    found = []
    for name in FAULTS:
        fault = proxy.fault = Fault(name, resource)
        cluster = load(opened(HASTY if name == "stall" else PATIENT))
        verdicts = judged(cluster)
        assert unearned(verdicts, before) == set(), name
        assert dropped(verdicts, before) == set(), name
        cause = next(one.cause for one in cluster.coverage if one.resource == resource)
        assert cause or not fault.met, name
        found.append(cause or "not served")
    return found


@pytest.mark.parametrize("resource", RESOURCES)
def test_no_fault_earns_a_verdict(resource: str, proxy: Proxy, opened: Open, before: Verdicts) -> None:
    assert row(resource, causes(proxy, opened, resource, before)) in DOCUMENT.read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("resource", ["pods", "clusterroles"])
def test_no_fault_in_the_middle_of_a_list_earns_a_verdict(
    name: str, resource: str, proxy: Proxy, opened: Open, before: Verdicts
) -> None:
    proxy.fault = Fault(name, resource, later=True)
    cluster = load(opened(HASTY if name == "stall" else PATIENT))
    assert proxy.fault.met
    verdicts = judged(cluster)
    assert unearned(verdicts, before) == set()
    assert dropped(verdicts, before) == set()
    assert [one.resource for one in cluster.coverage if one.cause] == [resource]


def row(resource: str, found: list[str]) -> str:
    """Give a row of the table in the document."""
    return f"| `{resource}` | {' | '.join(found)} |"
