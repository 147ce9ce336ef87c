#!/usr/bin/env python3
"""Measures the time and memory of `cargo check` for the largest APIs, whole and in parts.

The dependencies are built first, and only the crate itself is timed. Ends with status 1 if one of them
misses its bar. The documents are those of tools/corpus.py.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import corpus  # noqa: E402

WORK = ROOT / "target" / "scale"
# Document, selected resources, seconds, MiB of the largest process.
CASES = [("compute.v1", None, 60, 4096), ("compute.v1", "instances", 6, 4096),
         ("aiplatform.v1", None, 60, 4096), ("aiplatform.v1", "projects.locations.endpoints.**", 6, 4096)]


def check(directory):
    """Checks the crate. Returns the seconds and the memory of the largest process in MiB."""
    environment = {**os.environ, "CARGO_INCREMENTAL": "0", "CARGO_TARGET_DIR": str(WORK / "target")}
    started = time.monotonic()
    process = subprocess.Popen(["cargo", "check", "-q"], cwd=directory, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{directory} does not compile")
    return time.monotonic() - started, used.ru_maxrss / 1024


def main():
    documents, _ = corpus.fetch()
    paths = {path.stem: path for path, _ in documents.values()}
    build = ["cargo", "build", "-q", "--release", "-p", "gapi-cli"]
    if subprocess.run(build, cwd=ROOT).returncode != 0:
        sys.exit("the generator does not build")
    generator = ROOT / "target" / "release" / "gapi"
    missed = 0
    print(f"{'document':<16} {'resources':<34} {'lines':>8} {'check, s':>9} {'MiB':>6}")
    for document, part, seconds, memory in CASES:
        directory = WORK / "crate"
        shutil.rmtree(directory, ignore_errors=True)
        corpus.write_crate(directory, "scale")
        (directory / "src").mkdir()
        (directory / "src" / "lib.rs").write_text("//! Nothing yet.\n")
        check(directory)
        options = [f"--resources={part}"] if part else []
        corpus.generate(generator, [paths[document]], directory / "src", *options)
        corpus.declare(directory)
        took, used = check(directory)
        lines = sum(path.read_text().count("\n") for path in (directory / "src").rglob("*.rs"))
        over = took > seconds or used > memory
        missed += over
        print(f"{document:<16} {part or 'all':<34} {lines:>8} {took:>9.1f} {used:>6.0f}"
              + (f"   over {seconds} s or {memory} MiB" if over else ""), flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
