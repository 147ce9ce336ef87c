#!/usr/bin/env python3
"""Checks whole crates that `gapi generate --flavor crate` writes, of one document and of several.

Each is linted and documented with warnings denied, its README's example is compiled, and cargo packages it
without warnings. Writing it again changes nothing and keeps the user's additions. Ends with status 1 on any failure.
All files are in target/crates.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = ROOT / "target" / "crates"
STORAGE = ROOT / "examples" / "build-script" / "discovery" / "storage.v1.json"
# A title can be any text, and is in the manifest and in the README.
HOSTILE = ROOT / "tests" / "fixtures" / "hostile_text_in_every_place" / "discovery.json"
# Name, documents, features that enable every API.
CASES = [("storage-client", [STORAGE], []), ("hostile-text", [HOSTILE], []),
         ("several-apis", [STORAGE, "genomics-v1", "servicemanagement-v1"], ["--features", "all"])]
# The members that crates.io and docs.rs use.
WANTED = ["description", "license", "readme", "documentation", "rust_version", "keywords", "categories"]
ENVIRONMENT = {**os.environ, "CARGO_INCREMENTAL": "0", "CARGO_TERM_COLOR": "never", "RUSTDOCFLAGS": "-D warnings",
               "CARGO_TARGET_DIR": str(ROOT / "target")}


def run(*command, cwd=ROOT, **options):
    """Runs a program. Returns its output, or exits with it."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed in {cwd}:\n{done.stdout}{done.stderr}")
    return done.stdout, done.stderr


def generate(name, documents):
    """Writes the crate. Returns its directory and the output."""
    said, _ = run(ROOT / "target" / "debug" / "gapi", "generate", *documents, "--out", WORK / name,
                  "--flavor", "crate", "--name", name, "--runtime-path", "../../../runtime")
    return WORK / name, said


def add(path, before, text):
    """Adds a user's text to a file above its generated part."""
    old = path.read_text()
    assert old.count(before) == 1, f"{path} has no {before}"
    path.write_text(old.replace(before, text + before))


def check(name, documents, features):
    directory, _ = generate(name, documents)
    # The crate is below another workspace, so it needs one of its own.
    add(directory / "Cargo.toml", "[dependencies]\n", "[workspace]\n\n")
    add(directory / "README.md", "## License\n", "## By hand\n\n")
    (directory / "NOTICE").write_text("By hand.\n")
    _, said = generate(name, documents)
    assert said.endswith(": 0 changed\n"), f"{name}: written again, it is another crate: {said}"

    example = re.search(r"^```rust\n(.*?)^```", (directory / "README.md").read_text(), re.S | re.M)
    assert example, f"{name}: the README shows no call"
    (directory / "examples").mkdir(exist_ok=True)
    (directory / "examples" / "readme.rs").write_text(
        f"//! The README's example.\n{example[1]}\nfn main() {{\n    drop(example());\n}}\n")
    run("cargo", "clippy", "-q", "--all-targets", *features, "--", "-D", "warnings", cwd=directory, env=ENVIRONMENT)
    run("cargo", "doc", "-q", "--no-deps", *features, cwd=directory, env=ENVIRONMENT)

    _, said = run("cargo", "package", "--no-verify", "--exclude-lockfile", "--allow-dirty", cwd=directory,
                  env=ENVIRONMENT)
    assert "warning" not in said, f"{name}: cargo misses something:\n{said}"
    metadata, _ = run("cargo", "metadata", "--no-deps", "--format-version=1", cwd=directory, env=ENVIRONMENT)
    package = json.loads(metadata)["packages"][0]
    missing = [member for member in WANTED if not package[member]]
    assert not missing, f"{name}: the manifest does not say {missing}"
    assert package["metadata"]["docs"]["rs"]["all-features"], f"{name}: docs.rs would not show it all"
    listed, _ = run("cargo", "package", "--list", "--allow-dirty", cwd=directory, env=ENVIRONMENT)
    files = {"Cargo.toml", "NOTICE", "README.md", "src/lib.rs"} - set(listed.split())
    assert not files, f"{name}: not in the package: {files}"
    print(f"{name}: clippy, doc, example, package; {len(listed.split())} files")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    run("cargo", "build", "-q", "-p", "gapi-cli")
    for case in CASES:
        check(*case)


if __name__ == "__main__":
    main()
