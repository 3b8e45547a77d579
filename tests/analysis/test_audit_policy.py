"""Which events an audit policy records."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snb.analysis.audit_policy import LEVELS, Event, convert, level, read, wanted
from k8snb.errors import UsageError

JANE = ("jane", ("developers", "system:authenticated"))
EXEC = Event("", *JANE, "create", "", "pods/exec", "shop")
SECRET = Event("", *JANE, "get", "", "secrets", "shop")
API = Event("", *JANE, "get", url="/api/v1")


def policy(*rules: dict[str, Any], **more: Any) -> Any:
    return convert({"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": list(rules), **more})


def of(*resources: str, group: str = "", **more: Any) -> list[dict[str, Any]]:
    return [{"group": group, "resources": list(resources), **more}]


@pytest.mark.parametrize(
    ("rule", "event", "matches"),
    [
        ({}, EXEC, True),
        ({"users": ["jane"]}, EXEC, True),
        ({"users": ["john"]}, EXEC, False),
        ({"userGroups": ["developers", "x"]}, EXEC, True),
        ({"userGroups": ["system:masters"]}, EXEC, False),
        ({"verbs": ["create"]}, EXEC, True),
        ({"verbs": ["*"]}, EXEC, False),
        ({"resources": of("pods")}, EXEC, False),
        ({"resources": of("pods/exec")}, EXEC, True),
        ({"resources": of("pods/*")}, EXEC, True),
        ({"resources": of("*/exec")}, EXEC, True),
        ({"resources": of("*")}, EXEC, True),
        ({"resources": [{"group": ""}]}, EXEC, True),
        ({"resources": of("pods/exec", group="apps")}, EXEC, False),
        ({"resources": of("secrets", resourceNames=["harmless"])}, SECRET, False),
        ({"namespaces": ["shop"]}, SECRET, True),
        ({"namespaces": ["kube-system"]}, SECRET, False),
        ({"namespaces": ["shop"]}, API, False),
        ({"nonResourceURLs": ["/api*"]}, API, True),
        ({"nonResourceURLs": ["/healthz"]}, API, False),
        ({"nonResourceURLs": ["*"]}, SECRET, False),
    ],
)
def test_a_rule_matches_as_in_the_api_server(rule: dict[str, Any], event: Event, matches: bool) -> None:
    assert level(policy({"level": "Request", **rule}), event) == ("Request" if matches else "None")


def test_the_first_rule_that_matches_decides() -> None:
    found = policy({"level": "None", "resources": of("secrets")}, {"level": "RequestResponse"})
    assert (level(found, SECRET), level(found, EXEC)) == ("None", "RequestResponse")


@pytest.mark.parametrize("limit", [{"resources": of("secrets", resourceNames=["db"])}, {"namespaces": ["kube-system"]}])
def test_what_is_left_out_for_some_names_or_namespaces_is_a_hole(limit: dict[str, Any]) -> None:
    assert level(policy({"level": "None", **limit}, {"level": "Metadata"}), SECRET) == "None"


def test_an_event_without_a_stage_is_not_recorded() -> None:
    stages = ["RequestReceived", "ResponseStarted", "ResponseComplete"]
    assert level(policy({"level": "Metadata", "omitStages": stages}), SECRET) == "Metadata"
    assert level(policy({"level": "Metadata", "omitStages": stages}, omitStages=["Panic"]), SECRET) == "None"


def test_a_rule_for_users_does_not_match_who_is_unknown() -> None:
    (failed,) = [one for one in wanted() if "failed authentication" in one.title]
    assert level(policy({"level": "Metadata", "userGroups": ["system:authenticated"]}), failed) == "None"


@given(st.lists(st.sampled_from(LEVELS), max_size=4))
def test_whatever_stands_before_a_rule_for_all_decides_for_all(levels: list[str]) -> None:
    found = policy(*({"level": one} for one in levels))
    assert {level(found, one) for one in wanted()} == {levels[0] if levels else "None"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind: Pod\napiVersion: v1\nrules: []\n", "no audit policy"),
        ("kind: Policy\napiVersion: audit.k8s.io/v1\nrules: [{level: Everything}]\n", "no level"),
        ("kind: Policy\napiVersion: audit.k8s.io/v1\nrules: {}\n", "rules"),
        ("a: [", "no audit policy"),
        ("", "no audit policy"),
    ],
)
def test_a_file_that_is_no_policy_is_wrong_usage(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "policy.yaml").write_text(text)
    with pytest.raises(UsageError, match=words):
        read(str(tmp_path / "policy.yaml"))


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read(str(tmp_path / "none.yaml"))
