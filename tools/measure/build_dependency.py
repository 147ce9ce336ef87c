#!/usr/bin/env python3
"""Measures the cost of the generator as a build dependency: packages, and the time of a clean build with two jobs.

    tools/measure/build_dependency.py [--runs 3]

Compares it, alternately in the same run, with tonic-prost-build 0.14, the generator of tonic's clients for protobuf. The crate
contains only the build dependency and an empty build script. Sources are fetched first. The fastest run counts. Elapsed seconds
depend on other work on the machine, and processor time grows with it. So the limit of seconds applies on an idle machine. On a busy
one the limit applies to the ratio of both processor times. Ends with status 1 if a limit is missed. Uses target/build-dependency,
and deletes it.
"""

import argparse
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "build-dependency"
PACKAGES, SECONDS, RATIO, JOBS = 17, 15, 0.8, 2
OURS = ("gapi-generator", f'{{ path = "{ROOT / "generator"}" }}')
THEIRS = ("tonic-prost-build", '"0.14"')
ENVIRONMENT = {**os.environ, "CARGO_INCREMENTAL": "0", "CARGO_TARGET_DIR": str(WORK / "target")}


def cargo(*arguments, directory):
    done = subprocess.run(["cargo", *arguments], cwd=directory, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"cargo {' '.join(arguments)} failed in {directory}:\n{done.stderr}")
    return done.stdout


def project(name, version):
    """Creates a crate with this build dependency, and fetches its sources."""
    directory = WORK / f"with-{name}"
    (directory / "src").mkdir(parents=True)
    (directory / "src" / "lib.rs").write_text("")
    (directory / "build.rs").write_text("fn main() {}\n")
    (directory / "Cargo.toml").write_text(
        f'[package]\nname = "with-{name}"\nversion = "0.0.0"\nedition = "2024"\n\n'
        f"[build-dependencies]\n{name} = {version}\n\n[workspace]\n")
    cargo("fetch", "-q", directory=directory)
    return directory


def packages(directory):
    """Returns the packages that are built for the build script, without the crate itself."""
    tree = cargo("tree", "-e", "normal,build", "--prefix", "none", directory=directory)
    return len({tuple(line.split()[:2]) for line in tree.splitlines() if line}) - 1


def build(directory):
    """Builds from an empty target directory. Returns the elapsed and the processor seconds."""
    shutil.rmtree(WORK / "target", ignore_errors=True)
    used = lambda: sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    started, before = time.monotonic(), used()
    cargo("build", "-q", "--offline", "--jobs", str(JOBS), directory=directory)
    return time.monotonic() - started, used() - before


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    shutil.rmtree(WORK, ignore_errors=True)
    directories = {name: project(name, version) for name, version in (OURS, THEIRS)}
    counts = {name: packages(directory) for name, directory in directories.items()}
    load = os.getloadavg()[0]
    print(f"load {load:.1f} on {os.cpu_count()} cores at the start")
    times = {name: [] for name in directories}
    for _ in range(runs):
        for name, directory in directories.items():
            times[name].append(build(directory))
    print(f"{'build dependency':<20} {'packages':>9} {'fastest, s':>11} {'slowest, s':>11} {'processor, s':>13}")
    for name, taken in times.items():
        print(f"{name:<20} {counts[name]:>9} {min(taken)[0]:>11.1f} {max(taken)[0]:>11.1f} "
              f"{min(used for _, used in taken):>13.1f}")
    (ours, used), (theirs, their_used) = ([min(column) for column in zip(*times[name])] for name, _ in (OURS, THEIRS))
    print(f"of theirs: {ours / theirs:.2f} of the seconds, {used / their_used:.2f} of the processor time")
    shutil.rmtree(WORK)
    idle = load < os.cpu_count() / 2
    if idle:
        time_missed, limit = ours > SECONDS, f"{ours:.1f} seconds (at most {SECONDS})"
    else:
        ratio = used / their_used
        time_missed = ratio > RATIO
        limit = f"{ratio:.2f} of the processor time of {THEIRS[0]}, since the machine is busy (at most {RATIO})"
    print(f"{counts[OURS[0]]} packages (at most {PACKAGES}), {limit}")
    return 1 if time_missed or counts[OURS[0]] > PACKAGES else 0


if __name__ == "__main__":
    sys.exit(main())
