"""Assessments to look through."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import k8snb
from k8snb.assessment.assessment import Assessment
from tests.chromium import chromium
from tests.lab import running_lab

HOSTILE = "<img src=x onerror=alert(1)>\u202e`${7*7}`</script>"


def workloads(count: int = 60) -> list[dict[str, Any]]:
    """Give Deployments of three namespaces, the last one with a hostile name and image."""
    names = [*(f"app-{number:02}" for number in range(count - 1)), HOSTILE]
    return [
        _deployment(name, f"team-{at % 3}", HOSTILE if name == HOSTILE else "app:1") for at, name in enumerate(names)
    ]


def _deployment(name: str, namespace: str, image: str) -> dict[str, Any]:
    security = {"privileged": True} if name == HOSTILE else {"readOnlyRootFilesystem": False}
    container = {"name": "app", "image": image, "securityContext": security}
    spec = {"template": {"metadata": {"labels": {"app": "app"}}, "spec": {"containers": [container]}}}
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


@pytest.fixture(scope="session")
def result() -> Assessment:
    return k8snb.assess(k8snb.connect(objects=workloads()), chapters=["pod-security"], all=True)


@pytest.fixture(scope="module")
def lab(folder: Path) -> Iterator[str]:
    with running_lab(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running
