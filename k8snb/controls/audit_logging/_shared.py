"""What the controls of this chapter share: section headings, flags, and an example."""

from k8snb.controls._flags import at, component, given

__all__ = ["API_AUDIT", "CHAPTER", "LOG", "NODES", "WEBHOOK", "api_server", "at", "given"]
CHAPTER = "audit-logging"
API_AUDIT = "Native Kubernetes audit logging configuration"
NODES = "Worker node and container logging"
WEBHOOK = "audit-webhook-config-file"
LOG = "audit-log-path"


def api_server(*flags: str) -> str:
    """Give an example: an API server's static pod with these flags, in YAML."""
    return component("kube-apiserver", *flags)
