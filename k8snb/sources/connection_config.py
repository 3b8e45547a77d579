"""From a kubeconfig, or the credentials of a pod, to a connection; as kubectl reads them."""

import binascii
import difflib
import importlib
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from k8snb.errors import SourceError, UsageError
from k8snb.sources.connection import Connection, Limits

_SHOWN = 5
_NO_CLUSTER = "Name another source (k8snb assess demo needs no cluster), or --kubeconfig FILE."
_POD_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")


class Access(msgspec.Struct, frozen=True):
    """How to reach a cluster, beyond the name of its context.

    Attributes:
        kubeconfig: Path of the file; as kubectl finds it if None.
        user: Whom to act as (`--as`).
        groups: Which groups to act as (`--as-group`).
        limits: How long to wait.
        probe: Whether the API server may be probed: a request without credentials, and TLS handshakes.
        kubelets: Whether the kubelets are asked for their configuration, through the API server.
    """

    kubeconfig: str | None = None
    user: str | None = None
    groups: tuple[str, ...] = ()
    limits: Limits = Limits()
    probe: bool = True
    kubelets: bool = False


def connect(context: str | None, access: Access) -> tuple[Connection, str]:
    """Give a connection, and the name of the context that it is of.

    Args:
        context: Its name; None for the current one, or the credentials of the pod that this runs in.
        access: How to reach it.

    Raises:
        UsageError: if the file or the context does not exist, or is malformed.
        SourceError: if there is nothing to connect by, or a plugin gives no credentials.
    """
    if access.groups and not access.user:
        raise UsageError("--as-group needs --as.", "Name a user too: --as NAME.")
    files = access.kubeconfig or os.environ.get("KUBECONFIG") or "~/.kube/config"
    present = [one for one in files.split(os.pathsep) if one and Path(one).expanduser().exists()]
    if present:
        return _from_files(os.pathsep.join(present), context, access)
    if access.kubeconfig:
        raise UsageError(
            f"There is no kubeconfig {access.kubeconfig}.", "--kubeconfig wants a file as kubectl reads it."
        )
    if context is None and "KUBERNETES_SERVICE_HOST" in os.environ:
        return _from_pod(access), "in-cluster"
    raise SourceError("No cluster is configured: there is no kubeconfig.", _NO_CLUSTER)


def _from_files(files: str, context: str | None, access: Access) -> tuple[Connection, str]:
    merged, name = _merged(files, context)
    configuration, current, user = _loaded(files, merged, name)
    found = Connection(
        configuration.host,
        _client(configuration),
        limits=access.limits,
        headers=_impersonation(access, user),
        namespace=current if isinstance(current, str) else "",
        renew=lambda: _client(_loaded(files, *_merged(files, name))[0]),
    )
    return found, name


def _merged(files: str, context: str | None) -> tuple[Any, str]:
    kube_config: Any = importlib.import_module("kubernetes.config.kube_config")
    with _as_usage(files):
        merged = kube_config.KubeConfigMerger(files).config
        return merged, _chosen(merged, context, files)


def _loaded(files: str, merged: Any, name: str) -> tuple[Any, Any, dict[str, Any]]:
    """Give the client's configuration, the namespace of the context, and its user."""
    from kubernetes import client
    from kubernetes.config import ConfigException

    kube_config: Any = importlib.import_module("kubernetes.config.kube_config")
    configuration = client.Configuration()
    configuration.host = ""
    with _as_usage(files), _logged() as told:
        loader = kube_config.KubeConfigLoader(merged, active_context=name)
        loader.load_and_set(configuration)
        if not configuration.host:
            raise ConfigException(f"the cluster of context {name} has no server")
        namespace = loader.current_context["context"].get("namespace")
        user = dict(loader._user.value) if loader._user else {}
    if "exec" in user and told:
        command = user["exec"].get("command") if isinstance(user["exec"], dict) else None
        raise SourceError(f"The credential plugin {command} of context {name} gives none: {told[0]}.", "Log in again.")
    return configuration, namespace, user


