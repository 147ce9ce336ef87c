#!/usr/bin/env python3
"""Checks crates that `gapi generate` writes.

    tools/crates.py          a crate of one document, one of several, and a crate for each document in discovery/
    tools/crates.py --all    a crate for each document of google-api-python-client, and nothing else

The first two are linted and documented with warnings denied, and their README's example is compiled. Writing one again
changes nothing and keeps the user's additions. The crates for each document are not compiled. All must have what crates.io
and docs.rs use, within the limits of crates.io, and cargo must package them without a warning. Ends with status 1 on any
failure. All files are in target/crates.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import typing

sys.dont_write_bytecode = True
import corpus  # noqa: E402
import program  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = ROOT / "target" / "crates"
STORAGE = ROOT / "examples" / "build-script" / "discovery" / "storage.v1.json"
# A title can be any text, and is in the manifest and in the README.
HOSTILE = ROOT / "tests" / "fixtures" / "hostile_text_in_every_place" / "discovery.json"
# Name, documents, features that enable every API.
CASES = [("storage-client", [STORAGE], []), ("hostile-text", [HOSTILE], []),
         ("several-apis", [STORAGE, "genomics-v1", "servicemanagement-v1"], ["--features", "all"])]
# The members that crates.io and docs.rs use.
WANTED = ["name", "version", "description", "license", "readme", "documentation", "rust-version", "keywords", "categories"]
# https://doc.rust-lang.org/cargo/reference/manifest.html, and https://crates.io/category_slugs for the categories in use.
CATEGORIES = {"api-bindings", "web-programming::http-client"}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
KEYWORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,19}")
MOST_KEYWORDS, MOST_FEATURES, MOST_BYTES = 5, 300, 10 << 20
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
    said, _ = run(program.gapi(), "generate", *documents, "--out", WORK / name,
                  "--flavor", "crate", "--name", name, "--runtime-path", "../../../runtime")
    return WORK / name, said


def add(path, before, text):
    """Adds a user's text to a file above its generated part."""
    old = path.read_text()
    assert old.count(before) == 1, f"{path} has no {before}"
    path.write_text(old.replace(before, text + before))


def check(name, documents, features):
    directory, _ = generate(name, documents)
    # The crate is below another workspace, so it must be a separate workspace.
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

    package = check_package(directory)
    print(f"{name}: clippy, doc, example, package; {package.files} files")


class Package(typing.NamedTuple):
    """A package in the form of crates.io."""
    name: str
    files: int
    bytes: int


def check_manifest(directory):
    """Checks what crates.io and docs.rs take from a manifest. Returns name and version."""
    manifest = tomllib.loads((directory / "Cargo.toml").read_text())
    package, at = manifest["package"], directory.name
    missing = [member for member in WANTED if not package.get(member)]
    assert not missing, f"{at}: the manifest does not say {missing}"
    name, keywords, categories = package["name"], package["keywords"], package["categories"]
    assert NAME.fullmatch(name), f"{at}: no name of a crate: {name}"
    assert len(package["description"]) <= 1000, f"{at}: the description is too long"
    assert len(set(keywords)) == len(keywords) <= MOST_KEYWORDS, f"{at}: {keywords}"
    assert all(KEYWORD.fullmatch(word) for word in keywords), f"{at}: {keywords}"
    assert set(categories) <= CATEGORIES, f"{at}: {categories}"
    assert len(manifest["features"]) <= MOST_FEATURES, f"{at}: {len(manifest['features'])} features"
    docs = package["metadata"]["docs"]["rs"]
    assert docs["all-features"] and "docsrs" in docs["rustdoc-args"], f"{at}: docs.rs would not show it all"
    assert "version" in manifest["dependencies"]["gapi-runtime"], f"{at}: the runtime has no version"
    return name, package["version"]


def check_package(directory, target=ROOT / "target"):
    """Packages a crate, without a warning and within the limits of crates.io."""
    name, version = check_manifest(directory)
    _, said = run("cargo", "package", "--no-verify", "--exclude-lockfile", "--allow-dirty", cwd=directory,
                  env={**ENVIRONMENT, "CARGO_TARGET_DIR": str(target)})
    assert "warning" not in said, f"{name}: cargo misses something:\n{said}"
    packed = target / "package" / f"{name}-{version}.crate"
    size = packed.stat().st_size
    assert size <= MOST_BYTES, f"{name}: {size} bytes, and crates.io accepts {MOST_BYTES}"
    with tarfile.open(packed) as archive:
        listed = [path.split("/", 1)[1] for path in archive.getnames()]
    files = {"Cargo.toml", "NOTICE", "README.md", "src/lib.rs"} - set(listed)
    assert not files, f"{name}: not in the package: {files}"
    return Package(name, len(listed), size)


def check_each(documents):
    """Writes a crate for each document, in one command, and packages them. Prints a table."""
    out, started = WORK / "each", time.monotonic()
    command = [program.gapi(), "generate", *documents, "--out", out, "--flavor", "crates",
               "--runtime-path", "../../../../runtime"]
    run(*command)
    written = time.monotonic() - started
    directories = sorted(path for path in out.iterdir() if path.is_dir())
    assert len(directories) == len(documents), f"{len(directories)} crates of {len(documents)} documents"
    for directory in directories:
        # The crates are below another workspace, so each needs its own.
        add(directory / "Cargo.toml", "[dependencies]\n", "[workspace]\n\n")
    said, _ = run(*command)
    assert said.endswith(": 0 changed\n"), f"written again, the crates are others: {said}"

    started, jobs = time.monotonic(), os.cpu_count() or 2
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        # Each worker has its own target directory, so that they do not wait for each other.
        lanes = [pool.submit(lambda lane: [check_package(directory, WORK / f"target{lane}")
                                           for directory in directories[lane::jobs]], lane) for lane in range(jobs)]
        packages = [package for lane in lanes for package in lane.result()]
    assert len({package.name.replace("_", "-").lower() for package in packages}) == len(packages), "a name occurs twice"
    largest = max(packages, key=lambda package: package.bytes)
    corpus.show([("documents", len(documents)), ("crates, packaged without a warning", len(packages)),
                 ("files in them", sum(package.files for package in packages)),
                 ("packages together, MB", f"{sum(package.bytes for package in packages) / 1e6:.1f}"),
                 ("the largest, MB", f"{largest.bytes / 1e6:.2f}"), ("the largest", largest.name),
                 ("writing, s", f"{written:.1f}"), ("packaging, s", f"{time.monotonic() - started:.1f}")])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="a crate for each published document")
    arguments = parser.parse_args()
    shutil.rmtree(WORK, ignore_errors=True)
    if arguments.all:
        documents, _ = corpus.fetch()
        check_each([path for path, _ in documents.values()])
    else:
        for case in CASES:
            check(*case)
        check_each(sorted((ROOT / "discovery").glob("*.json")))


if __name__ == "__main__":
    main()
