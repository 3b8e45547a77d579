"""A live cluster of 10,000 pods: k8snb against a bare client that receives the same lists, in runs that take turns.

python tests/benchmarks/live.py     # about 10 minutes; needs the programs of `make binaries`

Prints a Markdown table; `kubectl get pods -A -o json` stands beside it where there is a kubectl.
"""

import argparse
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from speed import K8SNB, compare
from synthetic import pods

from k8snb.sandbox import components, control, processes
from k8snb.sandbox.client import Client
from k8snb.sandbox.home import Home
from k8snb.sandbox.seed.stages import step
from k8snb.sandbox.seed.write import Writer

BARE = """
import sys
import urllib3
from k8snb.resources.kinds import KINDS
server, keys = sys.argv[1:]
pool = urllib3.PoolManager(ca_certs=f"{keys}/ca.crt", cert_file=f"{keys}/admin.crt", key_file=f"{keys}/admin.key")
for kind in KINDS:
    token = ""
    while True:
        got = pool.request("GET", server + kind.path, fields={"limit": "500", "continue": token},
                           headers={"user-agent": "bare", "accept": "application/json"})
        start = got.data.find(b'"continue":"', 0, 2000)
        token = got.data[start + 12 : got.data.index(b'"', start + 12)].decode() if start >= 0 else ""
        if not token:
            break
"""
NAMESPACE = {"apiVersion": "v1", "kind": "Namespace"}
ACCOUNT = {"apiVersion": "v1", "kind": "ServiceAccount"}
BATCH = 1000


def fill(home: Home, server: str, count: int) -> None:
    """Write the pods of a synthetic cluster, with their status."""
    writer = Writer(Client(home, server, "seed"))
    names = sorted({one["metadata"]["namespace"] for one in pods(count)})
    writer.write([step(NAMESPACE | {"metadata": {"name": name}}) for name in names])
    accounts = [ACCOUNT | {"metadata": {"name": "default", "namespace": name}} for name in names]
    writer.write([step(one) for one in accounts])
    waiting = []
    for one in pods(count):
        one["status"].pop("qosClass")  # the API server's own
        waiting.append(step({"apiVersion": "v1", "kind": "Pod", **one}))
        if len(waiting) == BATCH:
            writer.write(waiting)
            waiting = []
            print(f"{writer.written:,} objects", file=sys.stderr)
    writer.write(waiting)


def main() -> None:
    """Make the cluster, measure, print, and take it away."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pods", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(name := f"benchmark-{secrets.token_hex(4)}", Path(folder) / name)
        try:
            found = control.up(home, lambda _: None, profile="hardened")
            processes.stop(home, (components.CONTROLLER_MANAGER,))
            fill(home, found.server, arguments.pods)
            measure(home, found.server, arguments.pods)
        finally:
            control.down(home, lambda _: None)


def measure(home: Home, server: str, count: int) -> None:
    """Print the table."""
    bare = [sys.executable, "-c", BARE, server, str(home.keys)]
    config = ["--kubeconfig", str(home.kubeconfig)]
    print("| input | floor, s | s | ratio | resident, MB | proportional, MB |\n" + "| --- " * 6 + "|")
    command = [K8SNB, "assess", *config, "--fail-on", "never", "-o", "json"]
    print(compare(f"k8snb, {count:,} pods, against a bare client", command, bare), flush=True)
    kubectl = shutil.which("kubectl")
    if kubectl:
        command = [kubectl, *config, "get", "pods", "-A", "-o", "json"]
        print(compare("kubectl get pods -A -o json, against the same", command, bare))


if __name__ == "__main__":
    main()
