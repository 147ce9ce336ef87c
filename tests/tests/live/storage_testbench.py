#!/usr/bin/env python3
"""Prints two directories: storage-testbench, and the packages that it imports.

storage-testbench (github.com/googleapis/storage-testbench) is Google's server for tests of clients of Cloud Storage. It is
not on PyPI. STORAGE_TESTBENCH names a directory with it; otherwise git clones it into target/live. pip gets the packages.
If they are not available, prints the reason on standard error and ends with the status EX_UNAVAILABLE.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools" / "parity"))

import environment  # noqa: E402

REPOSITORY = "https://github.com/googleapis/storage-testbench"
COMMIT = "e8c85072463f1f8378d850db457df598fdcb17a7"  # 2026-06-29
VARIABLE = "STORAGE_TESTBENCH"
DIRECTORY = ROOT / "target" / "live"

# The requirements of its setup.py, without the compiler of protos and the server for Windows.
PACKAGES = [
    "grpcio==1.70.0",
    "grpcio-status==1.66.1",
    "googleapis-common-protos==1.69.0",
    "protobuf==5.29.3",
    "flask==3.0.3",
    "requests-toolbelt==1.0.0",
    "scalpl==0.4.2",
    "crc32c==2.7.1",
    "gunicorn==23.0.0",
    "Werkzeug==3.0.4",
]


def unavailable(reason):
    print(reason, file=sys.stderr)
    sys.exit(os.EX_UNAVAILABLE)


def source():
    """Returns a directory with storage-testbench."""
    given = os.environ.get(VARIABLE)
    if given:
        directory = pathlib.Path(given).resolve()
        if not (directory / "testbench" / "rest_server.py").exists():
            unavailable(f"{VARIABLE} names {given}, which is not storage-testbench")
        return directory
    directory = DIRECTORY / f"storage-testbench-{COMMIT[:12]}"
    if not directory.exists():
        clone(directory)
    return directory


def clone(directory):
    if os.environ.get("GAPI_OFFLINE"):
        unavailable(f"it is not there yet; GAPI_LIVE=1 clones {REPOSITORY}, and {VARIABLE} names a directory with it")
    directory.parent.mkdir(parents=True, exist_ok=True)
    waiting = pathlib.Path(tempfile.mkdtemp(prefix="storage-testbench.", dir=directory.parent))
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        for command in (
            ["init", "-q"],
            ["fetch", "-q", "--depth", "1", REPOSITORY, COMMIT],
            ["checkout", "-q", "FETCH_HEAD"],
        ):
            try:
                done = subprocess.run(
                    ["git", *command], cwd=waiting, env=quiet, capture_output=True, text=True, timeout=120
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                unavailable(f"cannot clone {REPOSITORY}: {error}")
            if done.returncode != 0:
                unavailable(f"cannot clone {REPOSITORY}: {done.stderr.strip()}")
        try:
            waiting.rename(directory)
        except OSError:
            # Another process was faster.
            if not directory.exists():
                raise
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def packages():
    """Returns a directory with the packages."""
    directory = DIRECTORY / "storage-testbench-packages"
    mark = directory / "contents.txt"
    wanted = "\n".join([sys.version, *PACKAGES])
    if not mark.exists() or mark.read_text() != wanted:
        environment.install(PACKAGES, directory, mark.name, wanted)
    return directory


if __name__ == "__main__":
    print(source())
    print(packages())
