"""What the notebooks call: open a chapter, look at it, and say that it is complete."""

from k8snb.notebook.access import powers, powers_by_subject
from k8snb.notebook.architecture import components, operator
from k8snb.notebook.audit import audit_coverage
from k8snb.notebook.board import board
from k8snb.notebook.chapter import Chapter, complete, open_chapter
from k8snb.notebook.cluster import levels, namespaces, nodes, version_timeline, versions
from k8snb.notebook.distribution import capabilities, level_shares
from k8snb.notebook.findings import (
    controls,
    coverage,
    findings,
    first_steps,
    headline,
    heat_map,
    reads,
    scores,
    strengths,
    unassessed,
    workloads,
)
from k8snb.notebook.forms import chooser, editor
from k8snb.notebook.logs import agents, audit_settings, log_agents
from k8snb.notebook.network import exposure, network_plugins, policies
from k8snb.notebook.responsibility import responsibilities, responsibility_by_chapter
from k8snb.notebook.summary import (
    evidence_shares,
    matters_first,
    opening,
    settled_by,
    this_week,
    without_verdict,
)
from k8snb.notebook.threats import attack_matrix, attack_paths, techniques, threats

__all__ = [
    "Chapter",
    "agents",
    "attack_matrix",
    "attack_paths",
    "audit_coverage",
    "audit_settings",
    "board",
    "capabilities",
    "chooser",
    "complete",
    "components",
    "controls",
    "coverage",
    "editor",
    "evidence_shares",
    "exposure",
    "findings",
    "first_steps",
    "headline",
    "heat_map",
    "level_shares",
    "levels",
    "log_agents",
    "matters_first",
    "namespaces",
    "network_plugins",
    "nodes",
    "open_chapter",
    "opening",
    "operator",
    "policies",
    "powers",
    "powers_by_subject",
    "reads",
    "responsibilities",
    "responsibility_by_chapter",
    "scores",
    "settled_by",
    "strengths",
    "techniques",
    "this_week",
    "threats",
    "unassessed",
    "version_timeline",
    "versions",
    "without_verdict",
    "workloads",
]
