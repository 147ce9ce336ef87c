#!/usr/bin/env python3
"""Measures the weight of credentials: packages, cold release build and size of one program, compared with google-spanner1 7.0.

    tools/measure/weight.py [--runs 3] [--only NAME …] [--check]

The programs in tools/measure/weight list operations with default credentials. Each is a separate crate with cargo's
release profile. All are built from nothing, in turn in each round, with sources fetched first. The median counts. The
first pair is compared: the client with its default features, and google-spanner1 with its own. The other rows have the
same client with other sources of tokens: google-cloud-auth, yup-oauth2, and none. Prints the rows of the table in
docs/decisions. Ends with status 1 if a limit is missed. `--check` only checks that the programs compile. All files are
in target/measure/weight. The printed spread shows other work on the machine.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tools" / "measure" / "weight"
WORK = ROOT / "target" / "measure" / "weight"
RATIO, PACKAGES = 0.85, 125
OURS, THEIRS = "own flows (default)", "google-spanner1 7.0"
GAPI = 'gapi = {{ path = "{root}/generated", {features} }}'
TOKIO = 'tokio = { version = "1", features = ["macros", "rt"] }'
DEFAULT = 'features = ["spanner-v1"]'
WITHOUT = 'default-features = false, features = ["spanner-v1", "tls-ring", "tracing"]'
# The name of each row, its program, and its dependencies.
ROWS = {
    OURS: ("gapi.rs", [(GAPI, DEFAULT)]),
    THEIRS: ("google_spanner1.rs", ['google-spanner1 = "=7.0.0"']),
    "google-cloud-auth": ("google_cloud_auth.rs", [
        (GAPI, WITHOUT.replace("]", ', "google-cloud-auth"]')),
        'google-cloud-auth = { version = "1", default-features = false }']),
    "yup-oauth2": ("yup_oauth2.rs", [(GAPI, WITHOUT.replace("]", ', "yup-oauth2"]')), 'yup-oauth2 = "12"']),
    "no credentials": ("none.rs", [(GAPI, WITHOUT)]),
}
ENVIRONMENT = {**os.environ, "CARGO_INCREMENTAL": "0", "CARGO_TARGET_DIR": str(WORK / "target")}


def cargo(*arguments, directory):
    done = subprocess.run(["cargo", *arguments], cwd=directory, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"cargo {' '.join(arguments)} failed in {directory}:\n{done.stderr}")
    return done.stdout


def dependency(entry):
    if isinstance(entry, str):
        return entry
    template, features = entry
    return template.format(root=ROOT, features=features)


def project(name):
    """Creates the crate of a row, and fetches its sources."""
    source, entries = ROWS[name]
    directory = WORK / source.removesuffix(".rs")
    (directory / "src").mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCES / source, directory / "src" / "main.rs")
    lines = "\n".join(dependency(entry) for entry in [*entries, TOKIO])
    (directory / "Cargo.toml").write_text(
        f'[package]\nname = "weight"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n{lines}\n\n[workspace]\n')
    cargo("fetch", "-q", directory=directory)
    return directory


def packages(directory):
    """Returns the packages that are part of the program, without the program itself."""
    tree = cargo("tree", "-e", "normal", "--prefix", "none", directory=directory)
    return len({tuple(line.split()[:2]) for line in tree.splitlines() if line.strip()}) - 1


def build(directory):
    """Builds from an empty target directory. Returns the elapsed seconds, and the bytes of the program."""
    shutil.rmtree(WORK / "target", ignore_errors=True)
    started = time.monotonic()
    cargo("build", "-q", "--release", "--offline", directory=directory)
    taken = time.monotonic() - started
    return taken, (WORK / "target" / "release" / "weight").stat().st_size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=ROWS, default=list(ROWS), metavar="NAME")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    directories = {name: project(name) for name in arguments.only}
    counts = {name: packages(directory) for name, directory in directories.items()}
    if arguments.check:
        for name, directory in directories.items():
            cargo("check", "-q", directory=directory)
            print(f"{name}: compiles, {counts[name]} packages", flush=True)
        return 0
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the start", flush=True)
    built = {name: [] for name in directories}
    for _ in range(arguments.runs):
        for name, directory in directories.items():
            built[name].append(build(directory))
    shutil.rmtree(WORK / "target", ignore_errors=True)
    medians = {name: statistics.median(taken for taken, _ in runs) for name, runs in built.items()}
    theirs = medians.get(THEIRS)
    print("\n| credentials | packages | cold release build | of google-spanner1 | program |\n|---|---|---|---|---|")
    for name, runs in built.items():
        times = [taken for taken, _ in runs]
        ratio = f"{medians[name] / theirs:.2f} ×" if theirs else "–"
        print(f"| {name} | {counts[name]} | {medians[name]:.1f} s ({min(times):.1f} to {max(times):.1f}) | {ratio} "
              f"| {runs[-1][1] / 1e6:.1f} MB |")
    if OURS not in medians or theirs is None:
        return 0
    ratio, count = medians[OURS] / theirs, counts[OURS]
    print(f"\n{ratio:.2f} of google-spanner1's cold release build (at most {RATIO}), "
          f"{count} packages (at most {PACKAGES})")
    return 0 if ratio <= RATIO and count <= PACKAGES else 1


if __name__ == "__main__":
    sys.exit(main())
