"""No literal credential stands in a workload's configuration or in a ConfigMap."""

from collections.abc import Iterator, Sequence

from k8snb.analysis.words import clip
from k8snb.controls.model import Observation, References, seen
from k8snb.controls.network_hardening._shared import CHAPTER, NO_CONTAINER, SECRETS, empty, pod
from k8snb.controls.registry import control
from k8snb.inventory.workloads import Workload
from k8snb.resources.core import ConfigMap
from k8snb.resources.credential_values import MARKER, markers
from k8snb.resources.pod import Container

_EXPECTED = "no literal credential"
_CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cart, namespace: shop}\ndata: "


@control(
    id="no-credentials-in-configuration",
    chapter=CHAPTER,
    section=SECRETS,
    severity="high",
    subject="configuration",
    title="No credential stands in plain configuration",
    why=(
        "Manifests and ConfigMaps are read by far more people and programs than Secrets are, and they end up in "
        "Git, in "
        "backups and in logs. A password in them is a password for all of these."
    ),
    fix=(
        "Move the value to a Secret or an external store and mount it as a file. Then change the credential: "
        "the old one has been read."
    ),
    caution="Restart what uses it in the same step, or it keeps the old value.",
    remedy="manual",
    references=References(
        cis=("5.4.1", "5.4.2"),
        nist_800_53=("IA-5(7)", "SC-28"),
        nist_800_190=("3.1.4", "4.1.4"),
        mitre=("T1552.001", "T1552.007"),
        kubescape=("C-0012",),
        trivy=("KSV-0109",),
        kube_bench=("5.4.1",),
    ),
    passing=[
        pod("env: [{name: DB_PASSWORD_FILE, value: /run/secrets/db}, {name: DEBUG, value: 'false'}]"),
        pod("env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]"),
        _CONFIG + "{LOG_LEVEL: info, database.host: db.shop.svc}\n",
    ],
    failing=[
        pod("env: [{name: DB_PASSWORD, value: '" + MARKER + "password'}]"),
        pod("args: ['--token=" + MARKER + "token']"),
        _CONFIG + "{app.properties: 'url=jdbc\\n  password=" + MARKER + "password'}\n",
    ],
)
def no_credentials_in_configuration(one: Workload | ConfigMap) -> Iterator[Observation]:
    """No credential stands in plain configuration.

    What looks like a credential, by name and by shape, was replaced by a marker when it was read; here the markers are
    found. The evidence says where one stands and of which kind it is, never what it is.
    """
    if isinstance(one, ConfigMap):
        yield from _config_map(one)
    elif empty(one.template):
        yield NO_CONTAINER
    else:
        for path, container in one.template.containers():
            yield from _container(f"{one.path}spec.{path}", container)


def _config_map(config: ConfigMap) -> Iterator[Observation]:
    data = config.data or {}
    found = [part for key, value in data.items() for part in _found(f"data[{clip(key)}]", value or "")]
    yield from found or [seen(True, "data", f"{len(data)} keys", _EXPECTED, "no credential in the ConfigMap's data")]


def _container(path: str, container: Container) -> Iterator[Observation]:
    found = [
        part
        for index, one in enumerate(container.env or ())
        if one.value
        for part in _found(f"{path}.env[{index}].value", one.value, f"variable {clip(one.name)}")
    ]
    for field in ("command", "args"):
        given: Sequence[str] = getattr(container, field) or ()
        found += [part for index, word in enumerate(given) for part in _found(f"{path}.{field}[{index}]", word)]
    words = (*(container.command or ()), *(container.args or ()))
    count = {"variables": len(container.env or ()), "arguments": len(words)}
    clean = f"no credential in the variables and arguments of container {clip(container.name)}"
    yield from found or [seen(True, path, count, _EXPECTED, clean)]


def _found(at: str, value: str, where: str = "") -> Iterator[Observation]:
    for start, _, kind in markers(value):
        line = value.count("\n", 0, start) + 1
        place = at if "\n" not in value else f"{at} line {line}"
        yield seen(
            False,
            place,
            f"a literal credential ({kind})",
            _EXPECTED,
            f"{where or place} holds what looks like a credential ({kind})",
        )
