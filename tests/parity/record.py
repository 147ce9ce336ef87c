#!/usr/bin/env python3
"""Records what google-api-python-client sends for calls that follow from Discovery documents alone.

    tests/parity/record.py                  the documents of discovery/
    tests/parity/record.py DOC.json …       these documents
    tests/parity/record.py --sample         discovery/ and every fifteenth of the published documents
    tests/parity/record.py --corpus         every published document
    tests/parity/record.py --out FILE       the lines of all of them in one file as well ("-": standard output)

The lines of a document go to target/parity/recordings/<name>.<version>.jsonl, and are made again when the
document or this program is newer, or with --again. Each line is a call:

    id          the method's id; "batch" for several calls in one request
    variant     min        required parameters
                full       every parameter of the method, and the body
                body-only  required parameters and the body
                std        required parameters, and those of the whole API
                hostile    required and textual parameters and the body, with awkward texts
                media      uploads (simple, multipart, the start of a resumable one) and downloads
                next       the request for the page after the one in args.page
                batch      calls of different kinds in one request
    document    id of the document
    args        path, query: by wire name, in the types of the document; body; media; page; calls
    httpMethod, url, headers, body    the request, as it goes to the network
    error       instead of these, where Python refuses the call or cannot make it

The library comes from PyPI by pip and is kept in target/parity; nothing is sent to anybody.
"""

import argparse
import collections
import json
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys
import time
import typing

import documents

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "parity"
LIBRARY = WORK / "python"
RECORDINGS = WORK / "recordings"
# What else shapes a request has a fixed version too.
PACKAGES = ["google-api-python-client==2.202.0", "uritemplate==4.2.0", "httplib2==0.32.1"]
OWN_ENVIRONMENT = "GAPI_PARITY_ENVIRONMENT"
SAMPLE_STEP = 15
# The last member of a line.
VARIANT = re.compile(r'"variant": "([^"]+)"}$')


def enter_environment():
    """Continues with the private library and nothing else that is installed; gets the library if need be."""
    if os.environ.get(OWN_ENVIRONMENT):
        return
    if not LIBRARY.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        waiting = WORK / f"python.{os.getpid()}"
        done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", str(waiting), *PACKAGES],
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"cannot get {PACKAGES[0]}:\n{done.stderr}")
        waiting.rename(LIBRARY)
    # Settings of the machine for Google's libraries would change the requests.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOOGLE_", "PYTHON"))}
    environment = {**kept, OWN_ENVIRONMENT: "1", "PYTHONPATH": str(LIBRARY), "PYTHONHASHSEED": "0"}
    os.execve(sys.executable, [sys.executable, "-S", *sys.argv], environment)


class Recorded(typing.NamedTuple):
    """What the table at the end needs of a document."""
    document: str
    problem: str  # why it could not be recorded, or None
    methods: int = 0
    variants: collections.Counter = collections.Counter()
    refused: collections.Counter = collections.Counter()
    fresh: bool = False


def record(path, again):
    """Writes the recording of a document, unless there is a current one."""
    recording = RECORDINGS / f"{path.stem}.jsonl"
    try:
        text, document = documents.read(path)
        methods = documents.methods(document)
        if again or not is_current(recording, path):
            write(recording, lines(text, document, methods))
            return summary(path, recording, methods, True)
        return summary(path, recording, methods, False)
    except documents.Wrong as problem:
        return Recorded(path.stem, str(problem))
    except Exception as problem:  # pylint: disable=broad-except
        # Whatever is wrong with one document, the others go on.
        return Recorded(path.stem, f"{path}: {type(problem).__name__}: {problem}")


def lines(text, document, methods):
    """The lines of a document: by method, then by variant."""
    import batches
    import variants
    from library import Library, Refused
    schemas = document.get("schemas", {})
    # The library writes into the document that it is given.
    library = Library(json.loads(text))
    for method in methods:
        for call in variants.calls(schemas, method):
            line = {"id": method.id, "variant": call.variant, "document": document["id"], "args": call.arguments}
            try:
                yield {**line, **(library.send(method, call.variant, call.arguments) if not call.problem
                                  else {"error": call.problem})}
            except Refused as problem:
                yield {**line, "error": str(problem)}
    yield from batches.lines(library, document, methods)


def write(recording, lines):
    RECORDINGS.mkdir(parents=True, exist_ok=True)
    waiting = recording.with_suffix(f".{os.getpid()}.part")
    with waiting.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, sort_keys=True) + "\n")
    waiting.rename(recording)


