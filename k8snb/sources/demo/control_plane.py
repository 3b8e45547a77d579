"""The static pods of the control plane, with the flags that kubeadm writes and the company's own.

The audit log is on but kept too short, Secrets are not encrypted, and one API server has drifted from the others.
"""

from typing import Any

from k8snb.sources.demo.nodes import CONTROL_PLANE, address

Json = dict[str, Any]

_PKI, _ETC = "/etc/kubernetes/pki", "/etc/kubernetes"
AUDIT_POLICY: Json = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {"level": "None", "userGroups": ["system:nodes"], "verbs": ["get", "list", "watch"]},
        {"level": "Metadata", "resources": [{"group": "", "resources": ["secrets", "configmaps"]}]},
        {"level": "None", "verbs": ["get", "list", "watch"]},
        {"level": "Metadata"},
    ],
}
"""Somebody wanted to leave reading out, and left out commands in containers, which kubectl asks for by get."""


def static_pods() -> list[tuple[str, str, Json]]:
    """Give node, component and pod spec of every static pod."""
    return [(node, name, spec) for node in CONTROL_PLANE for name, spec in _components(node).items()]


def _components(node: str) -> dict[str, Json]:
    return {
        "etcd": _spec(
            "registry.k8s.io/etcd:3.6.6-0",
            _etcd(node),
            {"cpu": "100m", "memory": "100Mi"},
            {"etcd-data": "/var/lib/etcd", "etcd-certs": f"{_PKI}/etcd"},
            {"host": "127.0.0.1", "path": "/readyz", "port": 2381, "scheme": "HTTP"},
        ),
        "kube-apiserver": _spec(
            "registry.k8s.io/kube-apiserver:v1.35.6",
            _api_server(node),
            {"cpu": "250m"},
            {
                "audit-policy": f"{_ETC}/audit",
                "audit-log": "/var/log/kubernetes/audit",
                "ca-certs": "/etc/ssl/certs",
                "k8s-certs": _PKI,
            },
            {"host": address(node), "path": "/livez", "port": 6443, "scheme": "HTTPS"},
        ),
        "kube-controller-manager": _spec(
            "registry.k8s.io/kube-controller-manager:v1.35.6",
            _controller_manager(),
            {"cpu": "200m"},
            {"ca-certs": "/etc/ssl/certs", "k8s-certs": _PKI, "kubeconfig": f"{_ETC}/controller-manager.conf"},
            {"host": "127.0.0.1", "path": "/healthz", "port": 10257, "scheme": "HTTPS"},
        ),
        "kube-scheduler": _spec(
            "registry.k8s.io/kube-scheduler:v1.35.6",
            _scheduler(node),
            {"cpu": "100m"},
            {"kubeconfig": f"{_ETC}/scheduler.conf"},
            {"host": "127.0.0.1", "path": "/livez", "port": 10259, "scheme": "HTTPS"},
        ),
    }


_WRITABLE = {"/var/lib/etcd", "/var/log/kubernetes/audit"}


def _spec(image: str, command: list[str], requests: Json, paths: dict[str, str], probe: Json) -> Json:
    mounts = [
        {"name": volume, "mountPath": path} | ({} if path in _WRITABLE else {"readOnly": True})
        for volume, path in paths.items()
    ]
    name = image.rpartition("/")[2].partition(":")[0]
    container = {
        "name": name,
        "image": image,
        "command": [name, *command],
        "resources": {"requests": requests},
        "volumeMounts": mounts,
        "livenessProbe": {"httpGet": probe, "initialDelaySeconds": 10, "timeoutSeconds": 15, "failureThreshold": 8},
    }
    return {
        "containers": [container],
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "tolerations": [{"effect": "NoExecute", "operator": "Exists"}],
        "volumes": [{"name": volume, "hostPath": _host_path(path)} for volume, path in paths.items()],
    }


def _host_path(path: str) -> Json:
    return {"path": path, "type": "FileOrCreate" if path.endswith(".conf") else "DirectoryOrCreate"}


