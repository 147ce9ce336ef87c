"""Runs one version of Google's Python client, isolated from other packages.

pip gets it from PyPI into target/parity.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

WORK = pathlib.Path(__file__).resolve().parents[2] / "target" / "parity"
LIBRARY = WORK / "python"
# Other packages that affect a request have fixed versions too.
PACKAGES = ["google-api-python-client==2.202.0", "uritemplate==4.2.0", "httplib2==0.32.1"]
OWN_ENVIRONMENT = "GAPI_PARITY_ENVIRONMENT"


def enter():
    """Restarts the program with only the private library. Installs the library if necessary. Ends with the status
    EX_UNAVAILABLE if it is not available."""
    if not os.environ.get(OWN_ENVIRONMENT):
        os.execve(sys.executable, [sys.executable, "-S", *sys.argv], {**of_library(), OWN_ENVIRONMENT: "1"})


def of_library():
    """Returns the environment in which a program has only the private library. Installs it if necessary."""
    contents = LIBRARY / "contents.txt"
    wanted = "\n".join([sys.version, *PACKAGES])
    if not is_installed(contents, wanted):
        install(PACKAGES, LIBRARY, contents.name, wanted)
    # Settings of the machine for Google's libraries would change the requests.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "PYTHON"))}
    return {**kept, "PYTHONPATH": str(LIBRARY), "PYTHONHASHSEED": "0"}


def is_installed(mark, text):
    """Returns whether a complete directory has these packages."""
    return mark.exists() and mark.read_text() == text


def install(packages, directory, mark, text):
    """Installs packages from PyPI into a directory, with a file that marks it as complete."""
    if os.environ.get("GAPI_OFFLINE"):
        print(f"{packages[0]} is not installed; with GAPI_LIVE=1 pip gets it from PyPI", file=sys.stderr)
        sys.exit(os.EX_UNAVAILABLE)
    directory.parent.mkdir(parents=True, exist_ok=True)
    waiting = pathlib.Path(tempfile.mkdtemp(prefix=directory.name + ".", dir=directory.parent))
    try:
        command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", "1"]
        done = subprocess.run([*command, "--target", str(waiting), *packages], capture_output=True, text=True)
        if done.returncode != 0:
            print(f"cannot get {packages[0]}:\n{done.stderr}", file=sys.stderr)
            sys.exit(os.EX_UNAVAILABLE)
        (waiting / mark).write_text(text)
        if is_installed(directory / mark, text):
            # Another process was faster, and uses these files now.
            return
        shutil.rmtree(directory, ignore_errors=True)
        try:
            waiting.rename(directory)
        except OSError:
            # Another process has installed the packages.
            if not (directory / mark).exists():
                raise
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
