#!/usr/bin/env python3
"""Every document that google-api-python-client 2.202.0 carries, through the generator and the compiler.

    tests/corpus.py              generates all of them twice, compiles the sample and a twentieth of the rest
    tests/corpus.py --all        compiles all of them
    tests/corpus.py --all --lint with clippy and rustdoc as well
    tests/corpus.py --fetch      gets the documents and nothing else

Generation has to succeed for each document, give the same bytes twice, and hold every method of the
document; the output has to compile with warnings denied. The package comes from PyPI by pip and is kept
in target/corpus, as is everything else. The twentieth changes daily. Ends with status 1 on any failure.
"""

import argparse
import collections
import concurrent.futures
import filecmp
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = ROOT / "target" / "corpus"
PACKAGE = "google-api-python-client==2.202.0"
# What is odd in one way or another, beside the documents of discovery/.
SAMPLE = """admin.directory_v1 analytics.v3 apigee.v1 bigquery.v2 calendar.v3 chat.v1 drive.v3 fitness.v1 gmail.v1
identitytoolkit.v1 oauth2.v2 recaptchaenterprise.v1 sheets.v4 storage.v1 translate.v2 walletobjects.v1
youtube.v3""".split()


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def fetch():
    """The documents by id; some are in the package under two names."""
    folder = WORK / "documents"
    if not folder.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        done = run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(WORK), PACKAGE)
        if done.returncode != 0:
            sys.exit(f"cannot get {PACKAGE}:\n{done.stderr}")
        waiting = WORK / "documents.part"
        shutil.rmtree(waiting, ignore_errors=True)
        waiting.mkdir()
        with zipfile.ZipFile(next(WORK.glob("google_api_python_client-*.whl"))) as wheel:
            for name in wheel.namelist():
                if re.search(r"discovery_cache/documents/[^/]+\.json$", name):
                    (waiting / name.rsplit("/", 1)[1]).write_bytes(wheel.read(name))
        waiting.rename(folder)
    documents, files = {}, 0
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text())
        if document["kind"] == "discovery#restDescription":
            files += 1
            documents.setdefault(document["id"], (path, document))
    return documents, files


def method_ids(resource):
    for method in resource.get("methods", {}).values():
        yield method["id"]
    for child in resource.get("resources", {}).values():
        yield from method_ids(child)


def generate(generator, paths, out):
    """Generates into an empty folder; gives the seconds it took."""
    shutil.rmtree(out, ignore_errors=True)
    started = time.monotonic()
    done = run(str(generator), "generate", *map(str, paths), "--out", str(out))
    if done.returncode != 0:
        sys.exit(f"generation failed:\n{done.stderr}")
    return time.monotonic() - started, done.stderr


def same(a, b):
    compared = filecmp.dircmp(a, b)
    if compared.left_only or compared.right_only:
        return False
    equal, different, odd = filecmp.cmpfiles(a, b, compared.common_files, shallow=False)
    return not different and not odd and all(same(a / name, b / name) for name in compared.common_dirs)


def batches(documents, count):
    """Batches of about the same size, the largest documents first."""
    filled = [[] for _ in range(count)]
    sizes = [0] * count
    for path in sorted(documents, key=lambda path: -path.stat().st_size):
        smallest = sizes.index(min(sizes))
        filled[smallest].append(path)
        sizes[smallest] += path.stat().st_size
    return [batch for batch in filled if batch]


