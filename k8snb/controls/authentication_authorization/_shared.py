"""What the controls of this chapter share: section headings and examples."""

CHAPTER = "authentication-authorization"
RBAC = "Role-based access control"
ACCOUNTS = "Authentication"
SHIPPED = "labels: {kubernetes.io/bootstrapping: rbac-defaults}"
_API = "apiVersion: rbac.authorization.k8s.io/v1"


def cluster_role(name: str, rules: str, metadata: str = "labels: {}") -> str:
    """Give an example: a ClusterRole with these rules in flow style."""
    return f'---\n{_API}\nkind: ClusterRole\nmetadata: {{name: "{name}", {metadata}}}\nrules: {rules}\n'


def role(name: str, rules: str) -> str:
    """Give an example: a Role in the namespace `shop` with these rules in flow style."""
    return f'---\n{_API}\nkind: Role\nmetadata: {{name: "{name}", namespace: shop}}\nrules: {rules}\n'


def binding(
    name: str, target: str, subjects: str, metadata: str = "labels: {}", kind: str = "ClusterRoleBinding"
) -> str:
    """Give an example: a binding of a role, as `Kind/name`, to subjects in flow style."""
    role_kind, _, role_name = target.partition("/")
    place = f"{metadata}, namespace: shop" if kind == "RoleBinding" else metadata
    return (
        f'---\n{_API}\nkind: {kind}\nmetadata: {{name: "{name}", {place}}}\n'
        f'roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {role_kind}, name: "{role_name}"}}\n'
        f"subjects: {subjects}\n"
    )


def account(name: str, further: str = "") -> str:
    """Give an example: a ServiceAccount in the namespace `shop`."""
    return f"---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}, namespace: shop}}\n{further}\n"


def group(name: str) -> str:
    """Give an example: a group as the only subject."""
    return f'[{{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "{name}"}}]'


CART = "[{kind: ServiceAccount, name: cart, namespace: shop}]"
READ_PODS = '[{apiGroups: [""], resources: [pods], verbs: [get, list]}]'
EVERYTHING = '[{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]'
