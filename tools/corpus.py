#!/usr/bin/env python3
"""Runs every document of google-api-python-client 2.202.0 through the generator and the compiler.

    tools/corpus.py              generates all of them twice, compiles the sample and a twentieth of the rest
    tools/corpus.py --all        compiles all of them
    tools/corpus.py --all --lint with clippy and rustdoc as well
    tools/corpus.py --dev        with the generator that the tests build, which needs more time
    tools/corpus.py --fetch      only gets the documents

Generation must succeed for each document, return the same bytes twice, and contain every method. The output must
compile with warnings denied, some documents also with a few selected resources. Ends with a table, and with status 1
on any failure. pip gets the package from PyPI. All files are in target/corpus. The twentieth changes daily.
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
import tempfile
import time
import typing
import zipfile

import program

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = ROOT / "target" / "corpus"
PACKAGE = "google-api-python-client==2.202.0"
# The documents of discovery/, and some with unusual properties.
SAMPLE = """accesscontextmanager.v1 accesscontextmanager.v1beta genomics.v1 genomics.v1alpha2 genomics.v2alpha1
healthcare.v1 healthcare.v1beta1 servicemanagement.v1 spanner.v1 admin.directory_v1 analytics.v3 apigee.v1 bigquery.v2 calendar.v3 chat.v1 drive.v3 fitness.v1 gmail.v1
identitytoolkit.v1 oauth2.v2 recaptchaenterprise.v1 sheets.v4 storage.v1 translate.v2 walletobjects.v1
youtube.v3""".split()


# Parts of the largest documents, and of one with deeply nested resources.
SELECTED = [("compute.v1", "instances"), ("aiplatform.v1", "projects.locations.endpoints.**"),
            ("healthcare.v1", "**.fhirStores"), ("drive.v3", "files")]


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def fetch():
    """Returns the documents by id, and all paths, because some are in the package under two names."""
    directory = WORK / "documents"
    if not directory.exists():
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
        waiting.rename(directory)
    documents, files = {}, []
    for path in sorted(directory.glob("*.json")):
        document = json.loads(path.read_text())
        if document["kind"] == "discovery#restDescription":
            files.append(path)
            documents.setdefault(document["id"], (path, document))
    return documents, files


def method_ids(resource):
    for method in resource.get("methods", {}).values():
        yield method["id"]
    for child in resource.get("resources", {}).values():
        yield from method_ids(child)


def generate(generator, paths, out, *options):
    """Generates into an empty directory. Returns the seconds, the memory in MiB, and the output."""
    shutil.rmtree(out, ignore_errors=True)
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        command = [str(generator), "generate", *map(str, paths), "--out", str(out), *options]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        messages = said.read()
    if process.returncode != 0:
        sys.exit(f"generation failed:\n{messages}")
    return time.monotonic() - started, used.ru_maxrss / 1024, messages


def same(a, b):
    compared = filecmp.dircmp(a, b)
    if compared.left_only or compared.right_only:
        return False
    equal, different, odd = filecmp.cmpfiles(a, b, compared.common_files, shallow=False)
    return not different and not odd and all(same(a / name, b / name) for name in compared.common_dirs)


def batches(documents, count):
    """Returns batches of about the same size, the largest documents first."""
    filled = [[] for _ in range(count)]
    sizes = [0] * count
    for path in sorted(documents, key=lambda path: -path.stat().st_size):
        smallest = sizes.index(min(sizes))
        filled[smallest].append(path)
        sizes[smallest] += path.stat().st_size
    return [Batch(batch) for batch in filled if batch]


def declare(directory):
    """Writes the `lib.rs` for the modules of a crate, with the lints that modules turn off."""
    modules = sorted(path.stem for path in (directory / "src").glob("*.rs"))
    for module in modules:
        path = directory / "src" / f"{module}.rs"
        text, found = re.subn(r"^#!\[allow\(\n(    .*\n)+\)\]\n", "", path.read_text(), flags=re.M)
        assert found == 1, f"{path} turns off lints {found} times"
        path.write_text(text)
    declarations = "".join(f"#[rustfmt::skip]\npub mod {module};\n" for module in modules)
    (directory / "src" / "lib.rs").write_text("//! Documents of the corpus.\n" + declarations)


def write_crate(directory, name):
    """Writes the manifest of a crate of generated modules."""
    directory.mkdir(parents=True, exist_ok=True)
    runtime = ROOT / "runtime"
    (directory / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "2024"\n\n'
        f'[dependencies]\ngapi-runtime = {{ path = "{runtime}", default-features = false }}\n\n'
        '[lints.rust]\nmissing_docs = "warn"\n\n[workspace]\n')


class Batch(typing.NamedTuple):
    """A group of documents that are compiled together, with their selectors."""
    paths: list
    parts: list = []


def compile_batch(number, batch, generator, lint, jobs):
    """Checks a crate with these documents. Returns the warnings and the failures."""
    directory = WORK / "batches" / f"batch{number}"
    generate(generator, batch.paths, directory / "src", *(f"--resources={part}" for part in batch.parts))
    declare(directory)
    write_crate(directory, f"batch{number}")
    environment = {**os.environ, "CARGO_INCREMENTAL": "0", "RUSTFLAGS": "-D warnings",
                   "RUSTDOCFLAGS": "-D warnings", "CARGO_TARGET_DIR": str(WORK / f"target{number % jobs}")}
    warnings, problems = 0, []
    # clippy reports what the compiler does, too.
    for command in [["clippy"], ["doc", "--no-deps"]] if lint else [["check"]]:
        done = run("cargo", command[0], "-q", *command[1:], cwd=directory, env=environment)
        if done.returncode != 0:
            # Denied warnings are errors. The last line is only their sum.
            warnings += max(1, len(re.findall(r"^error(?!: could not)", done.stderr, re.M)))
            problems.append(f"batch {number}, cargo {command[0]}:\n{done.stderr[:4000]}")
    if not problems:
        # The documentation alone takes some gigabytes.
        for leftover in (directory / "src", WORK / f"target{number % jobs}" / "doc"):
            shutil.rmtree(leftover, ignore_errors=True)
    return warnings, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="compile every document")
    parser.add_argument("--lint", action="store_true", help="run clippy and rustdoc on what is compiled")
    parser.add_argument("--fetch", action="store_true", help="only get the documents")
    parser.add_argument("--dev", action="store_true", help="take the generator that the tests build")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    arguments = parser.parse_args()
    failures = []

    documents, files = fetch()
    if arguments.fetch:
        return 0
    paths = [path for path, _ in documents.values()]
    # A copy, so that the batches continue while another build replaces the program.
    generator = pathlib.Path(shutil.copy(program.gapi("dev" if arguments.dev else "release"), WORK / "generator"))
    first, second = WORK / "first", WORK / "second"
    seconds, memory, said = generate(generator, paths, first)
    generate(generator, paths, second)
    nine = [path for path in paths if path.stem in SAMPLE[:9]]
    few, _, _ = min(generate(generator, nine, WORK / "nine") for _ in range(5))
    if not same(first, second):
        failures.append("generating twice gave different bytes")
    sources = [path.read_text() for path in first.rglob("*.rs")]
    calls = collections.Counter(id for text in sources for id in re.findall(r'^    id: "([^"]+)",$', text, re.M))
    listed = collections.Counter(id for _, document in documents.values() for id in method_ids(document))
    # A client states the id of its API in the same form. No method has such a name.
    missing = listed - calls
    if missing:
        failures.append(f"methods that are not in the output: {sorted(missing)[:10]}")
    schemas = sum(len(document.get("schemas", {})) for _, document in documents.values())
    lines = sum(text.count("\n") for text in sources)
    # Every file, as the generator reads it.
    inspected = run(str(generator), "inspect", *map(str, files))
    callable_methods = sum(int(count) for count in re.findall(r"^(\d+) methods, ", inspected.stdout, re.M))
    by_path = dict(documents.values())
    of_files = [by_path.get(path) or json.loads(path.read_text()) for path in files]
    in_files = sum(1 for document in of_files for _ in method_ids(document))
    if callable_methods != in_files:
        failures.append(f"{in_files} methods are in the files, but {callable_methods} were found by inspect")
    for directory in (first, second, WORK / "nine"):
        shutil.rmtree(directory)
    size = lambda paths: sum(path.stat().st_size for path in paths)
    growth = (seconds / size(paths)) / (few / size(nine))
    table = [("documents", len(files)), ("methods", in_files), ("methods with a function, by inspect", callable_methods),
             ("schemas", sum(len(document.get("schemas", {})) for document in of_files)),
             ("documents that differ", len(documents)), ("methods of these, found in the output", sum(listed.values())),
             ("schemas of these", schemas), ("lines", lines), ("diagnostics", said.count("warning: ")),
             ("generation, s", f"{seconds:.1f}"), ("generation, MiB resident", f"{memory:.0f}"),
             ("seconds a byte, to those of nine documents", f"{growth:.2f}")]
    show(table)

    rest = sorted(path for path in paths if path.stem not in SAMPLE)
    day = int(time.time() // 86400) % 20
    chosen = paths if arguments.all else [path for path in paths if path not in rest] + rest[day::20]
    started = time.monotonic()
    of = {path.stem: path for path in paths}
    work = batches(chosen, max(arguments.jobs, len(chosen) // 20))
    work += [Batch([of[name]], [part]) for name, part in SELECTED]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        # Each worker has its own target directory, so that they do not wait for each other.
        lanes = [pool.submit(lambda lane: [compile_batch(number, work[number], generator, arguments.lint,
                                                         arguments.jobs)
                                           for number in range(lane, len(work), arguments.jobs)], lane)
                 for lane in range(arguments.jobs)]
        results = [result for lane in lanes for result in lane.result()]
    failures.extend(problem for _, problems in results for problem in problems)
    what = "clippy, doc" if arguments.lint else "check"
    share = "all" if arguments.all else f"the sample and twentieth {day}"
    show([("compiled documents", f"{len(chosen)} ({share})"), ("parts of documents", len(SELECTED)),
          ("compiled with", f"cargo {what}"), ("warnings", sum(warnings for warnings, _ in results)),
          ("compilation, s", f"{time.monotonic() - started:.0f}"), ("failures", len(failures))])
    for failure in failures:
        print(failure)
    return 1 if failures else 0


def show(table):
    for name, value in table:
        print(f"{name:<45} {value:>12}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
