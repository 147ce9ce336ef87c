#!/usr/bin/env python3
"""Finds the results of long-running operations, and measures how well they can be found without annotations.

Documents do not state them in a machine-readable form. Three sources do:

annotation  `google.longrunning.operation_info` in Google's protos (npm package google-proto-files), found by the
            verb and path of `google.api.http`
prose       the description: "The metadata field type is X. The response field type is Y."
rule        names: Delete returns Empty; Create, Update … return the resource; `FooResponse` and `FooMetadata` of
            method Foo, or the only `OperationMetadata` of the document

    tools/measure/operation_results.py                 prints the table of precision and recall
    tools/measure/operation_results.py --write         and writes generator/src/facts/operation_results.json
    tools/measure/operation_results.py --corpus        measures on every published document (`tools/corpus.py` gets them)

Needs npm for the protos, or `--protos DIR` with the unpacked package. An annotation takes precedence over prose, and
prose over a rule. A schema that the document does not have is left out.
"""

import argparse
import json
import re
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "generator/src/facts/operation_results.json"
PACKAGE = "google-proto-files@5.0.3"
SOURCES = ["annotation", "prose", "rule"]
KINDS = ["response", "metadata"]

# Methods whose response differs between two places of the document: "An Empty object" in the field, "The response to
# the RunPipeline method, returned in the operation's result field" in the schema. They are left out.
CONTRADICTED = {
    ("genomics:v1alpha2", "genomics.pipelines.run", "response"),
    ("genomics:v2alpha1", "genomics.pipelines.run", "response"),
}

NAME = r"`?(?:[a-z][\w.]*\.)?([A-Z]\w+)`?"


def protos(directory):
    """Returns the texts of all protos, without changing comments and strings."""
    return [path.read_text(errors="replace") for path in sorted(Path(directory).rglob("*.proto"))]


def annotations(texts):
    """Maps (host, verb, path with its variables as `*`) to (response, metadata), full names."""
    found = defaultdict(set)
    for text in texts:
        package = re.search(r"^package ([\w.]+);", text, re.M)
        if not package or "operation_info" not in text:
            continue
        text = re.sub(r"//[^\n]*", "", re.sub(r'"\s*\n\s*"', "", text))
        host = None
        for rpc in re.split(r"\b(?=rpc\s+\w+\s*\(|service\s+\w+\s*\{)", text):
            named = re.search(r'default_host\)\s*=\s*"([^":]+)', rpc)
            if rpc.startswith("service"):
                host = named and named.group(1)
            info = re.search(r"operation_info\)\s*=\s*\{(.*?)\}", rpc, re.S)
            if not info or not host:
                continue
            types = []
            for field in ("response_type", "metadata_type"):
                value = re.search(field + r'\s*:\s*"([^"]*)"', info.group(1))
                name = value.group(1) if value else ""
                types.append(name if "." in name or not name else f"{package.group(1)}.{name}")
            for verb, path in re.findall(r'\b(get|put|post|delete|patch):\s*"([^"]+)"', rpc):
                found[host, verb.upper(), shape(path)].add(tuple(types))
    # If two rpcs of one path differ, the result is unknown.
    return {key: next(iter(types)) for key, types in found.items() if len(types) == 1}


def shape(path):
    """Normalizes a path: `/v1/{name=projects/*}:go` and `v1/projects/{projectsId}:go` -> `v1/projects/*:go`."""
    path = re.sub(r"\{[\w.]+=([^}]*)\}", r"\1", path.lstrip("/"))
    return re.sub(r"\{[^}]*\}|\*\*", "*", path)


def methods(resource):
    for method in resource.get("methods", {}).values():
        yield method
    for child in resource.get("resources", {}).values():
        yield from methods(child)


def starts(document):
    """Returns the methods that start operations in the style of AIP-151."""
    schemas = document.get("schemas", {})
    shapes = {
        name
        for name, schema in schemas.items()
        if {"name", "done", "error", "response"} <= set(schema.get("properties", {}))
    }
    for method in methods(document):
        name = method["id"].rsplit(".", 1)[-1]
        if method.get("response", {}).get("$ref") in shapes and name not in ("wait", "get"):
            if not (method["httpMethod"] == "GET" and name.startswith("get")):
                yield method


def schema_of(document, full_name):
    """Returns the schema of a message: the longest tail of its full name that is a schema."""
    parts = re.split(r"[.]", full_name)
    folded = {re.sub(r"\W|_", "", name).lower(): name for name in document.get("schemas", {})}
    for start in range(len(parts)):
        name = folded.get(re.sub(r"\W|_", "", "".join(parts[start:])).lower())
        if name:
            return name
    return None


def schema_like(document, name):
    """Returns the schema with this name in prose: its id, or the only one that ends in it."""
    schemas = document.get("schemas", {})
    if name in schemas:
        return name
    ends = [schema for schema in schemas if re.search(rf"(?:[a-z0-9]|_){re.escape(name)}$", schema)]
    return ends[0] if len(ends) == 1 else None


def by_annotation(document, method, table):
    host = document["rootUrl"].split("/")[2]
    types = table.get((host, method["httpMethod"], shape(method.get("flatPath", method["path"]))))
    return [schema_of(document, name) if name else None for name in types] if types else None


