#!/usr/bin/env python3
"""Runs the generator over the documents of every release of google-api-python-client since 2.0.

    tools/releases.py                all releases
    tools/releases.py 2.0.2 2.50.0   these releases
    tools/releases.py --quick …      only analyzes the documents, in a fraction of the time
    tools/releases.py --dev …        with a program that takes less time to build, and more to run

pip gets one wheel after the other from PyPI, and each is deleted after use. Texts that an earlier release had are skipped.
Prints the rejected documents by cause. Files are in target/releases.
"""

import collections
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = ROOT / "target" / "releases"
PACKAGE = "google-api-python-client"


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)


def releases():
    """Returns the versions since 2.0, oldest first."""
    done = run(sys.executable, "-m", "pip", "index", "versions", PACKAGE)
    if done.returncode != 0:
        sys.exit(f"cannot list the versions of {PACKAGE}:\n{done.stderr}")
    listed = re.search(r"^Available versions: (.*)$", done.stdout, re.M)[1].split(", ")
    wanted = [version for version in listed if re.fullmatch(r"2(\.\d+)+", version)]
    return sorted(wanted, key=lambda version: [int(part) for part in version.split(".")])


def new_documents(version, seen):
    """Writes the documents of a release whose texts no earlier one has. Returns their directory, or nothing."""
    directory, wheels = WORK / "documents", WORK / "wheel"
    for old in (directory, wheels):
        shutil.rmtree(old, ignore_errors=True)
        old.mkdir(parents=True)
    done = run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-cache-dir", "--only-binary", ":all:",
               "-d", wheels, f"{PACKAGE}=={version}")
    if done.returncode != 0:
        print(f"{version}: cannot be fetched: {done.stderr.strip().splitlines()[-1:]}", flush=True)
        return None
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
        for name in wheel.namelist():
            if re.search(r"discovery_cache/documents/[^/]+\.json$", name):
                text = wheel.read(name)
                digest = hashlib.sha256(text).digest()
                if digest not in seen:
                    seen.add(digest)
                    (directory / f"{version}-{name.rsplit('/', 1)[1]}").write_bytes(text)
    shutil.rmtree(wheels)
    return directory


def main():
    options = {word for word in sys.argv[1:] if word in ("--quick", "--dev")}
    profile = "dev" if "--dev" in options else "release"
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    generator = target / ("debug" if profile == "dev" else profile) / "refusals"
    built = run("cargo", "build", "-q", "--profile", profile, "-p", "gapi-tools", "--bin", "refusals", "--target-dir",
                target, cwd=ROOT)
    if built.returncode != 0:
        sys.exit(f"the program does not build:\n{built.stderr}")
    seen, total = set(), 0
    causes = collections.defaultdict(list)
    versions = [word for word in sys.argv[1:] if word not in options] or releases()
    for version in versions:
        directory = new_documents(version, seen)
        if directory is None:
            continue
        done = run(generator, directory, "--json", *options & {"--quick"})
        if done.returncode != 0:
            sys.exit(done.stderr)
        result = json.loads(done.stdout)
        total += result["documents"]
        for cause, names in result["refusals"].items():
            causes[cause] += [pathlib.Path(name).name for name in names]
        refused = sum(len(names) for names in result["refusals"].values())
        print(f"{version}: {result['documents']} new documents, {refused} rejected", flush=True)
    shutil.rmtree(WORK, ignore_errors=True)
    print(f"{len(versions)} releases, {total} distinct documents, {sum(map(len, causes.values()))} rejected")
    for cause, names in sorted(causes.items(), key=lambda item: -len(item[1])):
        print(f"{len(names):6}  {cause}")
        for name in names[:10]:
            print(f"        {name}")


if __name__ == "__main__":
    main()
