#!/usr/bin/env python3
"""Gets the documents of four versions of google-api-python-client, in one directory each in target/versions.

    tools/versions.py        gets those that are not there

The documents are as Google published them over five years: 2.0.2 (March 2021), 2.50.0 (June 2022), 2.100.0 (September
2023) and 2.202.0. pip gets the packages from PyPI.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = ROOT / "target" / "versions"
VERSIONS = ["2.0.2", "2.50.0", "2.100.0", "2.202.0"]


def fetch():
    """Returns the directories with the documents, oldest first."""
    WORK.mkdir(parents=True, exist_ok=True)
    for version in VERSIONS:
        directory = WORK / version
        if directory.exists():
            continue
        package = f"google-api-python-client=={version}"
        with tempfile.TemporaryDirectory(dir=WORK) as part:
            part = pathlib.Path(part)
            done = subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:",
                                   "-d", str(part), package], capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"cannot get {package}:\n{done.stderr}")
            documents = part / "documents"
            documents.mkdir()
            with zipfile.ZipFile(next(part.glob("*.whl"))) as wheel:
                for name in wheel.namelist():
                    if re.search(r"discovery_cache/documents/[^/]+\.json$", name):
                        (documents / name.rsplit("/", 1)[1]).write_bytes(wheel.read(name))
            shutil.move(documents, directory)
    return [WORK / version for version in VERSIONS]


if __name__ == "__main__":
    for directory in fetch():
        print(f"{directory.relative_to(ROOT)}: {len(list(directory.glob('*.json')))} documents")
