#!/usr/bin/env python3
"""Compares build times, packages and lines of one API with the crates of google-apis-rs.

    tools/measure/rebuild.py [--runs 5] [--cold]

For each pair (spanner-v1 and google-spanner1 7.0, healthcare-v1 and google-healthcare1 7.0) only the crates are
rebuilt alternately: dependencies built, debug profile, not incremental (as cargo builds a dependency). The ratio is
that of the medians. With `--cold` both crates of the first pair are also built from nothing, sources already fetched:
without credentials (our feature `auth`, their `yup-oauth2`), and with their default features. The limit applies only to the
build without credentials. All files are in target/measure. The printed spread shows other work on the machine.
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
WORK = ROOT / "target" / "measure"
PAIRS = [("spanner-v1", "google-spanner1"), ("healthcare-v1", "google-healthcare1")]
VERSION = "7.0.0"
BAR = 0.25
# Dependencies from a registry are never built incrementally.
ENVIRONMENT = {**os.environ, "CARGO_INCREMENTAL": "0"}


def cargo(*arguments, cwd, quiet=True):
    flags = ["-q"] if quiet else []
    done = subprocess.run(["cargo", arguments[0], *flags, *arguments[1:]], cwd=cwd,
                          capture_output=True, text=True, env=ENVIRONMENT)
    if done.returncode != 0:
        sys.exit(f"cargo {' '.join(arguments)} failed in {cwd}:\n{done.stderr}")
    return done.stdout


def gapi(feature, finds_credentials):
    """Returns our crate as a dependency."""
    flavor = "" if finds_credentials else ", default-features = false"
    features = [feature] if finds_credentials else [feature, "tls-ring"]
    listed = ", ".join(f'"{name}"' for name in features)
    return f'gapi = {{ path = "{ROOT / "generated"}"{flavor}, features = [{listed}] }}'


def theirs_of(crate, source, finds_credentials):
    """Returns their crate as a dependency."""
    flavor = "" if finds_credentials else ', default-features = false, features = ["ring"]'
    return f'{crate} = {{ path = "{source}"{flavor} }}'


def project(name, dependency):
    """Creates a crate with its own workspace and one dependency."""
    directory = WORK / name
    (directory / "src").mkdir(parents=True, exist_ok=True)
    (directory / "src" / "lib.rs").write_text("")
    (directory / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "2021"\n\n'
        f"[dependencies]\n{dependency}\n\n[workspace]\n")
    return directory


def source_of(crate):
    """Copies the source of the crate to a separate directory, so that it can be rebuilt alone."""
    copy = WORK / f"{crate}-source"
    if not copy.exists():
        fetch = project(f"fetch-{crate}", f'{crate} = "={VERSION}"')
        cargo("fetch", cwd=fetch)
        registry = pathlib.Path.home() / ".cargo" / "registry" / "src"
        found = next(registry.glob(f"*/{crate}-{VERSION}*"))
        shutil.copytree(found, copy)
        # Not a member of the workspace around it.
        with (copy / "Cargo.toml").open("a") as manifest:
            manifest.write("\n[workspace]\n")
    return copy


def build(directory, touched=None):
    if touched:
        touched.touch()
    started = time.monotonic()
    cargo("build", cwd=directory)
    return time.monotonic() - started


def lines(*roots):
    files = [f for root in roots for f in ([root] if root.is_file() else root.rglob("*.rs"))]
    return sum(len(f.read_text().splitlines()) for f in files)


def packages(directory):
    tree = cargo("tree", "-e", "normal", "--prefix", "none", cwd=directory)
    return len({" ".join(line.split()[:2]) for line in tree.splitlines() if line.strip()}) - 1


def spread(values):
    return f"{statistics.median(values):.2f} s ({min(values):.2f} to {max(values):.2f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cold", action="store_true")
    arguments = parser.parse_args()
    within = True
    for feature, crate in PAIRS:
        theirs_source = source_of(crate)
        ours = project(feature, gapi(feature, False))
        theirs = project(crate + "-user", theirs_of(crate, theirs_source, False))
        default = (project(f"{feature}-default", gapi(feature, True)),
                   project(f"{crate}-default", theirs_of(crate, theirs_source, True)))
        module = ROOT / "generated" / "src" / feature.replace("-", "_")
        if arguments.cold and feature == PAIRS[0][0]:
            for name, pair in (("without credentials", (ours, theirs)), ("by default", default)):
                for directory in pair:
                    cargo("fetch", cwd=directory)
                    shutil.rmtree(directory / "target", ignore_errors=True)
                cold = [build(directory) for directory in pair]
                print(f"cold build {name}: {cold[0]:.1f} s and {cold[1]:.1f} s, ratio {cold[0] / cold[1]:.2f}")
                within &= pair is default or cold[0] < cold[1]
        build(ours), build(theirs)
        times = [(build(ours, ROOT / "generated" / "src" / "lib.rs"),
                  build(theirs, theirs_source / "src" / "lib.rs")) for _ in range(arguments.runs)]
        mine, other = zip(*times)
        ratio = statistics.median(mine) / statistics.median(other)
        count = lines(module, module.with_suffix(".rs")), lines(theirs_source / "src")
        print(f"{feature} / {crate}: rebuild {spread(mine)} / {spread(other)}, ratio {ratio:.2f}; "
              f"lines {count[0]} / {count[1]}, ratio {count[0] / count[1]:.2f}; "
              f"packages {packages(ours)} / {packages(theirs)}, "
              f"by default {packages(default[0])} / {packages(default[1])}")
        within &= ratio <= BAR and count[0] <= BAR * count[1]
    print("within the bars" if within else "NOT within the bars")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
