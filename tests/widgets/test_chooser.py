"""The chooser of a source without a browser: its value is what was chosen, and what may be read is told in a line."""

import json
import re
import socket
from pathlib import Path

import pytest
from k8snb_widgets import Chooser

import k8snb
from k8snb.errors import UsageError

from .conftest import HOSTILE, workloads


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with manifests, and a kubeconfig with a server that is gone and a hostile name."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "all.json").write_text(json.dumps({"kind": "List", "apiVersion": "v1", "items": workloads(4)}))
    (tmp_path / "empty").mkdir()
    (tmp_path / "waivers.yaml").write_text("waivers: []")
    config = {
        "clusters": [{"name": "c", "cluster": {"server": f"https://127.0.0.1:{port}"}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": one, "context": {"cluster": "c", "user": "u"}} for one in ("gone", HOSTILE)],
    }
    (tmp_path / "config").write_text(json.dumps(config))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_offers_what_can_be_assessed() -> None:
    words = [one.word for one in Chooser().choices]
    assert words == ["demo", f"context:{HOSTILE}", "context:gone", "shop/"]


def test_its_value_is_a_source() -> None:
    chosen = Chooser().choose("shop/")
    assert chosen.glance
    assert chosen.glance.state == "partly"
    assert k8snb.connect(chosen.value).source.kind == "manifests"


def test_the_parameter_counts_until_something_is_chosen_and_again_when_it_changes() -> None:
    assert Chooser("shop/", name="memory").value == "shop/"
    Chooser("shop/", name="memory").choose("demo")
    assert Chooser("shop/", name="memory").value == "demo"
    assert Chooser("shop/", name="memory", interactive=False).value == "shop/"
    assert Chooser("context:gone", name="memory").value == "context:gone"


@pytest.mark.parametrize("word", ["context:gone", "context:nowhere", "nothing.k8snb", "sandbox:none", ""])
def test_a_source_that_is_gone_says_so_in_one_line(word: str) -> None:
    chooser = Chooser(word)
    found = chooser.look()
    assert (found.state, found.told.count("\n")) == ("gone", 0)
    assert len(found.told) > 20
    assert found.seconds < 15
    assert chooser.told()["glance"]["told"] == found.told


def test_hostile_names_stay_text() -> None:
    chooser = Chooser(f"context:{HOSTILE}")
    chooser.look()
    html = chooser.picture()["text/html"]
    assert "&lt;img" in html
    assert not re.search(r"<(img|script)|\u202e", html)
    assert "\u202e" not in repr(chooser) + str(chooser.told())


def test_the_picture_names_no_other_source() -> None:
    assert "gone" not in Chooser().picture()["text/html"]


@pytest.mark.parametrize("message", [{"ask": "choose", "id": "x", "word": "/etc"}, {"ask": "choose"}, "again", None])
def test_a_browser_cannot_ask_for_anything_else(message: object) -> None:
    chooser = Chooser()
    chooser.asked(message)
    assert (chooser.value, chooser.glance) == ("demo", None)


def test_a_browser_cannot_choose_what_is_not_offered(folder: Path) -> None:
    chooser = Chooser()
    (offered,) = [one for one in chooser.choices if one.word == "shop/"]
    (folder / "shop" / "all.json").unlink()
    with pytest.raises(UsageError, match="not there"):
        chooser.asked({"ask": "choose", "id": offered.id})
    assert chooser.value == "demo"
