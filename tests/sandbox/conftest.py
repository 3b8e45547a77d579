"""A control plane of the tests' own, hardened and with the demo cluster in it, and what stands in for one."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from k8snb.sandbox import binaries, components, control
from k8snb.sandbox.components import Settings
from k8snb.sandbox.home import Home
from k8snb.sandbox.versions import DEFAULT, versions

Running = tuple[Home, Settings]


def programs_or_skip(version: str = DEFAULT, names: Sequence[str] = components.ALWAYS) -> None:
    missing = [one for one in names if not binaries.found(one, versions(version))]
    if missing:
        lacking = " ".join(missing)
        pytest.skip(f"no {lacking} of {version}: python -m k8snb.sandbox {version} {lacking} builds them, once")


def own_home(folder: Path) -> Home:
    name = f"test-{secrets.token_hex(4)}"
    return Home(name, folder / name)


@pytest.fixture(scope="module", params=["hardened", "weak"])
def control_plane(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A control plane of each profile."""
    programs_or_skip()
    home = own_home(tmp_path_factory.mktemp("sandbox"))
    try:
        yield home, control.up(home, lambda _: None, profile=request.param)
    finally:
        control.down(home, lambda _: None)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Home]:
    """A place for a control plane that leaves no process behind."""
    home = own_home(tmp_path)
    yield home
    control.down(home, lambda _: None)


@pytest.fixture
def told() -> tuple[list[str], Callable[[str], None]]:
    lines: list[str] = []
    return lines, lines.append
