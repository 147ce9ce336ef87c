#!/usr/bin/env python3
"""Lists the same operations with three clients: this one, google-spanner1 7.0 and google-api-python-client 2.202.0.

    tools/measure/peers.py [--pages 1000] [--rounds 9]

A server on loopback, in a separate process, returns pages of 100 operations. In each round each client lists all of
them in turn, one page after the other in one connection. Its process times only the loop, after listing ten pages.
Both Rust programs have the same profile (release, as in the workspace) and a single-threaded runtime. The ratio is
the median of the ratios of all rounds. Ends with status 1 unless this client is faster than both. The crate comes
from crates.io, the library from PyPI. All files are in target/measure/peers and target/parity.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tools" / "measure" / "peers"
WORK = ROOT / "target" / "measure" / "peers"
sys.path.insert(0, str(ROOT / "tools" / "parity"))

import environment as python_environment  # pylint: disable=wrong-import-position

MANIFEST = """[package]
name = "peers"
version = "0.0.0"
edition = "2024"

[dependencies]
futures-util = {{ version = "0.3", default-features = false, features = ["std"] }}
gapi = {{ path = "{root}/generated", default-features = false, features = ["spanner-v1", "tls-ring"] }}
google-spanner1 = {{ version = "=7.0.0", default-features = false, features = ["ring"] }}
tokio = {{ version = "1", features = ["io-util", "macros", "net", "rt", "time"] }}

[profile.release]
codegen-units = 1
lto = "thin"

[workspace]
"""
PROGRAMS = {"gapi": "gapi.rs", "google-spanner1": "google_spanner1.rs", "serve": "serve.rs"}


def build():
    """Builds the Rust programs as a separate crate. Returns their directory."""
    WORK.mkdir(parents=True, exist_ok=True)
    programs = "".join(f'\n[[bin]]\nname = "{name}"\npath = "{HERE / source}"\n' for name, source in PROGRAMS.items())
    manifest = WORK / "Cargo.toml"
    text = MANIFEST.format(root=ROOT) + programs
    if not manifest.exists() or manifest.read_text() != text:
        manifest.write_text(text)
    environment = {name: value for name, value in os.environ.items() if name != "CARGO_TARGET_DIR"}
    done = subprocess.run(["cargo", "build", "-q", "--release"], cwd=WORK, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"the programs do not build:\n{done.stderr}")
    return WORK / "target" / "release"


def seconds(command, environment, url, pages):
    """Returns the time that a client measured. Checks that it listed everything."""
    done = subprocess.run([*command, url, str(pages)], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{command[-1]} failed:\n{done.stderr}")
    count, last, took = done.stdout.split()
    expected = 100 * pages
    if (int(count), last) != (expected, f"projects/p/instances/i/operations/{expected - 1}"):
        sys.exit(f"{command[-1]} listed {count} operations, the last of them {last}")
    return float(took)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    python = python_environment.of_library()
    programs = build()
    clients = {
        "gapi": ([programs / "gapi"], None),
        "google-spanner1": ([programs / "google-spanner1"], None),
        "google-api-python-client": ([sys.executable, "-S", HERE / "google_api_python_client.py"], python),
    }
    times = {name: [] for name in clients}
    with subprocess.Popen([programs / "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        url = server.stdout.readline().strip()
        for number in range(arguments.rounds):
            # The order changes from round to round.
            order = list(clients)[number % 3:] + list(clients)[:number % 3]
            for name in order:
                command, environment = clients[name]
                times[name].append(seconds(command, environment, url, arguments.pages))
        server.stdin.close()
    print(f"{arguments.pages} pages of 100 operations, {arguments.rounds} rounds")
    within = True
    for name, theirs in times.items():
        spread = f"{statistics.median(theirs):7.2f} s ({min(theirs):.2f} to {max(theirs):.2f})"
        if name == "gapi":
            print(f"{name:26}{spread}")
            continue
        ratio = statistics.median(ours / their for ours, their in zip(times["gapi"], theirs))
        print(f"{name:26}{spread}; gapi takes {ratio:.2f} × the time")
        within &= ratio < 1
    print("faster than both" if within else "NOT faster than both")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
