"""What is a credential and what is not, and that taking it out changes no verdict."""

import string
import time
import weakref
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from k8snb.resources import credential_names
from k8snb.resources.credentials import (
    argument_credentials,
    credential,
    find,
    redact,
    redact_arguments,
    redact_text,
    text_credentials,
)

PEM = f"-----BEGIN RSA {'PRIVATE'} KEY-----\nMIIabc\n-----END RSA {'PRIVATE'} KEY-----"
CERTIFICATE = f"-----BEGIN {'CERTIFICATE'}-----\nMIIabc\n-----END {'CERTIFICATE'}-----"
JWT = "eyJ" + "hbGciOiJub25l" + "." + "eyJ" + "zdWIiOiJ0ZXN0" + "." + "c2ln"
AWS = "AKIA" + "ABCDEFGHIJKLMNOP"
GITHUB = "ghp" + "_" + "a1B2" * 9
SLACK = "xoxb" + "-" + "1234567890-abc"
BCRYPT = "$2y$" + "10$" + "a" * 53


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("DB_PASSWORD", "hunter2", "password"),
        ("DB_PASSWORD", "changeme", "password"),
        ("PASSWORD", "admin", "password"),
        ("PASSWORD", "123456", "password"),
        ("PGPASSWORD", "root", "password"),
        ("MYSQL_PWD", "b", "password"),
        ("adminPassword", "s3cr3t", "password"),
        ("spring.datasource.password", "s3cr3t", "password"),
        ("API_KEY", "abcd1234", "api-key"),
        ("APIKey", "abcd1234", "api-key"),
        ("AWS_SECRET_ACCESS_KEY", "abcd/1234", "api-key"),
        ("GITHUB_TOKEN", "abcd1234", "token"),
        ("authToken", "abcd1234", "token"),
        ("JWT_SECRET", "super-secret-key", "secret"),
        ("VAULT_KEY", "cd2da27224" + "591da2b48ef838", "key"),
        ("CREDENTIALS", "user:abcd", "credentials"),
        ("X", f"pre {JWT}", "jwt"),
        ("X", PEM, "private-key"),
        ("X", AWS, "aws-access-key"),
        ("X", GITHUB, "github-token"),
        ("X", SLACK, "slack-token"),
        ("X", BCRYPT, "password-hash"),
        ("X", "postgres://u:" + "p4ss@db/x", "basic-auth-url"),
        ("X", "redis://:" + "p4ss@redis:6379/0", "basic-auth-url"),
        ("X", "u:" + "p4ss@tcp(db:3306)/x", "basic-auth-url"),
        ("X", "Server=db;User=sa;Password=" + "Zx1;Database=x", "password"),
        ("X", "Endpoint=x;AccountKey=" + "abcd1234;Suffix=x", "api-key"),
        ("X", "host=db user=u password=" + "z1", "password"),
        ("JAVA_OPTS", "-Xmx1g -Da.trustStorePassword=" + "changeit", "password"),
        ("X", '{"user": "u", "password": "' + 'p4ss"}', "password"),
        ("X", "curl -u me:" + "p4ss http://x", "basic-auth"),
        ("X", "Authorization: Bearer " + "abcdefgh1", "token"),
    ],
)
def test_credential_is_found_and_taken_out(name: str, value: str, kind: str) -> None:
    assert credential(name, value) == kind
    redacted = redact(name, value)
    assert f"k8snb:redacted:{kind}" in redacted
    assert "p4ss" not in redacted
    assert credential(name, redacted) == kind


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEYBOARD", "us-layout-qwerty1"),
        ("TOKEN_TTL", "abcdef"),
        ("TOKEN_URL", "abcdef"),
        ("SECRET_NAME", "db-login"),
        ("PASSWORD_FILE", "pw"),
        ("PASSWORD", "/run/secrets/pw"),
        ("PASSWORD", "secrets/pw.txt"),
        ("PUBLIC_KEY", "cd2da27224" + "591da2b48ef838"),
        ("KEY_ID", "cd2da27224" + "591da2b48ef838"),
        ("PARTITION_KEY", "customer"),
        ("TURNSTILE_SITE_KEY", "0x4AAAAAAA" + "BkMYinukE8nzYS"),
        ("TOKEN_ENABLED", "abc"),
        ("ENABLE_TOKEN", "abcdef"),
        ("PWD", "hunter2"),
        ("TOKEN", "true"),
        ("TOKEN", "4096"),
        ("TOKEN", "30s"),
        ("PASSWORD", ""),
        ("PASSWORD", "$(DB_PASSWORD)"),
        ("PASSWORD", "${DB_PASSWORD}"),
        ("PASSWORD", "$DB_PASSWORD"),
        ("PASSWORD", "{{ .Values.password }}"),
        ("PASSWORD", "vault:secret/data/db#password"),
        ("PASSWORD", "<password>"),
        ("PASSWORD", "xxx"),
        ("PASSWORD", "***"),
        ("PASSWORD", "https://vault.example.com/db"),
        ("TLS_SECRET", "shop-tls"),
        ("CLIENT_SECRET", "shop-client-secret"),
        ("URL", "http://host:8080/x@y"),
        ("URL", "postgres://u:$(PASSWORD)@db"),
        ("URL", "postgres://u@db/x"),
        ("CERT", CERTIFICATE),
        ("LOG_LEVEL", "info"),
    ],
)
def test_no_credential_is_left_alone(name: str, value: str) -> None:
    assert credential(name, value) is None
    assert redact(name, value) == value


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--password=hunter2"], [(0, "password", "--password")]),
        (["--password", "hunter2"], [(1, "password", "--password")]),
        (["--set", "db.password=hunter2"], [(1, "password", "db.password")]),
        (["sh", "-c", "PASSWORD=hunter2 run"], [(2, "password", "PASSWORD")]),
        (["sh", "-c", "run --api-key hunter2 x"], [(2, "api-key", "api-key")]),
        (["--db=postgres://u:" + "hunter2@db/x"], [(0, "basic-auth-url", "--db")]),
        (["--password-file=/x", "--token-ttl", "abc", "--secret-name=x1", "--use-token", "--v=2"], []),
        (["--password", "--verbose"], []),
        (["--tls-private-key-file=/etc/tls.key", "--password=$(PASSWORD)"], []),
        (["sh", "-c", "PASSWORD=$P run --all"], []),
    ],
)
def test_arguments(arguments: list[str], found: list[tuple[int, str, str]]) -> None:
    assert list(argument_credentials(arguments)) == found
    redacted = redact_arguments(arguments)
    assert list(argument_credentials(redacted)) == found
    assert "hunter2" not in str(redacted)
    assert found or redacted == tuple(arguments)


