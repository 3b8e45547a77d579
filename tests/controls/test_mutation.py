"""Every condition of a control counts: turned around, one of its examples notices."""

from collections.abc import Mapping

import pytest

from k8snb.controls import controls

from .mutation import Mutants

EQUIVALENT: Mapping[tuple[str, str], str] = {
    ("alerting", "one.status is None"): "only what is hidden, in an open verdict",
    ("api-server-exposure", "isinstance(reached, str)"): "words of an open verdict",
    ("audit-log-findings", "case is None"): "only what is hidden, in an open verdict",
    ("audit-log-findings", "name == 'privileged pods'"): "only what is hidden, in an open verdict",
    ("container-resource-limits", "what != 'limits'"): "a request of zero is the limit again",
    ("metadata-service-blocked", "found.isolated"): "only what other kinds of policies may change, in an open verdict",
    ("metadata-service-blocked", "opening"): "only what other kinds of policies may change, in an open verdict",
    ("pods-isolated", "found.isolated"): "only what other kinds of policies may change, in an open verdict",
    ("pods-isolated", "found.open"): "only what other kinds of policies may change, in an open verdict",
    ("node-patching", "cluster not in _peers"): "remembers what it would find again",
    ("scheduled-scans", "gap"): "only what is hidden, in an open verdict",
    ("audit-log-findings", "not log.events"): "only what is hidden, in an open verdict",
    ("audit-log-findings", "log.malformed"): "only what is hidden, in an open verdict",
    ("audit-log-findings", "gap"): "only what is hidden, in an open verdict",
    ("pod-security-admission", "server < 25"): "from 1.25 on no server has the plugin",
    ("pod-security-admission", "cluster not in _known"): "remembers what it would find again",
    ("pod-security-admission", "_LABEL in view.labels"): "only what is hidden, in an open verdict",
    ("pod-security-admission", "view.object is None"): "only what is hidden, in an open verdict",
    ("profiling-disabled", "one.program == 'kube-scheduler'"): "no other component has the flag",
    ("sandboxed-runtime", "found is None"): "only what is hidden, in an open verdict",
}
"""Conditions whose turning changes nothing that an example could show, and why."""


@pytest.mark.parametrize("control", controls().values(), ids=list(controls()))
def test_no_condition_is_idle(control: object) -> None:
    mutants = Mutants(control)  # type: ignore[arg-type]
    survived = [place for place in mutants.survivors() if (mutants.control.id, place.text) not in EQUIVALENT]
    assert not survived
    assert all(isinstance(one, tuple) for one in mutants.outcomes(-1)), "the file itself does not run"
