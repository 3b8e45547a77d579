"""A literal credential is not in the inventory, whatever kind of object holds it."""

from typing import Any

import pytest

from k8snb import connect

SECRET = "hunter2-Tr0ub4dor"
SPEC = {
    "containers": [{"name": "c", "env": [{"name": "DB_PASSWORD", "value": SECRET}], "args": [f"--password={SECRET}"]}]
}
TEMPLATE = {"spec": {"template": {"spec": SPEC}}}


@pytest.mark.parametrize(
    ("kind", "api_version", "body"),
    [
        ("Pod", "v1", {"spec": SPEC}),
        ("Deployment", "apps/v1", TEMPLATE),
        ("StatefulSet", "apps/v1", TEMPLATE),
        ("Job", "batch/v1", TEMPLATE),
        ("CronJob", "batch/v1", {"spec": {"jobTemplate": TEMPLATE}}),
        ("CronJob", "batch/v1", {"spec": {"jobTemplate": {}}}),
        ("Deployment", "apps/v1", {"spec": {}}),
    ],
)
def test_rows_of_an_inventory_hold_no_literal_credential(kind: str, api_version: str, body: dict[str, Any]) -> None:
    value = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a", "namespace": "b"}, **body}
    cluster = connect(objects=[value])
    rows = getattr(cluster, f"{kind.lower()}s")().to_dicts()
    assert len(rows) == 1
    assert SECRET not in repr(rows)
    assert SECRET not in repr(cluster.workloads)
