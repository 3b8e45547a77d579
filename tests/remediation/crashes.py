"""Kill k8snb while it changes things, and compare its journal with what the server says that it did.

python -m tests.remediation.crashes 50
"""

import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import k8snb
from k8snb.remediation import apply as sending
from k8snb.remediation.journal import Journal
from k8snb.remediation.planning import plans
from k8snb.remediation.session import Session
from tests.conftest import ROOT
from tests.remediation.server import Raw, Server, running

CONTROL = "seccomp-profile"


def work(kubeconfig: str, namespace: str, folder: str) -> None:
    """Change an object and set it back, until somebody ends it; says so before it begins."""
    cluster = k8snb.connect(kubeconfig=kubeconfig, namespaces=(namespace,))
    session = Session(cluster, Journal(Path(folder)))
    result = k8snb.assess(cluster, controls=[CONTROL])
    begun = False
    while True:
        (plan,) = plans(result, controls=[CONTROL], session=session)
        plan.dry_run()
        if not begun:
            print("begun", flush=True)
            begun = True
        plan.apply()
        plan.roll_back()


def crash(server: Server, folder: Path, seconds: float) -> list[str]:
    """Let it work, kill it after some seconds, settle, and give what the journal says wrongly."""
    namespace = server.namespace()
    labels = {"app": "cart"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "a", "image": "a"}]}}
    spec: Raw = {"replicas": 0, "selector": {"matchLabels": labels}, "template": template}
    server.make(f"/apis/apps/v1/namespaces/{namespace}/deployments", {"metadata": {"name": "cart"}, "spec": spec})
    place = folder / secrets.token_hex(4)
    command = [
        sys.executable,
        "-m",
        "tests.remediation.crashes",
        "work",
        str(server.home.kubeconfig),
        namespace,
        str(place),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.readline()
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
    time.sleep(0.3)
    return _wrong(server, namespace, Journal(place))


def _wrong(server: Server, namespace: str, book: Journal) -> list[str]:
    sending.UNDERWAY = 0
    before = list(book.entries())
    cluster = k8snb.connect(kubeconfig=str(server.home.kubeconfig), namespaces=(namespace,))
    Session(cluster, book).reconcile()
    after = {one.id: one for one in book.entries()}
    wrong = [f"{one.id} is lost" for one in before if one.id not in after]
    wrong += [f"{one.id} is {one.state}" for one in after.values() if one.state in {"intended", "unclear"}]
    done = sum(_was_done(one, namespace) for one in server.audited())
    said = sum(one.state in {"applied", "undone"} for one in after.values())
    open_ones = sum(one.state == "intended" for one in before)
    print(f"{done:3} changes made, {said:3} in the journal, {open_ones} left open", flush=True)
    return wrong + ([f"{done} were made, the journal says {said}"] if done != said else [])


def _was_done(one: Raw, namespace: str) -> bool:
    ours = one["userAgent"].startswith("k8snb/") and f"/namespaces/{namespace}/" in one["requestURI"]
    return (
        ours and "dryRun" not in one["requestURI"] and one["verb"] == "patch" and one["responseStatus"]["code"] == 200
    )


def main(times: int) -> None:
    """Crash so many times, and print the figure."""
    chance = random.Random(20261125)  # noqa: S311 - moments to try, no secret
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as server:
        wrong = [said for _ in range(times) for said in crash(server, Path(folder), chance.uniform(0, 0.5))]
    print(f"{times} crashes, {len(wrong)} entries that say something else than the server", *wrong, sep="\n")


if __name__ == "__main__":
    if sys.argv[1] == "work":
        work(*sys.argv[2:5])
    else:
        main(int(sys.argv[1]))
