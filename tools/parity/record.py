#!/usr/bin/env python3
"""Records the requests of google-api-python-client for calls that follow from Discovery documents alone.

    tools/parity/record.py                  the documents of discovery/
    tools/parity/record.py DOC.json …       these documents
    tools/parity/record.py --sample         discovery/, every fifteenth of the published documents, and five with rare features
    tools/parity/record.py --corpus         every published document
    tools/parity/record.py --out FILE       the lines of all of them in one file as well ("-": standard output)

The lines of a document with all variants go to target/parity/recordings/<name>.<version>.jsonl. They are recorded
again if the document or this program has changed, or with --again. Documents with the same file name overwrite each
other. Each line is a call:

    id          the method's id; "batch" for several calls in one request
    variant     min        required parameters
                full       every parameter of the method, and the body
                body-only  required parameters and the body
                std        required parameters, and those of the whole API
                hostile    required and textual parameters and the body, with awkward texts
                media      a line for each: upload (simple, multipart, the start of a resumable one without and
                           with a body, as far as the document has them), download
                next       the request for the page after the one in args.page; a second line with a repeated
                           parameter, if there is one
                batch      calls of different kinds in one request
    document    id of the document
    args        path, query: by wire name, in the types of the document; body; media; page; calls
    httpMethod, url, headers, body    the request as it would be sent
    error       instead of these, if Python rejects the call or cannot make it

pip gets the library from PyPI into target/parity. Nothing is sent to a server.
"""

import argparse
import collections
import hashlib
import json
import multiprocessing
import os
import pathlib
import re
import sys
import time
import typing

import documents
import environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORDINGS = environment.WORK / "recordings"
SAMPLE_STEP = 15
# Each of them has something in a request that no other document of the sample has.
SPECIAL = {"dfareporting.v4", "drive.v3", "fitness.v1", "translate.v2", "youtube.v3"}
SOURCES = "record batches documents draws environment library nasty patterns values variants".split()
# The last member of a line.
VARIANT = re.compile(r'"variant": "([^"]+)"}$')


class Recorded(typing.NamedTuple):
    """The result of a document, saved next to its recording."""
    made_from: str = ""  # a digest of the document and the program
    problem: str = None  # the reason why it could not be recorded
    methods: int = 0
    variants: dict = {}  # the number of lines of each
    rejected: dict = {}   # the number of lines with an error, by reason
    kept: bool = False   # whether the recording existed already


def record(path, again):
    """Writes the recording of a document, unless there is a current one."""
    summary = RECORDINGS / f"{path.stem}.summary.json"
    try:
        made_from = digest(path)
        if not again and summary.exists() and (RECORDINGS / f"{path.stem}.jsonl").exists():
            before = Recorded(**json.loads(summary.read_text()))
            if before.made_from == made_from:
                return before._replace(kept=True)
        text, document = documents.read(path)
        methods = documents.methods(document)
        RECORDINGS.mkdir(parents=True, exist_ok=True)
        summary.unlink(missing_ok=True)
        variants, rejected = write(path.stem, lines(text, document, methods))
        recorded = Recorded(made_from, None, len(methods), variants, rejected)
        summary.write_text(json.dumps(recorded._asdict()))
        return recorded
    except documents.Wrong as problem:
        return Recorded(problem=str(problem))
    except Exception as problem:  # pylint: disable=broad-except
        # An error in one document does not stop the others.
        return Recorded(problem=f"{path}: {type(problem).__name__}: {problem}")


def digest(document):
    """Returns a digest of everything that the recording of a document depends on."""
    found = hashlib.sha256(sys.version.encode())
    for path in (document, *(pathlib.Path(__file__).with_name(f"{name}.py") for name in SOURCES)):
        found.update(path.read_bytes())
    return found.hexdigest()


def lines(text, document, methods):
    """Returns the lines of a document: by method, then by variant."""
    import batches
    import variants
    from library import Library, Rejected
    schemas = document.get("schemas", {})
    # The library changes the document.
    library = Library(json.loads(text))
    for method in methods:
        for call in variants.calls(schemas, method):
            line = {"id": method.id, "variant": call.variant, "document": document["id"], "args": call.arguments}
            try:
                yield {**line, **(library.send(method, call.variant, call.arguments) if not call.problem
                                  else {"error": call.problem})}
            except Rejected as problem:
                yield {**line, "error": str(problem)}
    yield from batches.lines(library, document, methods)


