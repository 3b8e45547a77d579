"""The results of kube-bench: what a CIS benchmark run saw of files and processes on one node."""

import re
from typing import Any

import msgspec

NAME = "kube-bench/"
_PLAIN = re.compile(r"[\w=:,./ -]{1,60}")
"""Observed values that may be kept: modes and owners of files, never command lines, which can hold credentials."""
_ADDRESS = re.compile(r"--advertise-address=([0-9a-fA-F.:]{3,45})")


class Result(msgspec.Struct, frozen=True):
    """One test of the benchmark.

    Attributes:
        number: Its number in the benchmark, such as `1.1.13`; numbers change between versions of the benchmark.
        text: The recommendation.
        status: `PASS`, `FAIL`, `WARN` (by hand) or `INFO`.
        observed: What was seen, where that is plain; else empty.
    """

    number: str
    text: str
    status: str
    observed: str = ""


class Run(msgspec.Struct, frozen=True):
    """A run on one node.

    Attributes:
        benchmark: Which benchmark, such as `cis-1.10`.
        version: The Kubernetes minor that kube-bench detected, such as `1.35`; empty where it did not.
        addresses: Addresses that an API server on this node advertises.
        results: Its tests.
    """

    benchmark: str
    version: str
    addresses: tuple[str, ...]
    results: tuple[Result, ...]


class _Test(msgspec.Struct):
    test_number: str = ""
    test_desc: str = ""
    status: str = ""
    actual_value: str | None = None


class _Section(msgspec.Struct):
    results: tuple[_Test, ...] | None = None


class _Controls(msgspec.Struct):
    tests: tuple[_Section, ...] | None
    version: str = ""
    detected_version: str = ""


class _File(msgspec.Struct):
    Controls: tuple[_Controls, ...]


def parse(content: Any) -> Run | None:
    """Read what `kube-bench --json` writes; None where it is something else.

    Args:
        content: Decoded JSON: `{"Controls": [...]}`, or the list alone, as older releases write it.

    Raises:
        msgspec.ValidationError: if it looks like it, and a field has another type.
    """
    inner = content.get("Controls") if isinstance(content, dict) else content
    if not (isinstance(inner, list) and inner and all(isinstance(one, dict) and "tests" in one for one in inner)):
        return None
    parts = msgspec.convert({"Controls": inner}, _File).Controls
    tests = [test for part in parts for section in part.tests or () for test in section.results or ()]
    addresses = {found for test in tests for found in _ADDRESS.findall(test.actual_value or "")}
    return Run(
        next((part.version for part in parts if part.version), ""),
        next((part.detected_version for part in parts if part.detected_version), ""),
        tuple(sorted(addresses)),
        tuple(map(_result, tests)),
    )


def _result(test: _Test) -> Result:
    value = (test.actual_value or "").strip()
    return Result(
        test.test_number[:20], test.test_desc[:300], test.status[:10], value if _PLAIN.fullmatch(value) else ""
    )
