"""Speed and memory, as ratios of runs that take turns in one go. Prints a Markdown table.

python tests/benchmarks/speed.py                # everything, about 5 minutes and 1.7 GB of disk
python tests/benchmarks/speed.py --pods 10000   # one size
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import psutil
import yaml
from synthetic import spec, write_pages

RUNS = 3
AS_INSTALLED = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
HERE = Path(__file__).resolve().parent
K8SNB = str(Path(sys.executable).parent / "k8snb")

SHELL = "from IPython.core.interactiveshell import InteractiveShell; s = InteractiveShell.instance()"
LOADED = f"{SHELL}; s.run_line_magic('load_ext', 'k8snb')"
BARE = """
import sys
from pathlib import Path
from k8snb.inventory.decode import _list_decoder
from k8snb.resources.kinds import find
decode = _list_decoder(find("v1", "Pod")).decode
print(sum(len(decode(path.read_bytes()).items) for path in sorted(Path(sys.argv[1]).iterdir())))
"""
LOADER = """
import sys, yaml
from pathlib import Path
paths = sorted(Path(sys.argv[1]).iterdir())
print(sum(1 for path in paths for _ in yaml.load_all(path.read_bytes(), yaml.CSafeLoader)))
"""


class Run(msgspec.Struct):
    """One run of a command: seconds from start to end, and the peak of the memory of all its processes in MB."""

    seconds: float
    resident: float
    proportional: float


def measure(command: list[str]) -> Run:
    """Run a command and watch the memory of all its processes (shared pages counted in each, and shared out)."""
    started = time.perf_counter()
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=nothing, stderr=nothing, env=AS_INSTALLED)
    root, resident, proportional = psutil.Process(process.pid), 0, 0
    while process.poll() is None:
        sizes = [_sizes(one) for one in [root, *_children(root)]]
        resident = max(resident, sum(size[0] for size in sizes))
        proportional = max(proportional, sum(size[1] for size in sizes))
        time.sleep(0.05)
    return Run(time.perf_counter() - started, resident / 1e6, proportional / 1e6)


def _children(root: psutil.Process) -> list[psutil.Process]:
    try:
        return root.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _sizes(process: psutil.Process) -> tuple[int, int]:
    try:
        full = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0, 0
    return full.rss, getattr(full, "pss", full.rss)


def compare(name: str, command: list[str], floor: list[str]) -> str:
    """Give a row of the table: medians, the ratio pair by pair, and peak memory."""
    pairs = [(measure(floor), measure(command)) for _ in range(RUNS)]
    ratio = statistics.median(ours.seconds / bare.seconds for bare, ours in pairs)
    bare_time, our_time = (statistics.median(pair[index].seconds for pair in pairs) for index in (0, 1))
    resident, proportional = (max(getattr(ours, key) for _, ours in pairs) for key in ("resident", "proportional"))
    return f"| {name} | {bare_time:.2f} | {our_time:.2f} | {ratio:.2f} | {resident:.0f} | {proportional:.0f} |"


def deployments(folder: Path, count: int) -> None:
    """Write Deployment manifests as people do, about 4.2 KB each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        source = random.Random(number)
        template = {"metadata": {"labels": {"app": f"service-{number}"}}, "spec": spec(source)}
        manifest = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": f"service-{number}", "namespace": f"team-{number % 40}"},
            "spec": {"selector": {"matchLabels": {"app": f"service-{number}"}}, "template": template},
        }
        (folder / f"{number:04}.yaml").write_text(yaml.safe_dump(manifest, sort_keys=False))


def main() -> None:
    """Make the input where it is missing, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pods", type=int, action="append", help="size of a synthetic cluster; may be repeated")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "k8snb-benchmarks")
    arguments = parser.parse_args()
    print("| input | floor, s | k8snb, s | ratio | resident, MB | proportional, MB |\n" + "| --- " * 6 + "|")
    for count in arguments.pods or (1_000, 3_000, 10_000, 30_000, 150_000):
        folder = arguments.folder / f"pods-{count}"
        if not folder.exists():
            write_pages(folder, count)
        command = [K8SNB, "assess", str(folder), "--complete", "-o", "json"]
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        floor = [sys.executable, "-c", BARE, str(folder)]
        print(
            compare(f"{count:,} pods, {size:,.0f} MB of JSON, against a bare msgspec decode", command, floor),
            flush=True,
        )
    folder = arguments.folder / "deployments"
    if not folder.exists():
        deployments(folder, 3_000)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    command = [K8SNB, "assess", str(folder), "-o", "json"]
    floor = [sys.executable, "-c", LOADER, str(folder)]
    print(compare(f"3,000 Deployments, {size:.1f} MB of YAML, against PyYAML's C loader", command, floor))
    print(compare("`k8snb --help`, against bare Python", [K8SNB, "--help"], [sys.executable, "-c", ""]))
    print(compare("`k8snb controls`, against bare Python", [K8SNB, "controls"], [sys.executable, "-c", ""]))
    floor = [sys.executable, "-c", ""]
    print(compare("`import k8snb`, against bare Python", [sys.executable, "-c", "import k8snb"], floor))
    floor, command = [sys.executable, "-c", SHELL], [sys.executable, "-c", LOADED]
    print(compare("`%load_ext k8snb`, against bare IPython", command, floor))
    print(f"\n{os.cpu_count()} cores, Python {sys.version.split()[0]}; medians of {RUNS} runs that took turns.")


if __name__ == "__main__":
    main()
