"""Command lines, read as the components read them."""

import pytest

from k8snb.analysis.flags import parse


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["kube-apiserver"], {}),
        (["--a=1"], {"a": "1"}),
        (["--a", "1"], {"a": "1"}),
        (["--a=1", "--a=2"], {"a": "2"}),
        (["--a=1", "--a", "2"], {"a": "2"}),
        (["--authorization-mode=Node", "--authorization-mode", "RBAC"], {"authorization-mode": "Node,RBAC"}),
        (["--a=x=y"], {"a": "x=y"}),
        (["--a="], {"a": ""}),
        (["--a"], {"a": "true"}),
        (["--a", "--b=1"], {"a": "true", "b": "1"}),
        (["--a", "-"], {"a": "-"}),
        (["--audit_log_path=/log"], {"audit-log-path": "/log"}),
        (["--a=1", "--", "--b=2"], {"a": "1"}),
        (["a=1", "-v=2"], {"v": "2"}),
        (["-client-cert-auth=true"], {"client-cert-auth": "true"}),
    ],
)
def test_flags(words: list[str], expected: dict[str, str]) -> None:
    assert parse(words) == expected
