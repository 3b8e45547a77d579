"""What a value looks like: a marker, a secret of a known shape, or plainly no secret."""

import re

MARKER = "k8snb:redacted:"
"""What stands for a credential that was taken out; the kind of the credential follows."""

_PEM = r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"

SHAPES: tuple[tuple[str, str, str], ...] = (
    ("private-key", "-----BEGIN", _PEM + r"(?:[^\n]*?-----END [A-Z0-9 ]{1,60}-----"
                                  r"|(?s:.*?-----END [A-Z0-9 ]{1,60}-----)[^\n\"']*+|(?s:.*+))"),
    ("jwt", "eyJ", r"(?<![\w-])eyJ[\w-]{8,}+\.eyJ[\w-]{8,}+\.[\w-]*+"),
    ("aws-access-key", "AKIA|ASIA", r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    ("github-token", "ghp_|gho_|ghu_|ghs_|ghr_|github_pat_",
     r"(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{30,}+|github_pat_\w{22,}+)"),
    ("gitlab-token", "glpat-|gldt-|glrt-|glptt-|glcbt-", r"(?<!\w)gl(?:pat|dt|rt|ptt|cbt)-[\w-]{20,}+"),
    ("slack-token", "xox|slack.com", r"(?<!\w)xox[abeoprs]-[\w-]{10,}+"
                    r"|hooks\.slack\.com/services/(?P<slack>T\w{6,}+/B\w{6,}+/\w{16,}+)"),
    ("stripe-key", "_live_|_test_", r"(?<!\w)[sr]k_(?:live|test)_[A-Za-z0-9]{16,}+"),
    ("google-api-key", "AIza", r"(?<!\w)AIza[\w-]{35}(?![\w-])"),
    ("token", "npm_|dckr_|hvs.|SG.|sk-", r"(?<!\w)(?:npm_[A-Za-z0-9]{36}|dckr_pat_[\w-]{20,}+|hvs\.[\w-]{24,}+"
              r"|SG\.[\w-]{16,64}\.[\w-]{16,}+|sk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,}+)"),
    ("password-hash", "$2|$apr1|$1$|$5$|$6$|{SHA}",
     r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$apr1\$[^\s$]{1,8}\$[./A-Za-z0-9]{22}"
                      r"|\{SHA\}[A-Za-z0-9+/]{27}=|(?<!\S)\$[156]\$[^\s$]{1,16}\$[./A-Za-z0-9]{22,}+"),
    ("basic-auth-url", "://", r"(?<![\w+.-])[A-Za-z][\w+.-]{0,30}+://[^\s/:@\"'<>?#]{0,128}+:(?!\d{1,5}/)"
                       r"(?P<url>[^\s\"'<>/?#]{1,256}(?=@)|[^\s\"'<>@]{1,256}(?=@))"),
    ("basic-auth-url", "@tcp(|@unix(", r"(?<![\w.-])[\w.-]{1,64}+:(?P<dsn>[^\s@/\"']{1,128})@(?:tcp|unix)\("),
    ("basic-auth", "basic|Basic|BASIC",
     r"(?i:authorization[\"']?\s{0,4}+[:=]\s{0,4}+[\"']?basic\s{1,4}+)(?P<basic>[A-Za-z0-9+/=]{6,}+)"),
    ("basic-auth", '"auth"', r"\"auth\"\s{0,4}+:\s{0,4}+\"(?P<registry>[A-Za-z0-9+/]{8,}+={0,2})\""),
    ("basic-auth", "curl",
     r"(?<!\w)curl(?:\s[^\n|;&]{0,300}?)?\s(?:-u|--user)[ =]?[\"']?[\w.@-]{1,64}:(?P<curl>[^\s\"']{1,128})"),
    ("token", "earer|EARER|oken", r"(?i:authorization[\"']?\s{0,4}+[:=]\s{0,4}+[\"']?(?:bearer|token)\s{1,4}+)"
              r"(?P<bearer>[\w.~+/=-]{8,}+)"),
    ("connection-string", ";", r"(?i:(?<=;)\s{0,4}+(?:password|pwd|accountkey|sharedaccesskey)\s{0,4}+=\s{0,4}+)"
                          r"(?P<later>[^;\"'\s]{1,256})"),
    ("connection-string", ";", r"(?i:(?<![\w;])(?:password|pwd|accountkey|sharedaccesskey)\s{0,4}+=\s{0,4}+)"
                          r"(?P<first>[^;\"'\s]{1,256})(?=;\s{0,4}+\w)"),
)  # fmt: skip
"""What is a credential by its looks alone: kind, texts of which one must be there, regular expression.

A named group is the secret part.
"""

KINDS = (*sorted({shape[0] for shape in SHAPES}, reverse=True), "password", "credentials", "api-key", "secret", "key")
_MARKER = re.compile(rf"{MARKER}({'|'.join(KINDS)})")
_COMPILED = tuple((kind, hints.split("|"), re.compile(pattern)) for kind, hints, pattern in SHAPES)
_HINTS = re.compile("|".join(sorted({re.escape(hint) for _, hints, _ in _COMPILED for hint in hints})))

_REFERENCE = re.compile(
    r"\$\([^)]*\)?|\$\{[^}]*\}?|\$__\w+\{[^}]*\}?|\{\{.*?(?:\}\}|$)|<%.*?(?:%>|$)|%\([^)]*\)s?|`[^`]*`?", re.DOTALL
)
_HARMLESS = re.compile(
    r"""
      (?i:true|false|yes|no|on|off|none|null|nil|undefined|enabled?|disabled?|optional|required|auto|string|str|bytes
         |object|integer|bool|boolean|n/a|tbd|todo|unset|empty|bearer|basic|text|redacted)
    | [+-]?\d{1,3} | [+-]?\d+\.\d* | (?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d|w|y|%|[KMGT]i?B?))+
    | <.*> | \[.*redacted.*\] | (.)\1+                                      # placeholders
    | (?i:your|replace|insert|enter|fill|put)[\s_-]?.*  | (?i:.*[_-]here)
    | \$[A-Z_][A-Z0-9_]* | \$[a-z_]+ | \$[A-Za-z_]\w*(?:[.:]\w[\w.:-]*)+ | %[A-Z_]+% | @\w+@   # references
    | (?i:vault|ref\+\w+|env|file|ssm|sm|op|arn|secretref|awssm|gcpsm|keyvault|azurekeyvault|secretsmanager):.*
    | (?:.*[\s{"'.,\[])?(?:secretKeyRef|valueFrom|configMapKeyRef)(?:[\s:}"'.,\[].*)?
    | projects/[^/]+/secrets/.* | ENC(?:\[|\().*
    | (?i:process\.env|os\.environ|os\.getenv|env\[|System\.getenv).*
    | [A-Za-z][\w+.-]{0,30}:// .* | jdbc: .* | ssh-\w+\ .*
    | -----BEGIN\ .*                                                 # its shape tells what it is
    """,
    re.VERBOSE | re.DOTALL,
)
_PATH = re.compile(
    r"(?:~|\.{1,2})?/[\w.\-{}*+@:=,%/ ]*|[A-Za-z]:\\.*"
    r"|[\w.\-]+(?:/[\w.\-]+)*\.(?:txt|pem|key|crt|cer|json|ya?ml|conf|env|jks|p12|pfx|token)"
)
_RANDOM = re.compile(r"(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*[A-Z])(?=[A-Za-z0-9+]*\d)[A-Za-z0-9+]{20,}+")
_SECRET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*-(?:secrets?|tls|certs?|credentials|creds)")
_ENTROPY = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w+/=.-]*[A-Za-z0-9+/]{16}[\w+/=.-]*")
_CODE = re.compile(
    r"[A-Za-z_][\w.]*[(\[].*|[{\[(|>!].*|[&*][\w-]+|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Z][a-z]+ .*"
    r"|.*\s(?i:password|token|secret)\b.*",
    re.DOTALL,
)
_LOOK = 1024


