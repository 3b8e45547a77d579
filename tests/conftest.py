"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from k8snb.sandbox import versions

ROOT = Path(__file__).resolve().parent.parent
settings.register_profile("busy", deadline=None)  # a busy machine is no fault
settings.load_profile("busy")
SLOW = ("journeys", "live", "remediation", "widgets", "reports", "sandbox", "magics", "access")
"""Folders of tests that take long."""
versions.DEFAULT = os.environ.get("K8SNB_TEST_VERSION", versions.DEFAULT)  # before anybody else imports it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker waits for another at the end."""
    items.sort(key=lambda one: rank(one.path))


def rank(path: Path) -> int:
    """Give the place of a file of tests in their order."""
    folder = path.relative_to(ROOT / "tests").parts[0]
    return SLOW.index(folder) if folder in SLOW else len(SLOW)


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """Manifests that others wrote: `K8SNB_FIXTURES`, or a folder `fixtures` in one that stands beside the checkout."""
    beside = sorted(ROOT.parent.glob("*/fixtures/pod-security-standards"))
    folder = Path(os.environ.get("K8SNB_FIXTURES", beside[0].parent if beside else ROOT / "fixtures"))
    if not folder.is_dir():
        pytest.skip(
            "set K8SNB_FIXTURES to a folder that holds the Kubernetes project's pod-security-standards fixtures"
        )
    return folder
