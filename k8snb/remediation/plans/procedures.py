"""Worked procedures, where no patch is right: which file to put where, and how to roll it out."""

from k8snb.assessment.result import Finding
from k8snb.controls.model import Control
from k8snb.remediation.plans.model import Procedure
from k8snb.remediation.plans.procedure_files import AUDIT_POLICY, ENCRYPTION, KUBELET, flags_of

_CONTROL_PLANE = (
    "The flags of a control-plane component stand in a file on its node, which the API server does not serve."
)
_ROLL = (
    "On one control-plane node keep a copy: cp /etc/kubernetes/manifests/{component}.yaml /root/{component}.yaml",
    "Add or change the lines of {component}.flags.yaml under spec.containers[0].command of that file; the kubelet "
    "restarts the component by itself.",
    "Wait for it: kubectl -n kube-system get pods -l component={component} -w. If it does not come back in two "
    "minutes, move the copy back into its place.",
    "Only then go on to the next control-plane node, and assess again at the end.",
    "At a provider, look for the setting in the provider's own console or API.",
)
_AUDIT = (
    "Put audit-policy.yaml at /etc/kubernetes/audit/policy.yaml on every control-plane node, owner root, mode 600.",
    "Mount /etc/kubernetes/audit (read only) and /var/log/kubernetes (writable) into the API server, by hostPath.",
)
_ENCRYPT = (
    "Make a key on the control-plane node, where nobody else sees it: head -c 32 /dev/urandom | base64",
    "Put it into encryption.yaml in place of <BASE64-KEY>, at /etc/kubernetes/encryption/config.yaml, owner root, mode "
    "600, the same on every control-plane node; keep a copy of the key where etcd backups are not.",
    "Mount /etc/kubernetes/encryption (read only) into the API server by a hostPath volume.",
)
_REWRITE = (
    "Once every API server runs with it, write all Secrets anew: kubectl get secrets -A -o json | kubectl replace -f -",
)
_NODES = (
    "On one node merge kubelet.yaml into /var/lib/kubelet/config.yaml (with kubeadm also into the ConfigMap "
    "kube-system/kubelet-config, for nodes to come).",
    "systemctl restart kubelet, and wait until the node is Ready again; what was there before is the way back.",
    "Go on node by node, and assess again with --kubelets.",
)


def procedure(control: Control, finding: Finding) -> Procedure:
    """Give what a person does about a control for which there is no patch.

    Args:
        control: The control.
        finding: What failed.
    """
    if control.id in KUBELET:
        return Procedure(
            "A kubelet reads its configuration from a file on its node.", _NODES, {"kubelet.yaml": KUBELET[control.id]}
        )
    flags = flags_of(control.id, finding.subject.name)
    if flags is None:
        return Procedure("This is for a person to decide; there is no mechanical fix.", (control.fix, "Assess again."))
    component, text = flags
    files = {f"{component}.flags.yaml": text}
    steps = tuple(one.format(component=component) for one in _ROLL)
    if component == "kube-apiserver" and control.id.startswith("audit-"):
        return Procedure(_CONTROL_PLANE, (*_AUDIT, *steps), files | {"audit-policy.yaml": AUDIT_POLICY})
    if control.id in {"secrets-encrypted-at-rest", "secrets-kms"}:
        return Procedure(
            _CONTROL_PLANE, (*_ENCRYPT, *steps, *_REWRITE), files | {"encryption.yaml": ENCRYPTION[control.id]}
        )
    return Procedure(_CONTROL_PLANE, steps, files)
