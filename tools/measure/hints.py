#!/usr/bin/env python3
"""Measures what cargo's `hints.mostly-unused` brings for generated crates.

    tools/measure/hints.py [--runs 5] [DOCUMENT …]

Without documents, takes spanner-v1 and compute.v1 of google-api-python-client. For each, a crate and a program that
makes the one call of the crate's README are built: debug profile, not incremental (as cargo builds a dependency), without
credentials and TLS. Then both are compiled again by the same commands of rustc, alternately without and with
`-Zhint-mostly-unused` for the crate, which the hint adds on nightly. RUSTC_BOOTSTRAP allows this flag. Prints the
medians, their ratios, and what cargo says about the hint in the manifest. All files are in target/measure/hints.
"""

import argparse
import os
import pathlib
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import corpus  # noqa: E402

WORK = ROOT / "target" / "measure" / "hints"
FLAG = "-Zhint-mostly-unused"
ENVIRONMENT = {**os.environ, "CARGO_INCREMENTAL": "0", "CARGO_TERM_COLOR": "never"}
# Polls the call once, so that the compiler needs all of it.
MAIN = """
fn main() {
    let mut call = std::pin::pin!(example());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let _ = std::future::Future::poll(call.as_mut(), &mut context);
}
"""


def run(*command, **options):
    """Runs a program. Returns what it prints to stderr."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **{"env": ENVIRONMENT, **options})
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stderr


def project(name):
    """Creates a program that makes the call of the README of a crate."""
    crate, directory = WORK / "crates" / name, WORK / f"use-{name}"
    example = re.search(r"^```rust\n(.*?)^```", (crate / "README.md").read_text(), re.S | re.M)
    (directory / "src").mkdir(parents=True)
    (directory / "src" / "main.rs").write_text(example[1] + MAIN)
    (directory / "Cargo.toml").write_text(
        f'[package]\nname = "use-{name}"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n'
        f'{name} = {{ path = "../crates/{name}", default-features = false }}\n\n[workspace]\n')
    return directory


def commands(directory, names):
    """Builds the program. Returns the commands of rustc that compile these crates."""
    said = run("cargo", "build", "-vv", cwd=directory, env={**ENVIRONMENT, "CARGO_TARGET_DIR": str(WORK / "target")})
    found = {}
    for line in re.findall(r"^ *Running `(.*)`$", said, re.M):
        for name in names:
            if f" --crate-name {name.replace('-', '_')} " in line:
                # Without the messages for cargo, and with the variables in front of the program.
                found[name] = ["env", "RUSTC_BOOTSTRAP=1", *shlex.split(line)]
    assert len(found) == len(names), f"cargo ran no rustc for {set(names) - set(found)}"
    return [found[name] for name in names]


def seconds(command, directory):
    started = time.monotonic()
    run(*command, cwd=directory)
    return time.monotonic() - started


def measure(name, runs):
    """Prints the times of the crate and of its program."""
    directory = project(name)
    crate, program = commands(directory, [name, f"use-{name}"])
    times = {(): [], (FLAG,): []}
    for _ in range(runs):
        for flags, measured in times.items():
            measured.append((seconds([*crate, *flags], WORK / "crates" / name), seconds(program, directory)))
    (plain, hinted) = ([statistics.median(part) for part in zip(*measured)] for measured in times.values())
    for what, before, after in [("crate", plain[0], hinted[0]), ("program", plain[1], hinted[1]),
                                ("both", sum(plain), sum(hinted))]:
        print(f"{name:<20} {what:<8} {before:7.2f} s {after:7.2f} s  ratio {after / before:.2f}", flush=True)


def stable(name):
    """Returns what cargo says about the hint in the crate itself, and in a crate that depends on it."""
    crate = WORK / "crates" / name
    manifest = crate / "Cargo.toml"
    hints = "[hints]\nmostly-unused = true\n\n"
    manifest.write_text(manifest.read_text().replace("[dependencies]\n", f"{hints}[dependencies]\n"))
    said = run("cargo", "check", cwd=WORK / f"use-{name}", env={**ENVIRONMENT, "CARGO_TARGET_DIR": str(WORK / "target")})
    return [line for line in said.splitlines() if "hints.mostly-unused" in line]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="*", metavar="DOCUMENT")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    documents = arguments.documents
    if not documents:
        of = {path.stem: path for path, _ in corpus.fetch()[0].values()}
        documents = [of["spanner.v1"], of["compute.v1"]]
    shutil.rmtree(WORK, ignore_errors=True)
    run("cargo", "build", "-q", "-p", "gapi-cli", cwd=ROOT)
    run(ROOT / "target" / "debug" / "gapi", "generate", *documents, "--out", WORK / "crates", "--flavor", "crates",
        "--runtime-path", ROOT / "runtime")
    names = sorted(path.name for path in (WORK / "crates").iterdir())
    for name in names:
        # Below another workspace.
        manifest = WORK / "crates" / name / "Cargo.toml"
        manifest.write_text(manifest.read_text().replace("[dependencies]\n", "[workspace]\n\n[dependencies]\n"))
        measure(name, arguments.runs)
    for line in stable(names[0]):
        print(line)


if __name__ == "__main__":
    main()
