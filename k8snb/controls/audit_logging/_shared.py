"""What the controls of this chapter share: section headings, examples, and reading flags."""

from k8snb.analysis.components import ApiServer

CHAPTER = "audit-logging"
API_AUDIT = "Native Kubernetes audit logging configuration"
NODES = "Worker node and container logging"
WEBHOOK = "audit-webhook-config-file"
LOG = "audit-log-path"


def given(server: ApiServer, name: str) -> str | None:
    """Give the value of a flag; None where it is absent or empty."""
    return (server.flags or {}).get(name) or None


def at(server: ApiServer, name: str) -> str:
    """Give the place of a flag."""
    return f"{server.at} --{name}"


def api_server(*flags: str) -> str:
    """Give an example: an API server's static pod with these flags, in YAML."""
    words = "".join(f"\n    - --{flag}" for flag in flags)
    return f"""\
apiVersion: v1
kind: Pod
metadata: {{name: kube-apiserver-cp1, namespace: kube-system}}
spec:
  containers:
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.35.9
    command:
    - kube-apiserver{words}
"""