FILE = f"""\
# password: commented
db.password=hunter2
password: "hunter 2"   # comment
token: |
  hunter222
secretName: mine
secret: shop-main
{{"a": {{"password": "hunter\\"2", "apiKey": "hunter22"}}}}
- name: DB_PASSWORD
  value: "hunter2"
- name: DB_PASSWORD
  valueFrom: hunter
password = os.environ["X"]
password: the password of the user
token := config.token
password: string
<password>hunter2</password>
requirepass hunter2
//registry.example.com/:_authToken=hunter22
key: |
  {PEM}
last.password: hunter2
"""


def test_text_credentials_by_line() -> None:
    lines = [line for line, _, _ in text_credentials(FILE)]
    assert lines == [2, 3, 5, 8, 8, 10, 17, 18, 19, 21, 24]


def test_redacted_text_keeps_its_lines_and_the_rest() -> None:
    redacted = redact_text("app.conf", FILE)
    assert "hunter2" not in redacted
    assert "MII" not in redacted
    assert redacted.count("\n") == FILE.count("\n")
    assert [one[:2] for one in text_credentials(redacted)] == [one[:2] for one in text_credentials(FILE)]
    assert redacted.splitlines()[11:16] == FILE.splitlines()[11:16]


def test_key_of_a_configmap_counts_as_name() -> None:
    assert text_credentials("hunter2\n", "db-password") == [(1, "password", (0, 7))]
    assert redact_text("db-password", "hunter2\n") == "k8snb:redacted:password\n"
    assert text_credentials("a: b\nc: d\n", "secret.yaml") == []


