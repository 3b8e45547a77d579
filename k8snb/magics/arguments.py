"""The words of `%k8s`, as data: what each takes, in the words of the shell, and what completes it."""

import argparse
import shlex
from collections.abc import Mapping
from typing import Any, NoReturn

import msgspec

from k8snb.errors import UsageError


class Argument(msgspec.Struct, frozen=True):
    """One argument.

    Attributes:
        names: Its names (`-n`, `--namespace`), or its destination where it is positional.
        help: What it means.
        completes: What it is completed with, see `k8snb.magics.candidates`; empty for nothing.
        more: What else `argparse` is told.
    """

    names: tuple[str, ...]
    help: str
    completes: str = ""
    more: Mapping[str, Any] = {}


class Command(msgspec.Struct, frozen=True):
    """What may follow `%k8s`."""

    summary: str
    examples: str
    arguments: tuple[Argument, ...] = ()


def _flag(name: str, told: str) -> Argument:
    return Argument((name,), told, more={"action": "store_true"})


def _value(*names: str, told: str, completes: str = "", metavar: str = "FILE", **more: Any) -> Argument:
    return Argument(names, told, completes, {"metavar": metavar, **more})


def _many(*names: str, told: str, completes: str, metavar: str) -> Argument:
    return _value(*names, told=told, completes=completes, metavar=metavar, action="append")


_NAME = _value("--name", told="Also set this variable.", metavar="VARIABLE")
_NAMESPACE = _many("-n", "--namespace", told="Only this namespace.", completes="namespace", metavar="NS")
_TOPICS = Argument(("topics",), "Chapters and controls.", "topic", {"nargs": "*", "metavar": "CHAPTER|CONTROL"})
_ID = Argument(("id",), "A finding (the beginning of its id is enough).", "finding", {"metavar": "ID"})
_STATUSES = ("fail", "not-assessed", "pass", "not-applicable")

COMMANDS: Mapping[str, Command] = {
    "connect": Command(
        "Read a cluster, and keep its inventory.",
        "%k8s connect demo\n%k8s connect context:prod\n%k8s connect manifests/ --name cluster",
        (
            Argument(
                ("source",),
                "demo; context:NAME; sandbox; manifests or a snapshot. None: the current kubeconfig context.",
                "source",
                {"nargs": "?", "metavar": "SOURCE"},
            ),
            _many("-n", "--namespace", told="Only this namespace.", completes="", metavar="NS"),
            _flag("--complete", "The manifests are all that the cluster holds."),
            _value("--kubeconfig", told="Another kubeconfig than kubectl's.", completes="path"),
            _value("--as", told="Act as this user, as kubectl does.", metavar="USER", dest="act_as"),
            _many("--as-group", told="Act as of this group too.", completes="", metavar="GROUP"),
            _value("--request-timeout", told="For each answer of the server, such as 30s or 2m.", metavar="TIME"),
            _flag("--no-probe", "Do not probe the API server (no credentials, TLS versions)."),
            _flag("--kubelets", "Read the configuration of kubelets, by nodes/proxy."),
            _many(
                "--evidence",
                told="JSON of kube-bench or a provider, or an audit log.",
                completes="path",
                metavar="FILE",
            ),
            _flag("--any-evidence", "Use evidence files that are old, or of another cluster, too."),
            _NAME,
        ),
    ),
    "assess": Command(
        "Assess what is connected, all of it or some chapters and controls.",
        "%k8s assess\n%k8s assess run-as-non-root -n shop\n"
        "r = %k8s assess pod-security -p pod_security_level=restricted",
        (
            _TOPICS,
            _many("--chapter", told="Only this chapter.", completes="chapter", metavar="C"),
            _many("--control", told="Only this control.", completes="control", metavar="ID"),
            _NAMESPACE,
            _many("-p", "--parameter", told="Set a parameter.", completes="parameter", metavar="NAME=VALUE"),
            _flag("--all", "Keep what passes or does not apply, too."),
            _value("--waivers", told="YAML of accepted failures.", completes="path"),
            _value("--attestations", told="YAML of what people answer for.", completes="path"),
            _NAME,
        ),
    ),
    "findings": Command(
        "Give findings of the last assessment, the most urgent first.",
        "%k8s findings run-as-non-root\nf = %k8s findings --status fail --severity critical",
        (
            _TOPICS,
            _value("--status", told="Only this verdict.", completes="status", metavar="VERDICT", choices=_STATUSES),
            _value(
                "--severity",
                told="Only this severity.",
                completes="severity",
                metavar="SEVERITY",
                choices=("critical", "high", "medium", "low"),
            ),
            _NAMESPACE,
        ),
    ),
    "explain": Command(
        "Explain a finding or a control of the last assessment: evidence, why, how to fix.",
        "%k8s explain 3f2a91c\n%k8s explain run-as-non-root",
        (
            Argument(
                ("id",), "A finding (the beginning of its id is enough), or a control.", "explained", {"metavar": "ID"}
            ),
        ),
    ),
    "fix": Command("Plan the fix of a failing finding.", "plan = %k8s fix 3f2a91c", (_ID,)),
    "traceback": Command("Show where the last error came from.", "%k8s traceback"),
}


class _Parser(argparse.ArgumentParser):
    """Tells what is wrong instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}.", f"{self.prog}? shows what there is.")


def parser(word: str) -> argparse.ArgumentParser:
    """Give the parser of what may follow a word of `COMMANDS`."""
    command = COMMANDS[word]
    examples = "Examples:\n" + "\n".join(f"  {one}" for one in command.examples.split("\n"))
    raw = argparse.RawDescriptionHelpFormatter
    made = _Parser(f"%k8s {word}", None, command.summary, examples, formatter_class=raw, add_help=False)
    for one in command.arguments:
        made.add_argument(*one.names, help=one.help, **one.more)
    return made


def split(line: str) -> list[str]:
    """Split a line into words as a shell does, but for the backslash, which stands for itself.

    Raises:
        UsageError: if a quotation does not end.
    """
    reader = shlex.shlex(line, posix=True, punctuation_chars=False)
    reader.whitespace_split, reader.commenters, reader.escape = True, "", ""
    try:
        return list(reader)
    except ValueError as error:
        raise UsageError("A quotation does not end.", "Close it, or quote the quotation mark itself.") from error


def overview() -> str:
    """Tell the words that there are."""
    words = "\n".join(f"  %k8s {word:<10} {one.summary}" for word, one in COMMANDS.items())
    ask = "%k8s assess? tells what a word takes; Tab completes it."
    return f"Assess Kubernetes clusters.\n\n{words}\n  %%k8s_sql       Ask the inventory in SQL.\n\n{ask}"