_QUOTED = re.compile(r" in \S*\{.*")
"""A part of the file, which may hold a token."""
_WRONG = (OSError, ValueError, TypeError, LookupError, AttributeError)


@contextmanager
def _as_usage(files: str) -> Iterator[None]:
    """Make one line of whatever the client finds wrong with a kubeconfig."""
    import yaml
    from kubernetes.config import ConfigException

    try:
        yield
    except (ConfigException, yaml.YAMLError, RecursionError, *_WRONG) as error:
        told = _why(error)
        raise UsageError(f"{files} is no kubeconfig ({told}).", "kubectl config view shows how it is read.") from error


def _why(error: Exception) -> str:  # noqa: PLR0911
    """Tell in words of people what is wrong with a kubeconfig."""
    from kubernetes.config import ConfigException
    from yaml import MarkedYAMLError, YAMLError

    match error:
        case ConfigException():
            told = _QUOTED.sub("", str(error).partition("\n")[0])
            return told.partition("Invalid kube-config")[2].partition(". ")[2].strip(" .")[:300] or told[:300]
        case MarkedYAMLError(problem_mark=mark) if mark:
            return f"line {mark.line + 1} is no YAML"
        case YAMLError() | RecursionError():
            return "it is no YAML"
        case UnicodeError():
            return "it is no text in UTF-8"
        case OSError(strerror=str(told)):
            return told
        case binascii.Error():
            return "its certificate or key data is not base64"
    return "it does not hold lists of named clusters, users and contexts, as kubectl reads them"


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Catch what the client only logs: that a credential plugin failed."""
    told: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage().partition("\n")[0].strip(" .")[:300])  # type: ignore[method-assign]
    root = logging.getLogger()
    others, root.handlers = root.handlers, [handler]
    try:
        yield told
    finally:
        root.handlers = others


def _chosen(merged: Any, context: str | None, files: str) -> str:
    names = [str(one["name"]) for one in merged["contexts"].value]
    name = merged.safe_get("current-context") if context is None else context
    if not name:
        raise UsageError(f"{files} has no current context.", f"Name one: {_contexts(names)}.")
    if name not in names:
        near = difflib.get_close_matches(str(name), names, n=1)
        hint = f"Did you mean context:{near[0]}?" if near else f"Known: {_contexts(names) or 'none'}."
        raise UsageError(f"There is no context {name!r} in {files}.", hint)
    return str(name)


def _contexts(names: list[str]) -> str:
    return ", ".join(f"context:{name}" for name in names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")


def _from_pod(access: Access) -> Connection:
    from kubernetes import client

    config: Any = importlib.import_module("kubernetes.config")
    configuration = client.Configuration()
    try:
        config.load_incluster_config(configuration)
        namespace = _POD_NAMESPACE.read_text().strip() if _POD_NAMESPACE.exists() else ""
    except (config.ConfigException, OSError) as error:
        raise SourceError(f"The credentials of this pod cannot be used ({error}).", _NO_CLUSTER) from error
    return Connection(
        configuration.host,
        _client(configuration),
        limits=access.limits,
        headers=_impersonation(access, {}),
        namespace=namespace,
    )


def _impersonation(access: Access, user: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give the headers of whom to act as: as the options say, or else as the kubeconfig does."""
    if not access.user and not user.get("as"):
        return ()
    if access.user:
        user = {"as": access.user, "as-groups": access.groups}
    uid = [("Impersonate-Uid", str(user["as-uid"]))] if user.get("as-uid") else []
    groups = [("Impersonate-Group", str(one)) for one in user.get("as-groups") or ()]
    extra = (user.get("as-user-extra") or {}).items()
    more = [(f"Impersonate-Extra-{quote(key)}", str(value)) for key, values in extra for value in values]
    return (("Impersonate-User", str(user["as"])), *uid, *groups, *more)


def _client(configuration: Any) -> Any:
    import urllib3
    from kubernetes import client

    if not configuration.verify_ssl:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    return client.ApiClient(configuration)
