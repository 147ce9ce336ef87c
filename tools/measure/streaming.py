#!/usr/bin/env python3
"""Finds the methods that stream their response, and measures how well rules find them.

Documents do not mark them. Two sources do:

rpc   a server-streaming rpc in Google's protos (npm package google-proto-files), found by the host, the verb and the
      path of `google.api.http`, additional bindings included
rule  the document: a mark (`streamingType`, older documents only), the name of the method (`streamRead`), its path
      (`:stream`), the name of the response (`StreamResponse`), or words in a description; or the rpc of another version

    tools/measure/streaming.py                 prints precision and recall of the rules
    tools/measure/streaming.py --list          and each streaming method with its source
    tools/measure/streaming.py --write         and writes generator/src/facts/streaming.json

Needs npm for the protos, or `--protos DIR` with the unpacked package, and the documents that `tools/corpus.py --fetch`
gets. The generator uses the rpcs and the rules of the table, so it also classifies documents that are not published.
`methods` in the table are the result for every published document. A test compares them with the generator's.
"""

import argparse
import json
import re
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from operation_results import PACKAGE, methods, percent, shape

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "generator/src/facts/streaming.json"

# Rpcs of services whose protos are not in the package.
OTHERS = {
    "build/bazel/remote/execution/v2/remote_execution.proto": [
        ("remotebuildexecution.googleapis.com", "POST", "v2/*/actions:execute", "Execution.Execute"),
        ("remotebuildexecution.googleapis.com", "POST", "v2/operations/*:waitExecution", "Execution.WaitExecution"),
        ("remotebuildexecution.googleapis.com", "GET", "v2/*/blobs/*/*:getTree", "ContentAddressableStorage.GetTree"),
    ],
}

# The generator reads the rules from the table.
RULES = {
    "paths": [":stream"],
    "responses": ["StreamResponse", "StreamingResponse", "StreamingEvent"],
    "descriptions": [
        "bidirectional streaming",
        "is a streaming call",
        "result as a stream",
        "server-side streaming rpc",
        "server-streamed rpc",
        "server-streaming rpc",
        "streaming read of",
        "streams results",
        "streams the response",
        "this method returns a stream of",
    ],
}


def rpcs(directory):
    """Maps (host, verb, path with its variables as `*`) to (streams, proto, rpc)."""
    found = {}
    for path in sorted(Path(directory).rglob("*.proto")):
        text = path.read_text(errors="replace")
        text = re.sub(r"//[^\n]*", "", re.sub(r'"\s*\n\s*"', "", text))
        host = service = None
        for part in re.split(r"\b(?=rpc\s+\w+\s*\(|service\s+\w+\s*\{)", text):
            begins = re.match(r"service\s+(\w+)", part)
            if begins:
                service = begins.group(1)
                named = re.search(r'default_host\)\s*=\s*"([^":]+)', part)
                host = named and named.group(1)
            rpc = re.match(r"rpc\s+(\w+)\s*\([^)]*\)\s*returns\s*\(\s*(stream\s)?", part)
            if not rpc or not host:
                continue
            bindings = re.findall(r'\b(get|put|post|delete|patch):\s*"([^"]+)"', part)
            bindings += re.findall(r'kind:\s*"(\w+)"\s*path:\s*"([^"]+)"', part)
            for verb, binding in bindings:
                proto = path.relative_to(directory).as_posix().removeprefix("package/")
                found[host, verb.upper(), shape(binding)] = (bool(rpc.group(2)), proto, f"{service}.{rpc.group(1)}")
    for proto, rows in OTHERS.items():
        for host, verb, binding, rpc in rows:
            found[host, verb, binding] = (True, proto, rpc)
    return found


def key(document, method):
    """Returns the place of a method in the map."""
    path = document["servicePath"] + method.get("flatPath", method["path"])
    return document["rootUrl"].split("/")[2], method["httpMethod"], shape(path)


def unversioned(place):
    """Returns the place of the same method in any version."""
    host, verb, path = place
    return host, verb, re.sub(r"(^|/)v\d\w*(?=/|:|$)", r"\1v*", path)


def words(name):
    return re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)


def is_named(name):
    """Returns whether the name of a method shows that it streams: `streamRead`, but not `listStreams` or `getStream`."""
    parts = [word.lower() for word in words(name)]
    return any(part in ("stream", "streaming") for part in parts[:-1]) or parts[1:] and parts[-1] == "streaming"