def is_current(recording, document):
    sources = pathlib.Path(__file__).parent.glob("*.py")
    return recording.exists() and all(source.stat().st_mtime < recording.stat().st_mtime
                                      for source in (document, *sources))


def summary(path, recording, methods, fresh):
    found, refused = collections.Counter(), collections.Counter()
    with recording.open(encoding="utf-8") as file:
        for text in file:
            found[VARIANT.search(text)[1]] += 1
            # Most lines are long and have no error: they are not parsed.
            error = json.loads(text).get("error") if '"error": "' in text else None
            if error:
                refused[reason(error)] += 1
    return Recorded(path.stem, None, len(methods), found, refused, fresh)


def reason(error):
    """A refusal without what differs from one to the next."""
    short = re.sub(r"'[^']*'|\"[^\"]*\"|\[.*\]", "…", error.split("\n")[0])
    return re.sub(r"(no value for the pattern) .*", r"\1 …", short)[:110]


def chosen_documents(arguments):
    """The documents to record, and whether the published ones are among them."""
    nine = sorted((ROOT / "discovery").glob("*.json"))
    if arguments.documents:
        return [pathlib.Path(path) for path in arguments.documents]
    if not arguments.corpus and not arguments.sample:
        return nine
    sys.path.insert(0, str(ROOT / "tests"))
    import corpus
    by_id, files = corpus.fetch()
    if arguments.corpus:
        return files
    own = {path.stem for path in nine}
    others = sorted(path for path, _ in by_id.values() if path.stem not in own)
    return nine + others[::SAMPLE_STEP]


def copy_lines(paths, target, variants):
    """All chosen lines in one file, in the order of the documents."""
    with (sys.stdout if target == "-" else open(target, "w", encoding="utf-8")) as out:
        for path in paths:
            with (RECORDINGS / f"{path.stem}.jsonl").open(encoding="utf-8") as file:
                out.writelines(line for line in file if VARIANT.search(line)[1] in variants)


def show(results):
    rows = [("documents", len(results)), ("documents recorded now", sum(result.fresh for result in results)),
            ("methods", sum(result.methods for result in results))]
    found = sum((result.variants for result in results), collections.Counter())
    rows += [(f"lines, {variant}", found[variant]) for variant in sorted(found)]
    rows.append(("lines", sum(found.values())))
    refused = sum((result.refused for result in results), collections.Counter())
    rows.append(("lines with an error", sum(refused.values())))
    rows += [("  " + what, count) for what, count in sorted(refused.items(), key=lambda item: (-item[1], item[0]))]
    for name, value in rows:
        print(f"{name:<100} {value:>9}", file=sys.stderr)


def parse_arguments():
    import variants
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="*", metavar="DOC.json")
    parser.add_argument("--corpus", action="store_true", help="every published document")
    parser.add_argument("--sample", action="store_true", help="discovery/ and a fifteenth of the published documents")
    parser.add_argument("--variants", default=",".join(variants.NAMES), help="those that --out gets")
    parser.add_argument("--batch", action="store_true", help="--out gets the batches too")
    parser.add_argument("--out", metavar="FILE", help="all lines in one file")
    parser.add_argument("--again", action="store_true", help="record what is recorded already")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    arguments = parser.parse_args()
    arguments.variants = arguments.variants.split(",") + (["batch"] if arguments.batch else [])
    unknown = set(arguments.variants) - {*variants.NAMES, "batch"}
    if unknown:
        parser.error(f"no variant is called {', '.join(sorted(unknown))}")
    return arguments


def main():
    arguments = parse_arguments()
    enter_environment()
    paths = chosen_documents(arguments)
    missing = [path for path in paths if not path.is_file()]
    if missing:
        sys.exit("\n".join(f"{path}: there is no such document" for path in missing))
    started = time.monotonic()
    # The largest first, so that no worker is left with one at the end.
    by_size = sorted(paths, key=lambda path: -path.stat().st_size)
    with multiprocessing.Pool(arguments.jobs) as pool:
        results = pool.starmap(record, ((path, arguments.again) for path in by_size), chunksize=1)
    wrong = sorted(result.problem for result in results if result.problem)
    if not wrong and arguments.out:
        copy_lines(paths, arguments.out, arguments.variants)
    show(results)
    print(f"{'seconds':<100} {time.monotonic() - started:>9.0f}", file=sys.stderr)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