def _api_server(node: str) -> list[str]:
    return [
        f"--advertise-address={address(node)}",
        "--allow-privileged=true",
        f"--audit-log-maxage={30 if node == 'cp-3' else 7}",
        "--audit-log-maxbackup=10",
        "--audit-log-maxsize=100",
        "--audit-log-path=/var/log/kubernetes/audit/audit.log",
        f"--audit-policy-file={_ETC}/audit/policy.yaml",
        "--authorization-mode=Node,RBAC",
        f"--client-ca-file={_PKI}/ca.crt",
        "--enable-admission-plugins=NodeRestriction",
        "--enable-bootstrap-token-auth=true",
        f"--etcd-cafile={_PKI}/etcd/ca.crt",
        f"--etcd-certfile={_PKI}/apiserver-etcd-client.crt",
        f"--etcd-keyfile={_PKI}/apiserver-etcd-client.key",
        "--etcd-servers=https://[::1]:2379",
        f"--kubelet-client-certificate={_PKI}/apiserver-kubelet-client.crt",
        f"--kubelet-client-key={_PKI}/apiserver-kubelet-client.key",
        "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
        "--oidc-client-id=kubernetes",
        "--oidc-groups-claim=groups",
        "--oidc-groups-prefix=oidc:",
        "--oidc-issuer-url=https://login.example.com",
        "--oidc-username-claim=email",
        "--oidc-username-prefix=oidc:",
        f"--proxy-client-cert-file={_PKI}/front-proxy-client.crt",
        f"--proxy-client-key-file={_PKI}/front-proxy-client.key",
        "--requestheader-allowed-names=front-proxy-client",
        f"--requestheader-client-ca-file={_PKI}/front-proxy-ca.crt",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-username-headers=X-Remote-User",
        "--secure-port=6443",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        f"--service-account-key-file={_PKI}/sa.pub",
        f"--service-account-signing-key-file={_PKI}/sa.key",
        "--service-cluster-ip-range=2001:db8:96::/108",
        f"--tls-cert-file={_PKI}/apiserver.crt",
        f"--tls-private-key-file={_PKI}/apiserver.key",
    ]


def _etcd(node: str) -> list[str]:
    mine, certificates = address(node), f"{_PKI}/etcd"
    peers = ",".join(f"{name}=https://[{address(name)}]:2380" for name in CONTROL_PLANE)
    return [
        f"--advertise-client-urls=https://[{mine}]:2379",
        f"--cert-file={certificates}/server.crt",
        "--client-cert-auth=true",
        "--data-dir=/var/lib/etcd",
        f"--initial-advertise-peer-urls=https://[{mine}]:2380",
        f"--initial-cluster={peers}",
        f"--key-file={certificates}/server.key",
        f"--listen-client-urls=https://[::1]:2379,https://[{mine}]:2379",
        "--listen-metrics-urls=http://127.0.0.1:2381",
        f"--listen-peer-urls=https://[{mine}]:2380",
        f"--name={node}",
        f"--peer-cert-file={certificates}/peer.crt",
        "--peer-client-cert-auth=true",
        f"--peer-key-file={certificates}/peer.key",
        f"--peer-trusted-ca-file={certificates}/ca.crt",
        f"--trusted-ca-file={certificates}/ca.crt",
    ]


def _controller_manager() -> list[str]:
    return [
        "--allocate-node-cidrs=true",
        f"--authentication-kubeconfig={_ETC}/controller-manager.conf",
        f"--authorization-kubeconfig={_ETC}/controller-manager.conf",
        "--bind-address=127.0.0.1",
        f"--client-ca-file={_PKI}/ca.crt",
        "--cluster-cidr=2001:db8:42::/48",
        f"--cluster-signing-cert-file={_PKI}/ca.crt",
        f"--cluster-signing-key-file={_PKI}/ca.key",
        "--controllers=*,bootstrapsigner,tokencleaner",
        f"--kubeconfig={_ETC}/controller-manager.conf",
        "--leader-elect=true",
        "--profiling=true",
        f"--root-ca-file={_PKI}/ca.crt",
        f"--service-account-private-key-file={_PKI}/sa.key",
        "--service-cluster-ip-range=2001:db8:96::/108",
        "--use-service-account-credentials=true",
    ]


def _scheduler(node: str) -> list[str]:
    bind = "0.0.0.0" if node == "cp-2" else "127.0.0.1"  # noqa: S104 - a weakness that the demo shows
    return [
        f"--authentication-kubeconfig={_ETC}/scheduler.conf",
        f"--authorization-kubeconfig={_ETC}/scheduler.conf",
        f"--bind-address={bind}",
        f"--kubeconfig={_ETC}/scheduler.conf",
        "--leader-elect=true",
        "--profiling=false",
    ]
