"""Addresses and node ports of Services, as the API server allocates them."""

from itertools import count
from typing import Any

Json = dict[str, Any]

_PREFIX = "2001:db8:96::"


def allocate(services: list[Json]) -> None:
    """Give each Service its address and node ports, where it has none."""
    taken = {one["spec"].get("clusterIP", "") for one in services}
    addresses = (f"{_PREFIX}{number:x}" for number in count(0x1000) if f"{_PREFIX}{number:x}" not in taken)
    used = {port.get("nodePort") for one in services for port in one["spec"]["ports"]}
    ports = (number for number in count(30100) if number not in used)
    for one in services:
        spec = one["spec"]
        spec.setdefault("clusterIP", "")
        spec["clusterIP"] = spec["clusterIP"] or next(addresses)
        spec |= {"clusterIPs": [spec["clusterIP"]], "ipFamilies": ["IPv6"], "ipFamilyPolicy": "SingleStack"}
        for port in spec["ports"] if spec["type"] in {"NodePort", "LoadBalancer"} else ():
            port.setdefault("nodePort", 0)
            port["nodePort"] = port["nodePort"] or next(ports)
        one.setdefault("status", {"loadBalancer": {}})