def rule(document, method, others):
    """Returns the first rule by which a method streams. `others` are rpcs of other versions that stream."""
    if method.get("streamingType") == "SERVER_SIDE":
        return "mark"
    response = method.get("response", {}).get("$ref")
    if not response:
        return None
    if is_named(method["id"].rsplit(".", 1)[-1]):
        return "name"
    if any(method["path"].endswith(end) for end in RULES["paths"]):
        return "path"
    if any(response.endswith(end) for end in RULES["responses"]):
        return "response"
    schema = document["schemas"].get(response, {})
    for text in (method.get("description", ""), schema.get("description", "")):
        if any(part in text.lower() for part in RULES["descriptions"]):
            return "description"
    return "version" if others else None


def classify(documents, known):
    """Returns the streaming methods of each document with their source, and counts the results of the rules for known methods."""
    found, counts, versions = defaultdict(dict), Counter(), defaultdict(set)
    for place, (streams, _, _) in known.items():
        if streams:
            versions[unversioned(place)].add(place)
    for document in documents:
        for method in methods(document):
            place = key(document, method)
            streams, proto, rpc = known.get(place, (None, None, None))
            said = rule(document, method, versions[unversioned(place)] - {place})
            counts["methods"] += 1
            counts["known"] += streams is not None
            counts["true"] += streams is True
            counts["said"] += streams is not None and said is not None
            counts["right"] += streams is True and said is not None
            if streams and "response" in method:
                found[document["id"]][method["id"]] = f"rpc {rpc} of {proto}"
            elif said:
                found[document["id"]][method["id"]] = f"rule {said}"
                counts["by rule"] += 1
    return {name: dict(sorted(rows.items())) for name, rows in sorted(found.items())}, counts


def text(table):
    """Returns JSON with one row a line."""
    parts = [f"  {json.dumps(name)}: {json.dumps(table[name])}" for name in RULES]
    for name in ("rpcs", "methods"):
        groups = []
        for group, rows in table[name].items():
            lines = [f"      {json.dumps(row)}: {json.dumps(value)}" for row, value in rows.items()]
            groups.append(f"    {json.dumps(group)}: {{\n" + ",\n".join(lines) + "\n    }")
        parts.append(f"  {json.dumps(name)}: {{\n" + ",\n".join(groups) + "\n  }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table")
    parser.add_argument("--list", action="store_true", help="print the methods")
    parser.add_argument("--documents", default=ROOT / "target/corpus/documents", help="the published documents")
    parser.add_argument("--protos", help="google-proto-files, unpacked")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        if not options.protos:
            subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=directory, check=True, stdout=subprocess.DEVNULL)
            subprocess.run(["tar", "xzf", *Path(directory).glob("*.tgz")], cwd=directory, check=True)
        known = rpcs(options.protos or directory)
    documents = [json.loads(path.read_text()) for path in sorted(Path(options.documents).glob("*.json"))]
    documents = {document["id"]: document for document in documents if document["kind"] == "discovery#restDescription"}
    found, counts = classify(documents.values(), known)
    streaming = sum(map(len, found.values()))
    print(f"{counts['methods']} methods in {len(documents)} documents; {counts['known']} of them are in a proto.")
    print(f"{streaming} stream: {streaming - counts['by rule']} by their rpc, {counts['by rule']} by a rule.\n")
    print("| rules, where the rpc is known | |\n|---|---|")
    print(f"| precision | {percent(counts['right'], counts['said'])} |")
    print(f"| recall | {percent(counts['right'], counts['true'])} |")
    if options.list:
        for name, rows in found.items():
            for method, source in rows.items():
                print(f"{name} {method}: {source}")
    if options.write:
        bindings = defaultdict(dict)
        for (host, verb, path), (streams, proto, rpc) in sorted(known.items()):
            if streams:
                bindings[host][f"{verb} {path}"] = f"{rpc} of {proto}"
        TABLE.write_text(text({**RULES, "rpcs": bindings, "methods": found}))
        print(f"\n{TABLE.relative_to(ROOT)}: {sum(map(len, bindings.values()))} bindings, {streaming} methods")


if __name__ == "__main__":
    main()
