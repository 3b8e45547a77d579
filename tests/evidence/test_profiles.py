"""Each control of the API server on the two profiles of a real one, by each kind of evidence alone.

`docs/evidence.md` shows the table; `python -m tests.evidence.test_profiles` writes it there.
"""

import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

import k8snb
from k8snb.controls.registry import controls
from k8snb.inventory.cluster import Cluster, load
from k8snb.inventory.connect import open_source
from k8snb.sandbox import binaries, components, control
from k8snb.sandbox.client import Client
from k8snb.sandbox.home import Home
from k8snb.sandbox.versions import DEFAULT, versions
from tests.conftest import ROOT

DOCUMENT = ROOT / "docs" / "evidence.md"
START, END = "<!-- profiles -->", "<!-- end of profiles -->"
PROFILES = ("weak", "hardened")
KINDS: Mapping[str, tuple[str, ...]] = {
    "flags": ("flags/",),
    "metrics": ("metrics/",),
    "probes": ("probe/",),
    "all": ("flags/", "metrics/", "probe/"),
}
CONTROLS = [
    one.id
    for one in controls().values()
    if one.subject == "api-server" or one.id in {"secrets-encrypted-at-rest", "secrets-kms"}
]
FLIPPING = {*CONTROLS} - {
    "api-server-exposure",
    "api-server-insecure-port",
    "secrets-kms",
    "strong-user-authentication",
}
"""The sandbox is on loopback, the port is gone since 1.24, there is no KMS, and people have certificates alone."""


def verdicts(cluster: Cluster, kind: str) -> dict[str, str]:
    """Give the verdict of each control with one kind of evidence only."""
    kept = [fact for fact in cluster.facts if fact.name == "version" or fact.name.startswith(KINDS[kind])]
    less = Cluster(cluster.source, replace(cluster._collected, facts=kept))
    return {one.id: str(one.status) for one in k8snb.assess(less, controls=CONTROLS, all=True).controls}


def read(home: Home, profile: str) -> Cluster:
    """Start a control plane, write a Secret, and read it all."""
    found = control.up(home, lambda _: None, profile=profile)
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "practice"}}
    status, told = Client(home, found.server).ask("POST", "/api/v1/namespaces/default/secrets", secret)
    assert status in {201, 409}, told
    return load(open_source(None, kubeconfig=str(home.kubeconfig)))


def rows(told: Mapping[tuple[str, str], Mapping[str, str]]) -> list[str]:
    """Give the rows of the table."""
    return [f"| `{one}` | {' | '.join(told[key][one] for key in told)} |" for one in CONTROLS]


def gathered(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Give the verdicts by profile and kind of evidence."""
    told = {}
    for profile in PROFILES:
        name = f"test-{secrets.token_hex(4)}"
        home = Home(name, folder / name)
        try:
            cluster = read(home, profile)
        finally:
            control.down(home, lambda _: None)
        told |= {(profile, kind): verdicts(cluster, kind) for kind in KINDS}
    return told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, str]]:
    missing = [one for one in components.ALWAYS if not binaries.found(one, versions(DEFAULT))]
    if missing:
        pytest.skip(f"no {', '.join(missing)}: make binaries builds them, once")
    return gathered(tmp_path_factory.mktemp("profiles"))


@pytest.mark.parametrize("name", sorted(FLIPPING))
def test_a_control_flips_between_the_profiles(told: dict[tuple[str, str], dict[str, str]], name: str) -> None:
    assert (told["weak", "all"][name], told["hardened", "all"][name]) == ("fail", "pass")


@pytest.mark.parametrize("name", CONTROLS)
def test_one_kind_of_evidence_never_contradicts_all(told: dict[tuple[str, str], dict[str, str]], name: str) -> None:
    for profile in PROFILES:
        whole = told[profile, "all"][name]
        assert {told[profile, kind][name] for kind in KINDS} <= {
            whole,
            "not-assessed",
            "pass" if whole == "fail" else whole,
        }


def test_the_table_of_the_documentation_is_what_is_seen(told: dict[tuple[str, str], dict[str, str]]) -> None:
    assert set(rows(told)) <= set(DOCUMENT.read_text("utf-8").splitlines())


def main() -> None:
    """Write the table into the document."""
    with tempfile.TemporaryDirectory() as folder:
        told = gathered(Path(folder))
    head = [
        f"| control | {' | '.join(f'{profile}: {kind}' for profile, kind in told)} |",
        f"|{' --- |' * (len(told) + 1)}",
    ]
    first, _, rest = DOCUMENT.read_text("utf-8").partition(START)
    text = "\n".join([START, "", *head, *rows(told), "", END])
    DOCUMENT.write_text(first + text + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    main()