def compile_batch(number, paths, generator, lint, jobs):
    """Checks a crate with these documents; gives what the compiler had to say."""
    folder = WORK / "batches" / f"batch{number}"
    generate(generator, paths, folder / "src")
    modules = sorted(path.stem for path in (folder / "src").glob("*.rs"))
    declarations = "".join(f"#[rustfmt::skip]\npub mod {module};\n" for module in modules)
    (folder / "src" / "lib.rs").write_text("//! Documents of the corpus.\n" + declarations)
    runtime = ROOT / "runtime"
    (folder / "Cargo.toml").write_text(
        f'[package]\nname = "batch{number}"\nversion = "0.0.0"\nedition = "2024"\n\n'
        f'[dependencies]\ngapi-runtime = {{ path = "{runtime}", default-features = false }}\n\n'
        '[lints.rust]\nmissing_docs = "warn"\n\n[workspace]\n')
    environment = {**os.environ, "CARGO_INCREMENTAL": "0", "RUSTFLAGS": "-D warnings",
                   "RUSTDOCFLAGS": "-D warnings", "CARGO_TARGET_DIR": str(WORK / f"target{number % jobs}")}
    problems = []
    for command in [["check"]] + ([["clippy"], ["doc", "--no-deps"]] if lint else []):
        done = run("cargo", command[0], "-q", *command[1:], cwd=folder, env=environment)
        if done.returncode != 0:
            problems.append(f"batch {number}, cargo {command[0]}:\n{done.stderr[:4000]}")
    shutil.rmtree(folder / "src", ignore_errors=True) if not problems else None
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="compile every document")
    parser.add_argument("--lint", action="store_true", help="run clippy and rustdoc on what is compiled")
    parser.add_argument("--fetch", action="store_true", help="only get the documents")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    arguments = parser.parse_args()
    failures = []

    documents, files = fetch()
    if arguments.fetch:
        return 0
    paths = [path for path, _ in documents.values()]
    if run("cargo", "build", "-q", "--release", "-p", "gapi-generator", cwd=ROOT).returncode != 0:
        sys.exit("the generator does not build")
    # A copy: the batches go on with it even while somebody builds another one.
    generator = pathlib.Path(shutil.copy(ROOT / "target" / "release" / "gapi-generator", WORK / "generator"))
    first, second = WORK / "first", WORK / "second"
    seconds, warnings = generate(generator, paths, first)
    generate(generator, paths, second)
    if not same(first, second):
        failures.append("generating twice gave different bytes")
    sources = [path.read_text() for path in first.rglob("*.rs")]
    calls = collections.Counter(id for text in sources for id in re.findall(r'^    id: "([^"]+)",$', text, re.M))
    listed = collections.Counter(id for _, document in documents.values() for id in method_ids(document))
    # A client states the id of its API in the same form; no method is called like that.
    missing = listed - calls
    if missing:
        failures.append(f"methods that are not in the output: {sorted(missing)[:10]}")
    schemas = sum(len(document.get("schemas", {})) for _, document in documents.values())
    lines = sum(text.count("\n") for text in sources)
    for folder in (first, second):
        shutil.rmtree(folder)
    print(f"{files} documents, {len(documents)} APIs: {sum(listed.values())} methods, {schemas} schemas, "
          f"{lines} lines, {warnings.count('warning: ')} diagnostics, {seconds:.1f} s", flush=True)

    rest = sorted(path for path in paths if path.stem not in SAMPLE)
    day = int(time.time() // 86400) % 20
    chosen = paths if arguments.all else [path for path in paths if path not in rest] + rest[day::20]
    started = time.monotonic()
    work = batches(chosen, max(arguments.jobs, len(chosen) // 20))
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        # Each worker keeps to one target folder, so that they do not wait for each other.
        lanes = [pool.submit(lambda lane: [problem for number in range(lane, len(work), arguments.jobs)
                                           for problem in compile_batch(number, work[number], generator,
                                                                        arguments.lint, arguments.jobs)], lane)
                 for lane in range(arguments.jobs)]
        for lane in lanes:
            failures.extend(lane.result())
    what = "check, clippy, doc" if arguments.lint else "check"
    share = "all" if arguments.all else f"the sample and twentieth {day}"
    print(f"{len(chosen)} documents compiled ({share}; {what}, warnings denied) in {len(work)} batches, "
          f"{time.monotonic() - started:.0f} s")
    for failure in failures:
        print(failure)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
