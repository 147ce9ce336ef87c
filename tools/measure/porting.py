#!/usr/bin/env python3
"""Prints the lines of three public programs that use google-apis-rs, and of their ports in examples/porting.

    tools/measure/porting.py

Counts lines that are neither blank nor a comment. Clones the programs into target/measure/porting at the commits that
docs/porting-from-google-apis-rs.md names.
"""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "measure" / "porting"
ALL = range(1, 10_000)
# Repository, commit, the lines of each file, and the port.
PROGRAMS = [
    (
        "glotlabs/gdrive",
        "855155649a5911565c9134eac6a1f9b9bf235494",
        # The constant that the request needs, its arguments, and the request.
        {"src/hub.rs": [ALL], "src/files/list.rs": [range(16, 17), range(75, 127)]},
        "gdrive.rs",
    ),
    (
        "rust-dd/google-calendar-cli",
        "0dc93e08093c9a1027ebfdd2544a04fc197be60d",
        {"src/util/calendar.rs": [ALL], "src/main.rs": [range(64, 99), range(127, 134), range(177, 230)]},
        "gcal.rs",
    ),
    ("RustSandbox/gmail_MCP", "8419977fe408028edce22a5db82f066e1c012ce6", {"src/lib.rs": [ALL]}, "gmail_mcp.rs"),
]


def count(text, ranges=(ALL,)):
    """Counts the lines of code whose numbers are in a range."""
    lines = [line.strip() for number, line in enumerate(text.splitlines(), 1) if any(number in known for known in ranges)]
    return sum(1 for line in lines if line and not line.startswith("//"))


def git(directory, *arguments):
    return subprocess.run(["git", "-C", directory, *arguments], check=True, text=True, stdout=subprocess.PIPE).stdout


def clone(repository, commit):
    """Returns a directory with the commit. Gets it once."""
    directory = WORK / repository.replace("/", "+")
    if not directory.is_dir():
        directory.mkdir(parents=True)
        git(directory, "init", "-q")
    if subprocess.run(["git", "-C", directory, "cat-file", "-e", commit], stderr=subprocess.DEVNULL).returncode:
        git(directory, "fetch", "-q", "--depth", "1", f"https://github.com/{repository}", commit)
    return directory


def main():
    for repository, commit, files, port in PROGRAMS:
        directory = clone(repository, commit)
        before = sum(count(git(directory, "show", f"{commit}:{file}"), ranges) for file, ranges in files.items())
        after = count((ROOT / "examples" / "porting" / "src" / port).read_text())
        print(f"{repository}: {before} lines, ported {after}")


if __name__ == "__main__":
    main()