NAMES = st.sampled_from(["PASSWORD", "db.password", "apiKey", "TOKEN", "LOG_LEVEL", "SECRET_NAME", "JWT_SECRET", "x"])
SECRETS = st.text(string.ascii_letters + string.digits + "!%+_", min_size=9, max_size=30).map(lambda s: "q7Z" + s)
TEMPLATES = st.sampled_from(
    ["{n}={v}", "{n}: {v}", '{n}: "{v}"', '{{"{n}": "{v}"}}', "--{n}={v} --x", "--{n} {v}", "<{n}>{v}</{n}>",
     "- name: {n}\n  value: {v}", "postgres://u:{v}@db", "# {n} {v}", "{v}", PEM, JWT, "k8snb:redacted:token"]
)  # fmt: skip
LINES = st.lists(st.builds(lambda t, n, v: t.replace("{n}", n).replace("{v}", v), TEMPLATES, NAMES, SECRETS))
TEXTS = st.one_of(LINES.map("\n".join), LINES.map(" ".join), LINES.map("".join), st.text(max_size=60))


def places(name: str, text: str) -> list[tuple[int, str]]:
    return [one[:2] for one in text_credentials(text, name)]


@given(NAMES, TEXTS)
def test_redaction_is_idempotent_and_keeps_the_verdict(name: str, text: str) -> None:
    redacted = redact_text(name, text)
    assert redact_text(name, redacted) == redacted
    assert places(name, redacted) == places(name, text)


@given(st.lists(TEXTS, max_size=4))
def test_redacted_arguments_keep_the_verdict(arguments: list[str]) -> None:
    redacted = redact_arguments(arguments)
    assert redact_arguments(redacted) == redacted
    assert [one[:2] for one in argument_credentials(redacted)] == [one[:2] for one in argument_credentials(arguments)]


@example("PASSWORD", "q7ZvalueFrom")
@given(st.sampled_from(["PASSWORD", "dbPassword", "API_KEY", "TOKEN"]), SECRETS)
def test_secret_is_gone(name: str, value: str) -> None:
    for text in (f"{name}={value}", f'"{name}": "{value}"', f"--{name}={value}", f"https://u:{value}@host/x"):
        assert value not in redact_text("", text)
        assert value not in redact_arguments([text])[0]
    assert value not in redact(name, value)


@given(st.text(max_size=100))
def test_what_is_not_found_is_not_changed(text: str) -> None:
    redacted, position = redact("", text), 0
    for one in find("", text):
        kept = text[position : one.start]
        assert kept in redacted
        position = one.end
    assert redacted.endswith(text[position:])


@pytest.mark.parametrize(
    "hostile", ["password=", '"token":"', "a://b:", "password={{", "curl a ", "-----BEGIN ", "pass"]
)
def test_hostile_text_takes_no_more_than_seconds(hostile: str) -> None:
    start = time.process_time()
    find("", hostile * (200_000 // len(hostile)))
    assert time.process_time() - start < 10


class Watched(str):
    """A text that tells when nobody holds it any more."""


@pytest.mark.parametrize("look", [redact, credential, redact_text])
@pytest.mark.parametrize("pair", [("DB_PASSWORD", "hunter2"), ("GREETING", "hello"), ("", "password=hunter2")])
def test_no_value_outlives_the_look_at_it(look: Callable[[str, str], object], pair: tuple[str, str]) -> None:
    name, value = pair[0], Watched(pair[1])
    held = weakref.ref(value)
    look(name, value)
    del value
    assert held() is None


WORDS = ["password", "Passwd", "pwd", "passphrase", "token", "Secret", "KEY", "api", "private", "creds", "masterauth"]
WORDS += ["rootpw", "requirepass", "client", "data", "encryption", "a", "-", "_", ".", "K", "1"]


@given(st.lists(st.sampled_from(WORDS), max_size=6).map("".join))
def test_the_quick_look_at_a_name_misses_nothing(name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credential_names, "may_promise", lambda _: True)
        slow = credential_names.promised(name)
    assert credential_names.promised(name) == slow
