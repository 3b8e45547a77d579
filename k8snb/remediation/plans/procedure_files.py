"""The finished files of procedures: flags, an audit policy, an encryption configuration, kubelet settings."""

_PKI = "/etc/kubernetes/pki"
_API, _ETCD, _MANAGER, _SCHEDULER = "kube-apiserver", "etcd", "kube-controller-manager", "kube-scheduler"

_AUDIT_FLAGS = {
    "audit-policy-file": "/etc/kubernetes/audit/policy.yaml",
    "audit-log-path": "/var/log/kubernetes/audit.log",
    "audit-log-maxage": "30",
    "audit-log-maxbackup": "10",
    "audit-log-maxsize": "100",
}
_ENCRYPTION_FLAGS = {"encryption-provider-config": "/etc/kubernetes/encryption/config.yaml"}

FLAGS: dict[str, tuple[str, dict[str, str]]] = {
    "audit-logging-enabled": (_API, _AUDIT_FLAGS),
    "audit-log-retention": (_API, {key: _AUDIT_FLAGS[key] for key in list(_AUDIT_FLAGS)[2:]}),
    "audit-policy-coverage": (_API, {"audit-policy-file": _AUDIT_FLAGS["audit-policy-file"]}),
    "secrets-encrypted-at-rest": (_API, _ENCRYPTION_FLAGS),
    "secrets-kms": (_API, _ENCRYPTION_FLAGS),
    "admission-plugins": (_API, {"enable-admission-plugins": "NodeRestriction"}),
    "api-server-anonymous-auth": (_API, {"anonymous-auth": "false"}),
    "rbac-enabled": (_API, {"authorization-mode": "Node,RBAC"}),
    "api-server-tls": (
        _API,
        {
            "tls-cert-file": f"{_PKI}/apiserver.crt",
            "tls-private-key-file": f"{_PKI}/apiserver.key",
            "tls-min-version": "VersionTLS12",
        },
    ),
    "api-server-kubelet-tls": (
        _API,
        {
            "kubelet-client-certificate": f"{_PKI}/apiserver-kubelet-client.crt",
            "kubelet-client-key": f"{_PKI}/apiserver-kubelet-client.key",
            "kubelet-certificate-authority": f"{_PKI}/ca.crt",
        },
    ),
    "api-server-etcd-tls": (
        _API,
        {
            "etcd-servers": "https://127.0.0.1:2379",
            "etcd-cafile": f"{_PKI}/etcd/ca.crt",
            "etcd-certfile": f"{_PKI}/apiserver-etcd-client.crt",
            "etcd-keyfile": f"{_PKI}/apiserver-etcd-client.key",
        },
    ),
    "etcd-client-authentication": (
        _ETCD,
        {"client-cert-auth": "true", "trusted-ca-file": f"{_PKI}/etcd/ca.crt"},
    ),
    "etcd-tls": (_ETCD, {"cert-file": f"{_PKI}/etcd/server.crt", "key-file": f"{_PKI}/etcd/server.key"}),
    "etcd-peer-tls": (
        _ETCD,
        {
            "peer-client-cert-auth": "true",
            "peer-trusted-ca-file": f"{_PKI}/etcd/ca.crt",
            "peer-cert-file": f"{_PKI}/etcd/peer.crt",
            "peer-key-file": f"{_PKI}/etcd/peer.key",
        },
    ),
    "etcd-own-ca": (_ETCD, {"trusted-ca-file": f"{_PKI}/etcd/ca.crt"}),
    "controller-manager-bind-address": (_MANAGER, {"bind-address": "127.0.0.1"}),
    "controller-manager-credentials": (_MANAGER, {"use-service-account-credentials": "true"}),
    "scheduler-bind-address": (_SCHEDULER, {"bind-address": "127.0.0.1"}),
    "profiling-disabled": ("", {"profiling": "false"}),
}
"""Flags as kubeadm lays a node out; the component is that of the finding where none stands here."""

KUBELET = {
    "kubelet-anonymous-auth": "authentication:\n  anonymous:\n    enabled: false\n",
    "kubelet-authorization": "authorization:\n  mode: Webhook\n",
    "kubelet-client-ca": f"authentication:\n  x509:\n    clientCAFile: {_PKI}/ca.crt\n",
    "kubelet-read-only-port": "readOnlyPort: 0\n",
    "kubelet-certificate-rotation": "rotateCertificates: true\n",
    "kubelet-tls": "serverTLSBootstrap: true\ntlsMinVersion: VersionTLS12\n",
}
"""Fields of a KubeletConfiguration (`kubelet.config.k8s.io/v1beta1`)."""

AUDIT_POLICY = """\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
# What controllers read all the time, and what tells nothing.
- level: None
  verbs: [watch]
  users: ["system:kube-controller-manager", "system:kube-scheduler", "system:kube-proxy"]
- level: None
  nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"]
# Never more than who and when: what is in these is secret.
- level: Metadata
  resources:
  - group: ""
    resources: [secrets, configmaps, serviceaccounts/token]
  - group: authentication.k8s.io
    resources: [tokenreviews]
# Who got into a pod, and who changed rights or admission: in full.
- level: RequestResponse
  verbs: [create, update, patch, delete, deletecollection, get]
  resources:
  - group: ""
    resources: [pods/exec, pods/attach, pods/portforward, pods/ephemeralcontainers]
- level: RequestResponse
  verbs: [create, update, patch, delete, deletecollection]
  resources:
  - group: rbac.authorization.k8s.io
  - group: admissionregistration.k8s.io
# Everything else: who, what and when.
- level: Metadata
"""

_PROVIDERS = {
    "secrets-encrypted-at-rest": "  - secretbox:\n      keys:\n      - name: key1\n        secret: <BASE64-KEY>\n",
    "secrets-kms": (
        "  - kms:\n      apiVersion: v2\n      name: kms\n"
        "      endpoint: unix:///run/kmsplugin/socket.sock\n      timeout: 3s\n"
    ),
}
ENCRYPTION = {
    control: (
        "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n"
        f"- resources: [secrets]\n  providers:\n{provider}  - identity: {{}}  # reads what was written before\n"
    )
    for control, provider in _PROVIDERS.items()
}


def flags_of(control: str, subject: str) -> tuple[str, str] | None:
    """Give a component and its flags as lines of a static pod's command; None where no flag is the fix.

    Args:
        control: Id of the control.
        subject: Name of what failed, such as `kube-scheduler-node-1`; untrusted text.
    """
    if control not in FLAGS:
        return None
    component, flags = FLAGS[control]
    component = component or next((one for one in (_MANAGER, _SCHEDULER, _API) if subject.startswith(one)), _API)
    return component, "".join(f"- --{name}={value}\n" for name, value in flags.items())
