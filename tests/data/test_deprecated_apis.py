"""The data of deprecated API versions: as its script writes it, and what it says of a module."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import deprecated_apis as script

_LIFECYCLE = """
func (in *Thing) APILifecycleDeprecated() (major, minor int) {
	return 1, 36
}
func (in *Thing) APILifecycleRemoved() (major, minor int) {
	return 1, 39
}
"""
_TYPES = "type Thing struct {\n\tmetav1.TypeMeta\n}\ntype ThingList struct {\n\tmetav1.TypeMeta\n}\n"


def _module(folder: Path) -> Path:
    for version, lifecycle in (("v1beta1", _LIFECYCLE), ("v1", "")):
        place = folder / "things" / version
        place.mkdir(parents=True)
        (place / "register.go").write_text('const GroupName = "things.k8s.io"\n')
        (place / "types.go").write_text(_TYPES)
        (place / "zz_generated.prerelease-lifecycle.go").write_text(lifecycle)
    return folder


def test_what_a_module_says_wins_and_what_it_has_no_more_stays(tmp_path: Path) -> None:
    gone = {"api": "old/v1", "kind": "Old", "deprecated": "1.9", "removed": "1.16", "instead": "new/v1"}
    thing = {"api": "things.k8s.io/v1beta1", "kind": "Thing", "deprecated": "1.36", "removed": "1.39"}
    known = {"apis": [gone, {**thing, "removed": "1.38", "instead": "nothing"}]}
    told = script.renewed(known, _module(tmp_path), "v0.37.2", "2026-10-28")
    assert told["apis"] == [{**thing, "instead": "things.k8s.io/v1"}, gone]


def test_what_is_not_deprecated_yet_is_left_out(tmp_path: Path) -> None:
    assert script.renewed({"apis": []}, _module(tmp_path), "v0.35.0", "2025-12-17")["apis"] == []


def test_the_file_is_as_the_script_writes_it_and_each_version_stands_once() -> None:
    data = json.loads(script.DATA.read_text())
    assert script.DATA.read_text() == script.written(data)
    assert len({(one["api"], one["kind"]) for one in data["apis"]}) == len(data["apis"])
    assert all(one["instead"] for one in data["apis"])
