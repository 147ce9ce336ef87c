#!/usr/bin/env python3
"""Measures how `gapi diff` grows with the size of documents.

    tools/measure/diff_size.py [dev]

Compares compute:alpha with a copy in which every description and every tenth name of a property differs, and then the same with
two and four times the resources and schemas. Prints the smallest seconds, processor time and memory of three runs. Ends with status
1 if the smallest documents take more than 3 seconds of processor time (12 with `dev`), or if four times the size takes more than
8 times the processor time or memory: linear growth is 4 times, quadratic growth is 16 times. Needs the published documents (`tools/corpus.py --fetch`). The variable GAPI names the
program, which is otherwise built. Files are in target/measure/diff.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import program  # pylint: disable=wrong-import-position

WORK = ROOT / "target" / "measure" / "diff"
DOCUMENT = ROOT / "target" / "corpus" / "documents" / "compute.alpha.json"
LIMIT, GROWTH = 3, 8


def repeated(document, times):
    """Returns the document with its resources and schemas several times, each time with other names."""
    schemas, resources = {}, {}
    for number in range(times):
        end = f"Copy{number}" if number else ""
        text = json.dumps([document["schemas"], document["resources"]])
        text = text.replace('"$ref": "', f'"$ref": "{end}').replace('"id": "', f'"id": "{end}')
        some_schemas, some_resources = json.loads(text)
        schemas.update({end + name: schema for name, schema in some_schemas.items()})
        resources.update({name + end: resource for name, resource in some_resources.items()})
    return {**document, "schemas": schemas, "resources": resources}


def changed(node):
    """Returns a part of a document with other descriptions, and other names of some properties."""
    if isinstance(node, list):
        return [changed(part) for part in node]
    if not isinstance(node, dict):
        return node
    copy = {name: f"{value} Changed." if name == "description" and isinstance(value, str) else changed(value)
            for name, value in node.items()}
    if isinstance(properties := copy.get("properties"), dict):
        copy["properties"] = {name if number % 10 else f"{name}Renamed": value
                              for number, (name, value) in enumerate(properties.items())}
    return copy


def written(name, document):
    path = WORK / name
    path.write_text(json.dumps(document, indent=1))
    return path


def measure(gapi, old, new):
    """Returns the seconds of a run, its processor time, and its memory in MiB."""
    started = time.monotonic()
    with subprocess.Popen([gapi, "diff", old, new], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"diff failed:\n{said.decode()}")
    return time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    profile = "dev" if sys.argv[1:] == ["dev"] else "release"
    gapi = program.gapi(profile)
    limit = LIMIT * (4 if profile == "dev" else 1)
    WORK.mkdir(parents=True, exist_ok=True)
    document, within, first = json.loads(DOCUMENT.read_text()), True, None
    for times in (1, 2, 4):
        whole = repeated(document, times)
        old, new = written("old.json", whole), written("new.json", changed({**whole, "revision": "29991231"}))
        runs = [measure(gapi, old, new) for _ in range(3)]
        seconds, busy, memory = (min(column) for column in zip(*runs))
        megabytes = [path.stat().st_size / 1e6 for path in (old, new)]
        print(f"{megabytes[0]:.1f} and {megabytes[1]:.1f} MB: {seconds:.2f} s, {busy:.2f} s of processor time, {memory:.0f} MiB",
              flush=True)
        within &= times > 1 or busy <= limit
        first = first or (busy, memory)
        within &= busy <= GROWTH * first[0] and memory <= GROWTH * first[1]
    print("within the limits" if within else "NOT within the limits")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
