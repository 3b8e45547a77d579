"""The board over many findings: milliseconds for each filter, on the Python side. Prints a Markdown table.

python tests/benchmarks/board.py    # 10,000 findings
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from k8snb_widgets import Board
from k8snb_widgets.tell import everything

from k8snb.assessment.assessment import Assessment
from k8snb.assessment.result import SCHEMA, Finding, Record, SourceRecord, Subject, Tool
from k8snb.assessment.score import Interval, Score
from k8snb.controls import controls
from k8snb.controls.model import Evidence

_AT = "spec.template.spec.containers[0].securityContext.runAsNonRoot"
STEPS: Mapping[str, Mapping[str, Any]] = {
    "one verdict": {"status": "fail"},
    "two severities more": {"severity": ("critical", "high")},
    "one namespace more": {"namespace": "team-7"},
    "three words more": {"text": "service root container"},
    "words alone": {"status": (), "severity": (), "namespace": (), "text": "service-42"},
    "nothing": {"text": ""},
}


def assessment(count: int) -> Assessment:
    """Give an assessment of that many findings, of all controls, in 200 namespaces."""
    source = random.Random(1)
    known = list(controls().values())
    found = []
    for at in range(count):
        control = source.choice(known)
        subject = Subject("apps/v1", "Deployment", f"team-{source.randrange(200)}", f"service-{at}", 3)
        evidence = (Evidence("object", _AT, None, "true"),)
        told = f"container app of service-{at} may run as root"
        status = source.choice(("fail", "fail", "not-assessed", "pass"))
        name = f"{at:012x}"
        found.append(
            Finding(name, control.id, control.chapter, control.severity, status, None, subject, told, evidence)
        )
    about = SourceRecord("manifests", "synthetic", None, None, "", "")
    score = Score(40.0, 60.0, {one.chapter: Interval(40.0, 60.0) for one in known})
    return Assessment(Record(SCHEMA, Tool(), about, {}, (), score, (), tuple(found)))


def milliseconds(work: Callable[[], object]) -> float:
    """Give how long something takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Filter, and print the median and the worst time of each step, the message to the browser included."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=10_000)
    count = parser.parse_args().findings
    result = assessment(count)
    board = Board(result)
    print(f"| {count:,} findings | median ms | worst ms | found |\n| --- | --- | --- | --- |")
    print(f"| index | {milliseconds(lambda: Board(result)):.0f} | | |")
    for name, chosen in STEPS.items():
        taken = []
        for _ in range(15):
            before = {one: getattr(board.state, one) for one in chosen}
            taken.append(milliseconds(lambda one=chosen: msgspec.json.encode(everything(board.choose(**one)))))
            kept = len(board.found)
            board.choose(**before)
        board.choose(**chosen)
        print(f"| {name} | {statistics.median(taken):.0f} | {max(taken):.0f} | {kept:,} |")
    print(f"| grouped by subject | {milliseconds(lambda: everything(board.group_by('subject'))):.0f} | | |")
    message, picture = msgspec.json.encode(everything(board)), board._repr_mimebundle_()["text/html"]
    print(f"\nOne message {len(message) / 1000:.0f} KB, the picture {len(picture) / 1000:.0f} KB.")


if __name__ == "__main__":
    main()