PROSE = {
    "response": [
        rf"response`? field type is {NAME}",
        rf"response(?: is)? of type {NAME} is returned in the response",
        rf"Operation\.response`? (?:field )?(?:which )?contains (?:an? )?{NAME}",
        rf"`?response`? (?:type|field):? (?:is|will be|of type) (?:an? )?{NAME}",
        rf"Operation<\s*response:\s*{NAME}",
        rf"response type (?:is|will be) {NAME}",
    ],
    "metadata": [
        rf"metadata`? field type (?:for this operation )?is {NAME}",
        rf"Operation\.metadata`? (?:field )?(?:which )?contains (?:an? )?{NAME}",
        rf"`?metadata`? (?:type|field):? (?:is|will be|of type) (?:an? )?{NAME}",
        rf"metadata type (?:is|will be) {NAME}",
        rf"Operation<[^>]*metadata:\s*{NAME}",
    ],
}


def by_prose(document, method):
    text = " ".join(method.get("description", "").split())
    result = []
    for kind in KINDS:
        names = [match for pattern in PROSE[kind] for match in re.findall(pattern, text)]
        schemas = {schema_like(document, name) for name in names} - {None}
        result.append(schemas.pop() if len(schemas) == 1 else None)
    return result


def by_rule(document, method):
    schemas = document.get("schemas", {})
    verb = method["id"].rsplit(".", 1)[-1]
    resource = method["id"].split(".")[-2]
    pascal = lambda word: word[:1].upper() + word[1:]
    body = method.get("request", {}).get("$ref")
    singular = re.sub(r"ies$", "y", resource) if resource.endswith("ies") else re.sub(
        r"(ss|x|ch)es$", r"\1", resource) if re.search(r"(ss|x|ch)es$", resource) else resource.rstrip("s")
    known = lambda name: schema_like(document, name) if name else None
    called = re.sub(r"Request$", "", body) if body and body.endswith("Request") else None
    if verb == "delete" or method["httpMethod"] == "DELETE":
        response = known("Empty")
    elif verb in ("create", "patch", "update", "insert"):
        # The body is the resource, or a request that contains it.
        response = body if body and not body.endswith("Request") else known(pascal(singular))
    else:
        response = known(f"{called}Response") if called else known(f"{pascal(verb)}{pascal(singular)}Response")
    stems = [called] if called else [pascal(verb) + pascal(singular)]
    if verb == "patch":
        stems.append("Update" + pascal(singular))
    metadata = next(filter(None, (known(f"{stem}{end}") for stem in stems if stem
                                  for end in ("Metadata", "OperationMetadata"))), None)
    general = [name for name in schemas if name.endswith("OperationMetadata")]
    return [response, metadata or (general[0] if len(general) == 1 else None)]


def percent(part, whole):
    return f"{part:4} of {whole:4} ({100 * part / whole:3.0f} %)" if whole else "   none"


def measure(documents, table):
    """Counts how often prose and rules have a result where there is an annotation, and how often it is the same."""
    counts = defaultdict(int)
    started = annotated = 0
    for document in documents:
        for method in starts(document):
            started += 1
            truth = by_annotation(document, method, table)
            if not truth:
                continue
            annotated += 1
            said = {"prose": by_prose(document, method), "rule": by_rule(document, method)}
            said["both"] = [a or b for a, b in zip(said["prose"], said["rule"])]
            for index, kind in enumerate(KINDS):
                counts[kind, "true"] += truth[index] is not None
                for source, values in said.items():
                    counts[kind, source, "said"] += values[index] is not None
                    right = values[index] is not None and values[index] == truth[index]
                    counts[kind, source, "right"] += right
    print(f"{started} methods begin operations; {annotated} of them are annotated.\n")
    print("| what | said by | precision | recall |\n|---|---|---|---|")
    for kind in KINDS:
        for source in ("prose", "rule", "both"):
            right, said = counts[kind, source, "right"], counts[kind, source, "said"]
            print(f"| {kind} | {source} | {percent(right, said)} | {percent(right, counts[kind, 'true'])} |")


def rows(document, table):
    """Returns the table of a document: for each kind the first source with a result, and the result."""
    found = {}
    for method in starts(document):
        said = [by_annotation(document, method, table), by_prose(document, method), by_rule(document, method)]
        if said[0]:
            # If there is an annotation, missing parts of it stay unknown.
            said = said[:1]
        row, sources = {}, []
        for index, kind in enumerate(KINDS):
            for source, values in zip(SOURCES, said):
                if values and values[index] and (document["id"], method["id"], kind) not in CONTRADICTED:
                    row[kind] = values[index]
                    sources.append(source)
                    break
        if row:
            row["from"] = sources[0] if len(set(sources)) == 1 else " and ".join(sources)
            found[method["id"]] = row
    return dict(sorted(found.items()))


def text(everything):
    """Returns JSON with one row a line."""
    documents = []
    for name, table in everything.items():
        lines = [f"    {json.dumps(method)}: {json.dumps(row)}" for method, row in table.items()]
        documents.append(f"  {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(documents) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table of the checked-in documents")
    parser.add_argument("--corpus", action="store_true", help="measure on every published document")
    parser.add_argument("--documents", default=ROOT / "target/corpus/documents", help="where those are")
    parser.add_argument("--protos", help="google-proto-files, unpacked")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        if not options.protos:
            subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=directory, check=True, stdout=subprocess.DEVNULL)
            subprocess.run(["tar", "xzf", *Path(directory).glob("*.tgz")], cwd=directory, check=True)
        table = annotations(protos(options.protos or directory))
    own = [json.loads(path.read_text()) for path in sorted((ROOT / "discovery").glob("*.json"))]
    documents = own
    if options.corpus:
        documents = [json.loads(path.read_text()) for path in sorted(Path(options.documents).glob("*.json"))]
    measure(documents, table)
    if options.write:
        everything = {document["id"]: rows(document, table) for document in own}
        TABLE.write_text(text(everything))
        print(f"\n{TABLE.relative_to(ROOT)}: {sum(map(len, everything.values()))} methods")


if __name__ == "__main__":
    main()
