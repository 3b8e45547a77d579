"""Network plugins: which are there, by several signs, and whether they enforce NetworkPolicies."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from k8snb.analysis.agents import repository
from k8snb.analysis.flags import flags, parse
from k8snb.data import Dated, load
from k8snb.inventory.cluster import Cluster
from k8snb.inventory.workloads import Workload
from k8snb.resources.core import ConfigMap, Node
from k8snb.sources.stream import Gap

PLACES = ("kube-system", "kube-flannel", "calico-system", "cilium", "cilium-system")
"""Namespaces in which a DaemonSet is known by its name or labels too; whoever may write there is an administrator."""
_K3S = "k3s.io/node-args"


class Switch(msgspec.Struct, frozen=True):
    """A setting: a value of an argument, or of a key in a ConfigMap of `kube-system`."""

    value: str
    argument: str = ""
    config: str = ""
    key: str = ""


class KnownPlugin(msgspec.Struct, frozen=True):
    """A network plugin.

    Attributes:
        name: Its name.
        enforces: Whether it enforces NetworkPolicies; None where that depends on what no object shows.
        image: Regular expression that its image's repository matches.
        daemonsets: Names of its DaemonSets.
        labels: Labels of its pods; one of them is enough.
        configs: Names of its ConfigMaps.
        on: What must be set, or it does not enforce them.
        off: What must not be set.
    """

    name: str
    enforces: bool | None
    image: str
    daemonsets: tuple[str, ...] = ()
    labels: dict[str, tuple[str, ...]] = {}
    configs: tuple[str, ...] = ()
    on: Switch | None = None
    off: tuple[Switch, ...] = ()


class KnownPlugins(Dated, frozen=True):
    """The network plugins that are known."""

    plugins: tuple[KnownPlugin, ...]


class Plugin(msgspec.Struct, frozen=True):
    """A network plugin that was found.

    Attributes:
        name: Its name.
        enforces: Whether it enforces NetworkPolicies; None when that is not known.
        signs: What shows it; untrusted text.
        why: What decides, where a setting does; or why it is not known.
        gap: What hides the setting that decides.
    """

    name: str
    enforces: bool | None
    signs: tuple[str, ...]
    why: str = ""
    gap: Gap | None = None


@cache
def known_plugins() -> KnownPlugins:
    """Give the network plugins that are known."""
    return load("network_plugins", KnownPlugins)


def plugins(cluster: Cluster) -> list[Plugin]:
    """Give the network plugins that run, or would where no pod could be seen."""
    daemonsets = [one for one in cluster.all_workloads if one.kind == "DaemonSet" and _runs(cluster, one)]
    found = []
    for known in known_plugins().plugins:
        works = [(one, sign) for one in daemonsets if (sign := _sign(known, one))]
        if works:
            found.append(_found(cluster, known, works))
    return [*found, *_k3s(cluster)]


def _runs(cluster: Cluster, workload: Workload) -> bool:
    """Say whether a DaemonSet has pods; where pods or nodes were not read, or there is none, it has to be believed."""
    return bool(workload.pods) or not cluster.all(Node) or cluster.gap("pods", workload.namespace) is not None


def _sign(known: KnownPlugin, work: Workload) -> str:
    """Say by what a DaemonSet is known as a plugin's: its image, else its name or labels where administrators are."""
    told = f"DaemonSet/{work.namespace}/{work.name}"
    for _, container in work.template.containers():
        if re.search(known.image, repository(container.image or "")):
            return f"{told} runs {(container.image or '')[:120]}"
    if work.namespace not in PLACES and not work.namespace.startswith("openshift-"):
        return ""
    labelled = any(work.labels.get(key) in values for key, values in known.labels.items())
    return told if work.name in known.daemonsets or labelled else ""


def _found(cluster: Cluster, known: KnownPlugin, works: list[tuple[Workload, str]]) -> Plugin:
    configs = {one.name: one for one in cluster.all(ConfigMap, "kube-system") if one.name in known.configs}
    signs = (*dict.fromkeys(sign for _, sign in works), *(f"ConfigMap/kube-system/{name}" for name in sorted(configs)))
    if known.enforces is not True:
        why = (
            "it enforces NetworkPolicies only as it is set up, which no object shows" if known.enforces is None else ""
        )
        return Plugin(known.name, known.enforces, signs, why)
    given = [flags(container) for work, _ in works for _, container in work.template.containers()]
    if known.on and not any(one.get(known.on.argument) == known.on.value for one in given):
        return Plugin(known.name, False, signs, f"--{known.on.argument}={known.on.value} is not set")
    for switch in known.off:
        if any(one.get(switch.argument) == switch.value for one in given) or _set(configs, switch):
            return Plugin(known.name, False, signs, f"{switch.key or f'--{switch.argument}'} is {switch.value}")
    gap = next(
        (cluster.gap("configmaps", "kube-system") for one in known.off if one.config not in {"", *configs}), None
    )
    return Plugin(known.name, None if gap else True, signs, "its configuration was not read" if gap else "", gap)


def _set(configs: Mapping[str, ConfigMap], switch: Switch) -> bool:
    config = configs.get(switch.config)
    return config is not None and (config.settings or {}).get(switch.key, "").lower() == switch.value


def _k3s(cluster: Cluster) -> Iterator[Plugin]:
    """Give the policy controller that is built into k3s, as the arguments of its servers have it.

    Source: k3s, `pkg/nodeconfig`: the annotation holds the arguments of the command line and of the configuration file.
    """
    for node in cluster.all(Node):
        try:
            words = msgspec.json.decode(node.annotations.get(_K3S, "[]"), type=list[str])
        except msgspec.MsgspecError:
            continue
        if words[:1] != ["server"]:
            continue
        given = parse(words)
        off = given.get("disable-network-policy") == "true"
        sign = f"Node/{node.name} {_K3S}"
        yield Plugin("k3s", not off, (sign,), "disable-network-policy is true" if off else "")
        return
