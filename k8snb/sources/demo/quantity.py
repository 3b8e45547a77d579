"""Kubernetes quantities, as far as the demo's quotas need them."""

from collections.abc import Iterable
from decimal import Decimal

_UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def amount(text: str) -> Decimal:
    """Read a quantity such as `250m`, `2` or `512Mi`."""
    if text[-2:] in _UNITS:
        return Decimal(text[:-2]) * _UNITS[text[-2:]]
    return Decimal(text[:-1]) / 1000 if text.endswith("m") else Decimal(text)


def total(texts: Iterable[str]) -> str:
    """Add quantities and write the sum the way Kubernetes does (`7250m`, `3Gi`)."""
    value = sum(map(amount, texts), Decimal(0))
    if value >= 2**20 and value % 2**20 == 0:
        return f"{int(value // 2**30)}Gi" if value % 2**30 == 0 else f"{int(value // 2**20)}Mi"
    return str(int(value)) if value == int(value) else f"{int(value * 1000)}m"
