"""The data files that age: what each holds, and which of them a run should not rely on any more."""

from collections.abc import Iterable, Mapping
from datetime import date

from k8snb.data import Dated, load

FRESH_DAYS = 60
"""After so many days a run says that data is old."""


def types() -> Mapping[str, type[Dated]]:
    """Give what each data file holds, by its name."""
    from k8snb.analysis.agents import Agents, LogAgents, MetricsAgents
    from k8snb.analysis.architecture import KnownComponents
    from k8snb.analysis.benchmarks import Known as Benchmarks
    from k8snb.analysis.deprecated import DeprecatedApis
    from k8snb.analysis.end_of_life import EndsOfLife
    from k8snb.analysis.network_plugins import KnownPlugins
    from k8snb.analysis.rbac import DefaultRoles
    from k8snb.analysis.releases import Releases
    from k8snb.analysis.scanners import Scanners
    from k8snb.analysis.system_components import SystemComponents
    from k8snb.analysis.vulnerabilities import Feed
    from k8snb.assessment.threats import ThreatModel
    from k8snb.controls.others import Others
    from k8snb.controls.upgrading.retired_components import RetiredComponents

    return {
        "components": KnownComponents,
        "cves": Feed,
        "default_roles": DefaultRoles,
        "deprecated_apis": DeprecatedApis,
        "end_of_life": EndsOfLife,
        "kube_bench": Benchmarks,
        "log_agents": LogAgents,
        "metrics_agents": MetricsAgents,
        "network_plugins": KnownPlugins,
        "others": Others,
        "releases": Releases,
        "retired": RetiredComponents,
        "scanners": Scanners,
        "system_components": SystemComponents,
        "threat_detectors": Agents,
        "threats": ThreatModel,
    }


def days_old(one: Dated, today: date) -> int:
    """Say how many days ago data was true."""
    return (today - date.fromisoformat(one.date)).days


def stale(names: Iterable[str], today: date) -> list[str]:
    """Give a note where data that a run used is older than 60 days.

    Args:
        names: Names of the data files that it used.
        today: The day to judge ages by.
    """
    dated = {name: load(name, Dated) for name in sorted(set(names))}
    old = [f"{name} of {one.date}" for name, one in dated.items() if days_old(one, today) > FRESH_DAYS]
    told = f"Data older than {FRESH_DAYS} days was used ({', '.join(old)}). k8snb data update renews it."
    return [told] if old else []
