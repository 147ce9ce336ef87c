"""The program `gapi`, as the tools run it."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def gapi(profile="dev"):
    """Returns the path of the program: the one that the variable `GAPI` names, or one that cargo builds now.

    `.ci/run` names that of the tests. cargo would build a second one, because other packages need other features.
    """
    if named := os.environ.get("GAPI"):
        return pathlib.Path(named).resolve(strict=True)
    command = ["cargo", "build", "-q", "--profile", profile, "-p", "gapi-cli"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        sys.exit("gapi does not build")
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
    return target / ("debug" if profile == "dev" else profile) / "gapi"
