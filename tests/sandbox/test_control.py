"""A real control plane: up, asked again, killed in parts, and taken away."""

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from k8snb.errors import UsageError
from k8snb.sandbox import components, control, ports, processes
from k8snb.sandbox.client import Client
from k8snb.sandbox.components import Settings
from k8snb.sandbox.errors import SandboxError
from k8snb.sandbox.home import Home
from k8snb.sandbox.status import status
from k8snb.sandbox.versions import versions

Told = tuple[list[str], Callable[[str], None]]


def test_everything_runs_and_files_are_private(control_plane: tuple[Home, Settings]) -> None:
    home, _ = control_plane
    assert status(home).up
    files = [path for path in (home.lock, *home.folder.rglob("*")) if path.is_file()]
    assert home.kubeconfig in files
    assert {path for path in files if path.stat().st_mode & 0o077} == set()


def test_server_tells_the_version_that_was_asked_for(control_plane: tuple[Home, Settings]) -> None:
    home, settings = control_plane
    told = Client(home, settings.server).get("/version")
    wanted = versions(settings.version)
    assert f"{told['major']}.{told['minor']}" == wanted.minor
    assert told["gitVersion"] == wanted.kubernetes


def test_up_again_changes_nothing(control_plane: tuple[Home, Settings], told: Told) -> None:
    home, settings = control_plane
    before = [processes.recorded(home, one) for one in settings.components]
    assert control.up(home, told[1]) == settings
    assert [processes.recorded(home, one) for one in settings.components] == before
    assert not told[0]


def test_damaged_kubeconfig_is_mended(control_plane: tuple[Home, Settings]) -> None:
    home, _ = control_plane
    before = home.kubeconfig.read_bytes()
    home.kubeconfig.write_bytes(before[:100])
    control.up(home, lambda _: None)
    assert home.kubeconfig.read_bytes() == before


def test_other_settings_are_refused(control_plane: tuple[Home, Settings]) -> None:
    home, settings = control_plane
    other = {"weak": "hardened", "hardened": "weak"}[settings.profile]
    with pytest.raises(UsageError, match="profile"):
        control.up(home, lambda _: None, profile=other)


def test_component_that_was_killed_is_told_and_started_again_though_its_port_was_taken(
    control_plane: tuple[Home, Settings],
) -> None:
    home, settings = control_plane
    killed = processes.recorded(home, components.CONTROLLER_MANAGER)
    assert killed is not None
    os.kill(killed.pid, signal.SIGKILL)
    assert processes.wait(lambda: not killed.alive, 20)
    found = {one.name: one for one in status(home).components}[components.CONTROLLER_MANAGER]
    assert (found.state, bool(found.last)) == ("died", True)
    port = settings.ports[components.CONTROLLER_MANAGER]
    assert processes.wait(lambda: ports.usable([port]), 20)
    with socket.create_server(("127.0.0.1", port)):
        control.up(home, lambda _: None)
        assert status(home).up


def test_place_that_cannot_be_written_is_told() -> None:
    with pytest.raises(SandboxError, match="/dev/null cannot be written") as caught:
        control.up(Home("", Path("/dev/null/state")), lambda _: None)
    assert "XDG_STATE_HOME" in caught.value.hint


def test_program_that_dies_is_told_with_its_log_and_leaves_nothing(tmp_path: Path, place: Home) -> None:
    for name in components.ALWAYS:
        (tmp_path / name).write_text("#!/bin/sh\necho the disk is full >&2\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(SandboxError, match="etcd died") as caught:
        control.up(place, lambda _: None, bin_dir=str(tmp_path))
    assert list(caught.value.details) == ["the disk is full"]
    assert [(one.state, one.last) for one in status(place).components if one.last] == [("died", ["the disk is full"])]
    assert not any(processes.running(place, one) for one in components.STOPPING)
    assert control.down(place, lambda _: None)
    assert not place.folder.exists()
    assert not control.down(place, lambda _: None)