def marked(value: str) -> str | None:
    """Give the kind that a marker stands for; None if the value is no marker."""
    match = _MARKER.fullmatch(value)
    return match[1] if match else None


def markers(text: str) -> list[tuple[int, int, str]]:
    """Give start, end and kind of every marker in a text."""
    return [(m.start(), m.end(), m[1]) for m in _MARKER.finditer(text)] if MARKER in text else []


def hinted(text: str) -> bool:
    """Say quickly whether a text may hold a credential that its looks give away."""
    return _HINTS.search(text) is not None


def shapes(text: str) -> list[tuple[int, int, str]]:
    """Give start, end and kind of everything in a text that is a credential by its looks alone.

    Args:
        text: Any text; the time taken grows linearly with it.
    """
    if not hinted(text):
        return []
    return [
        (match.start(group), match.end(group), kind)
        for kind, hints, pattern in _COMPILED
        if any(hint in text for hint in hints)
        for match in pattern.finditer(text)
        for group in (match.lastgroup or 0,)
        if group == 0 or literal(match[group])
    ]


def literal(value: str) -> bool:
    """Say whether a value is a literal, where it stands for a password: no reference, path or placeholder.

    Args:
        value: The value without quotes.
    """
    if marked(value):
        return True
    if not value or value.isspace() or MARKER in value or _HARMLESS.fullmatch(value[:_LOOK]):
        return False
    if _PATH.fullmatch(value) and not _RANDOM.search(value):
        return False
    rest = _REFERENCE.sub("", value[:_LOOK])
    return len(rest) == len(value[:_LOOK]) or sum(map(str.isalnum, rest)) > 8


def secret(kind: str, value: str, *, prose: bool = False) -> bool:
    """Say whether a value under a name that promises a credential is one.

    Args:
        kind: What the name promises.
        value: The value without quotes.
        prose: Whether it stands in a text that may be code or prose rather than a single value.
    """
    if marked(value):
        return True
    value = value.strip()
    if not literal(value) or (prose and _CODE.fullmatch(value[:_LOOK])):
        return False
    if kind == "password":
        return True
    if len(value) < 4 or value.isdigit():
        return False
    if kind == "key":
        return _ENTROPY.fullmatch(value[:_LOOK]) is not None
    return kind not in {"secret", "credentials"} or not _SECRET_NAME.fullmatch(value)
