"""What a name promises: whether a variable, flag or key of that name would hold a credential."""

import re

_LONGEST = 200
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")

_TERMS = {
    "private-key": r"(?:private|ssh|signing|deploy|pem)_?key|client_?key_?data",
    "api-key": r"(?:api|access|secret|app|account|auth|shared|master|storage|service|license|session)_?key"
    r"|(?:shared|secret)_?access_?key|(?:en)?crypt(?:o|ion)?_?key",
    "password": r"[a-z]*passwords?|[a-z]*passwd|[a-z]*passphrase|[a-z]*passcode|pwd|pass|requirepass|masterauth|rootpw",
    "token": r"[a-z]*token",
    "secret": r"[a-z]*secret",
    "credentials": r"[a-z]*credentials?|creds?",
    "key": r"key",
}
_STEMS = ("pass", "pwd", "secret", "token", "key", "cred", "masterauth", "rootpw")
"""One of these is in every term."""
_TERM = re.compile(
    "_(?:" + "|".join(f"(?P<{kind.replace('-', '_')}>{pattern})" for kind, pattern in _TERMS.items()) + ")(?=_)"
)

# Words that make the name say something *about* a credential instead: TOKEN_TTL, PASSWORD_FILE, SECRET_NAME.
_AFTER = frozenset(
    """
    age alg algo algorithm annotation annotations arn audience backend body bucket cache cert certificate cfg
    change claim class column command conf config configuration cookie count css days description dir directory
    disabled driver enable enabled endpoint engine env error exchange expiration expired expires expiry field
    file filename folder form format generator group header help hint host hostname hours html id identifier ids
    ini input interval issuer js json key keys kind label labels len length lifetime limit link list location
    lookup manager max md message method min minutes mode mount name names namespace optional owner page param
    parameter parser path pattern plugin policy port prefix program prompt properties property provider py query
    ratio ref reference refresh regex request required requirements reset resolver resource response review
    reviewer role rotation rules salt schema scope scopes script seconds selector server service sh size source
    status storage store strategy strength suffix support template text timeout title tmpl toml tpl ttl type uri
    url usage user username valid validation validator validity var variable version volume xml yaml yml
    """.split()  # noqa: SIM905
)
_BEFORE = frozenset(
    """
    allow allowed cache check count disable enable enabled existing external foreign forgot generate has hide is
    max min no nopassword num number optional partition primary public publishable random require required
    requires reset rotate show skip sort use uses using validate without
    """.split()  # noqa: SIM905
)
_SECRET_OBJECT = frozenset("ca cert certificate image imagepull kube kubernetes pull tls".split())  # noqa: SIM905
_SHOWN = frozenset({"site"})
"""Words before a key that every browser is shown, as those of captchas are."""
_NO_TAIL = frozenset({"pass", "pwd"})


def may_promise(text: str) -> bool:
    """Say quickly whether a name, or any name in a text, may promise a credential."""
    return any(map(text.lower().__contains__, _STEMS))


def promised(name: str) -> str | None:
    """Say which kind of credential a name promises, or None.

    Args:
        name: Name of an environment variable, flag, property or key; snake, camel, kebab or dotted.

    Returns:
        One of `password`, `token`, `secret`, `api-key`, `private-key`, `credentials`, or the weak `key`. Names that
        only speak about a credential (`TOKEN_TTL`, `SECRET_NAME`, `PASSWORD_FILE`, `PUBLIC_KEY`) promise none.
    """
    if not may_promise(name):
        return None
    joined = "_" + "_".join(_WORD.findall(name[-_LONGEST:])).lower() + "_"
    found = None
    for found in _TERM.finditer(joined):  # noqa: B007
        pass
    if found is None or found.lastgroup is None or joined in {"_pwd_", "_oldpwd_"}:
        return None
    kind = found.lastgroup.replace("_", "-")
    before, after = joined[: found.start()].split("_"), joined[found.end() :].strip("_").split("_")
    return None if _only_about(kind, found[0].strip("_"), before, [word for word in after if word]) else kind


def _only_about(kind: str, term: str, before: list[str], after: list[str]) -> bool:
    if not _AFTER.isdisjoint(after) or not _BEFORE.isdisjoint(before):
        return True
    if term in _NO_TAIL and any(not word.isdigit() for word in after):
        return True
    if kind == "key" and before[-1] in _SHOWN:
        return True
    return kind == "secret" and not _SECRET_OBJECT.isdisjoint(before)