def write(stem, lines):
    """Writes the lines as they come. Returns their number by variant and by reason of rejection."""
    waiting = RECORDINGS / f"{stem}.{os.getpid()}.part"
    variants, rejected = collections.Counter(), collections.Counter()
    with waiting.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, sort_keys=True) + "\n")
            variants[line["variant"]] += 1
            if "error" in line:
                rejected[reason(line["error"])] += 1
    waiting.rename(RECORDINGS / f"{stem}.jsonl")
    return variants, rejected


def reason(error):
    """Returns the reason of a rejection without the parts that differ from one to the next."""
    short = re.sub(r"'[^']*'|\"[^\"]*\"|\[.*\]", "…", error.split("\n")[0])
    return re.sub(r"(repeated value:|for the pattern|in position).*", r"\1 …", short)[:100]


def chosen_documents(arguments):
    """Returns the documents to record, and whether the published ones are among them."""
    nine = sorted((ROOT / "discovery").glob("*.json"))
    if arguments.documents:
        return [pathlib.Path(path) for path in arguments.documents]
    if not arguments.corpus and not arguments.sample:
        return nine
    sys.path.insert(0, str(ROOT / "tools"))
    import corpus
    by_id, files = corpus.fetch()
    if arguments.corpus:
        return files
    own = {path.stem for path in nine}
    others = sorted(path for path, _ in by_id.values() if path.stem not in own)
    return nine + [path for number, path in enumerate(others) if number % SAMPLE_STEP == 0 or path.stem in SPECIAL]


def copy_lines(paths, target, variants, methods):
    """Writes all chosen lines to one file, in the order of the documents."""
    with (sys.stdout if target == "-" else open(target, "w", encoding="utf-8")) as out:
        for path in paths:
            with (RECORDINGS / f"{path.stem}.jsonl").open(encoding="utf-8") as file:
                out.writelines(line for line in file
                               if VARIANT.search(line)[1] in variants and methods.search(json.loads(line)["id"]))


def show(results, seconds):
    variants, rejected = collections.Counter(), collections.Counter()
    for result in results:
        variants.update(result.variants)
        rejected.update(result.rejected)
    rows = [("documents", len(results)), ("  recorded before", sum(result.kept for result in results)),
            ("methods", sum(result.methods for result in results)), ("lines", sum(variants.values()))]
    rows += [("  " + variant, variants[variant]) for variant in sorted(variants)]
    rows.append(("lines with an error", sum(rejected.values())))
    rows += [("  " + what, count) for what, count in sorted(rejected.items(), key=lambda item: (-item[1], item[0]))]
    rows.append(("seconds", round(seconds)))
    for name, value in rows:
        print(f"{name:<80} {value:>9}", file=sys.stderr)


def parse_arguments():
    import variants
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="*", metavar="DOC.json")
    parser.add_argument("--corpus", action="store_true", help="every published document")
    parser.add_argument("--sample", action="store_true", help="discovery/ and a fifteenth of the published documents")
    parser.add_argument("--variants", default=",".join(variants.NAMES), help="those that --out gets")
    parser.add_argument("--batch", action="store_true", help="--out gets the batches too")
    parser.add_argument("--out", metavar="FILE", help="all lines in one file")
    parser.add_argument("--methods", type=re.compile, default="", metavar="REGEX",
                        help="--out gets the methods with such an id")
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
    environment.enter()
    paths = chosen_documents(arguments)
    missing = [path for path in paths if not path.is_file()]
    if missing:
        sys.exit("\n".join(f"{path}: there is no such document" for path in missing))
    started = time.monotonic()
    # Large documents come first, so that no worker ends with one of them.
    by_size = sorted(paths, key=lambda path: -path.stat().st_size)
    with multiprocessing.Pool(arguments.jobs) as pool:
        results = pool.starmap(record, ((path, arguments.again) for path in by_size), chunksize=1)
    wrong = sorted(result.problem for result in results if result.problem)
    if not wrong and arguments.out:
        copy_lines(paths, arguments.out, arguments.variants, arguments.methods)
    show(results, time.monotonic() - started)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
