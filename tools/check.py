#!/usr/bin/env python3
"""Checks documents, comments and dependencies. Prints each finding, and ends with status 1 if there is one.

    tools/check.py [NAME…]

The names are those of the modules in tools/checks/: lengths, links, blocks, prose, workflows, dependencies. Uses no network.
`pages` checks the pages that cargo doc has written, and runs only if it is named.
"""

import importlib
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools" / "checks"))

NAMES = ["lengths", "links", "blocks", "prose", "workflows"]


def files():
    """Returns the files that git knows and new ones that it does not ignore, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    paths = sorted(pathlib.Path(name) for name in set(names) - {""})
    return [path for path in paths if (ROOT / path).is_file() and not (ROOT / path).is_symlink()]


def main():
    wanted = sys.argv[1:] or [*NAMES, "dependencies"]
    unknown = set(wanted) - {*NAMES, "dependencies", "pages"}
    if unknown:
        sys.exit(f"there is no check {', '.join(sorted(unknown))}")
    found, paths = [], files()
    for name in wanted:
        module = importlib.import_module(name)
        found += module.findings(ROOT) if name == "dependencies" else module.findings(ROOT, paths)
    print("\n".join(found), end="\n" if found else "")
    print(f"{', '.join(wanted)}: {len(found)} findings")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
