"""The pages of the documentation are made from the controls; `python -m tests.controls.test_pages` makes them."""

import pytest

from k8snb.controls import controls
from k8snb.controls.model import Control, Example, Parameter
from k8snb.controls.registry import control as make
from k8snb.formats.catalogue import pages, prose, section
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "controls"
CATALOGUE = controls()
MADE = pages(list(CATALOGUE.values()))


@pytest.mark.parametrize("name", MADE)
def test_a_page_is_what_is_made_now(name: str) -> None:
    assert (FOLDER / name).read_bytes() == MADE[name]


def test_there_are_no_other_pages() -> None:
    assert {one.name for one in FOLDER.iterdir()} == set(MADE)


@pytest.mark.parametrize("control", CATALOGUE.values(), ids=list(CATALOGUE))
def test_a_section_is_whole(control: Control) -> None:
    text = "\n".join(section(control))
    wanted = [f"## {control.id}", "**Why.**", "**How to fix.**", "**Evidence**", "**Passes**", "**Fails**"]
    wanted += ["**Caution.**"] * bool(control.caution) + ["**Parameters**"] * bool(control.parameters)
    assert all(one in text for one in [*wanted, "**References**", "**The same rule elsewhere**"])
    assert text.count("```") == 4
    assert f"{MADE[f'{control.chapter}.md'].decode()}".count(f"\n## {control.id}\n") == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b", r"a \| b"),
        ("`a | b_c`", r"`a \| b_c`"),
        ("<img src=x>", r"\<img src=x\>"),
        ("trusted_registries, and *", r"trusted\_registries, and \*"),
        ("one\n\ntwo", "one two"),
        ("runAsNonRoot: true", "runAsNonRoot: true"),
    ],
)
def test_nothing_but_code_is_markup(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_a_control_of_somebody_else_has_a_page_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from k8snb.controls import registry

    monkeypatch.setattr(registry, "_REGISTRY", {})

    @make(
        id="org-team-label",
        chapter="pod-security",
        severity="low",
        parameters=[Parameter("teams", list[str], ["shop"], "Who there is.")],
        passing=[Example("kind: Pod", {"teams": ["a"]}, {"version": "1.37"})],
    )
    def team_label(workload: object) -> list[None]:
        """Workloads name their team."""
        return []

    text = "\n".join(section(registry.find("org-team-label")))
    assert "It was not compared with other tools." in text
    assert '# parameter teams: ["a"]\n# fact version: "1.37"\nkind: Pod' in text
    assert '- `teams`: Who there is. Default: `["shop"]`.' in text


def main() -> None:
    """Make the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for one in FOLDER.iterdir():
        one.unlink()
    for name, text in MADE.items():
        (FOLDER / name).write_bytes(text)


if __name__ == "__main__":
    main()
