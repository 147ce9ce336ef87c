#!/usr/bin/env python3
"""Finds the types of operations, response and metadata, and measures how well they can be found without annotations.

Documents do not state them in a machine-readable form. `google.longrunning.operation_info` in Google's protos (npm package
google-proto-files) does. The host, the verb and the path of `google.api.http` identify a method. For published methods that are
in no proto there are rules, which are measured on the annotated methods.

    tools/measure/operation_results.py             prints the measurements
    tools/measure/operation_results.py --write     and writes generator/src/facts/operation_results.txt
    tools/measure/operation_results.py --check     and fails if that file is not current
    tools/measure/operation_results.py --list      and prints missing schemas, wrong rules and untyped methods

Fails if a rule has a precision of less than 99 %. Needs the published documents (`tools/corpus.py --fetch`), and npm for the
protos, or `--protos DIR` with the unpacked package.
"""

import argparse
import sys
from collections import Counter, defaultdict

import operation_protos as protos
from operation_protos import PACKAGE, methods, shape  # noqa: F401, for streaming.py
from operation_rules import RULES, Known

TABLE = protos.ROOT / "generator/src/facts/operation_results.txt"
KINDS = ["response", "metadata"]
PRECISION = 0.99
# Methods whose response differs between two places of the document: "An Empty object" in the field, "The response to the
# RunPipeline method, returned in the operation's result field" in the schema. It stays open.
CONTRADICTED = {("genomics:v1alpha2", "genomics.pipelines.run"), ("genomics:v2alpha1", "genomics.pipelines.run")}
HEAD = """\
# The types of operations. tools/measure/operation_results.py writes this file. Each host (@) has sources (>): a proto with its
# package, or the rules for response and metadata. A row has verb, path, response, metadata, and the rpc or the method. A name that
# begins with a dot is of the package.
"""


def percent(part, whole):
    return f"{part:4} of {whole:4} ({100 * part / whole:5.1f} %)" if whole else "   none"


def measure(documents, known):
    """Counts the results of the rules for annotated methods, and the annotated types that the documents have."""
    counts, notes = Counter(), []
    for document in documents:
        for method in protos.starts(document):
            counts["started"] += 1
            row = known.table.get(protos.place(document, method))
            if not row:
                continue
            counts["annotated"] += 1
            if method["response"]["$ref"] not in protos.read_by(document):
                counts["unread"] += 1
                notes.append((document["id"], method["id"], "poller", "no method reads the operation"))
            for kind, name in zip(KINDS, row):
                truth = protos.type_of(document, name)
                counts[kind, "true"] += bool(truth)
                counts[kind, truth if truth in protos.WELL_KNOWN.values() else "schema" if truth else "missing"] += 1
                if not truth:
                    notes.append((document["id"], method["id"], f"{kind} not in the document", name or "not stated"))
                for rule, (find, _) in RULES[kind].items():
                    said = find(document, method, known)
                    counts[kind, rule, "said"] += said is not None
                    counts[kind, rule, "right"] += said is not None and said == truth
                    if said and said != truth:
                        notes.append((document["id"], method["id"], f"rule {rule}", f"{said}, but it is {name}"))
    return counts, notes


def report(counts):
    """Prints the measurements. Returns whether each rule is precise."""
    print(f"{counts['started']} methods start operations; {counts['annotated']} of them are annotated, and of these "
          f"{counts['unread']} in documents without a method that reads operations.\n")
    print("| annotated type | schema | JSON | nothing | not in the document |\n|---|---|---|---|---|")
    for kind in KINDS:
        cells = [counts[kind, form] for form in ("schema", "JSON", "nothing", "missing")]
        print(f"| {kind} | {' | '.join(map(str, cells))} |")
    print("\n| type | rule | precision | recall | because |\n|---|---|---|---|---|")
    precise = True
    for kind in KINDS:
        for rule, (_, because) in RULES[kind].items():
            right, said = counts[kind, rule, "right"], counts[kind, rule, "said"]
            recall = percent(right, counts[kind, "true"])
            print(f"| {kind} | {rule} | {percent(right, said)} | {recall} | {because} |")
            precise &= right >= PRECISION * said
    return precise


def report_compute(documents):
    """Prints the methods that start operations in the style of Compute Engine. Their result is the operation."""
    print("\n| operations as in Compute Engine | methods | with a method that reads the operation |\n|---|---|---|")
    for document in documents:
        started = list(protos.starts(document, protos.COMPUTE))
        read = [method for method in started if method["response"]["$ref"] in protos.read_by(document)]
        if started:
            print(f"| {document['id']} | {len(started)} | {len(read)} |")


def by_rules(document, method, known):
    """Returns the first schema that a rule finds for each kind, and the rules."""
    types, rules = [], []
    for kind in KINDS:
        found = ((rule, find(document, method, known)) for rule, (find, _) in RULES[kind].items())
        rule, schema = next(((rule, schema) for rule, schema in found if schema), ("none", "-"))
        if kind == "response" and (document["id"], method["id"]) in CONTRADICTED:
            rule, schema = "none", "-"
        types.append(schema)
        rules.append(rule)
    return types, rules


def rows(documents, known):
    """Returns the rows by host and source, and the methods without a row."""
    found, untyped, counts = defaultdict(lambda: defaultdict(set)), [], Counter()
    for (host, verb, path), (response, metadata, rpc, proto) in known.table.items():
        package = proto_package(proto, response, metadata)
        names = [short(name, package) for name in (response, metadata)]
        found[host][f"{proto} {package}"].add(" ".join([verb, path, *names, rpc]))
    for document in documents:
        for method in protos.starts(document):
            host, verb, path = where = protos.place(document, method)
            if where in known.table:
                continue
            types, rules = by_rules(document, method, known)
            counts["without annotation"] += 1
            for kind, schema in zip(KINDS, types):
                counts[kind] += schema != "-"
            if types == ["-", "-"]:
                untyped.append((document["id"], method["id"]))
            else:
                found[host][f"rules {' '.join(rules)} -"].add(" ".join([verb, path, *types, method["id"]]))
    return found, untyped, counts


def proto_package(proto, *names):
    """Returns the package of most types: that of the directory, or that of the types with a full name."""
    directory = ".".join(proto.split("/")[:-1])
    packages = Counter(name.rsplit(".", 1)[0] for name in names if name and not name.startswith("google.protobuf."))
    return next(iter([directory] if any(name.startswith(directory + ".") for name in names) else packages), directory)


def short(name, package):
    if not name:
        return "-"
    return name[len(package):] if name.startswith(package + ".") else name


def text(found):
    lines = [HEAD]
    for host, sources in sorted(found.items()):
        lines.append(f"\n@ {host}\n")
        for source, its_rows in sorted(sources.items()):
            lines.append(f"> {source}\n")
            lines += [row + "\n" for row in sorted(its_rows)]
    return "".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table")
    parser.add_argument("--check", action="store_true", help="compare the table")
    parser.add_argument("--list", action="store_true", help="print untyped methods")
    parser.add_argument("--documents", default=protos.ROOT / "target/corpus/documents", help="the published documents")
    parser.add_argument("--protos", help="google-proto-files, unpacked")
    options = parser.parse_args()
    with protos.unpacked(options.protos) as directory:
        known = Known(protos.table(directory))
    documents = protos.documents(options.documents).values()
    counts, notes = measure(documents, known)
    precise = report(counts)
    report_compute(documents)
    found, untyped, by_rule = rows(documents, known)
    print(f"\nOf {by_rule['without annotation']} methods without an annotation, rules find the response of {by_rule['response']} "
          f"and the metadata of {by_rule['metadata']}.")
    if options.list:
        for row in notes:
            print(*row, sep=": ")
        for row in untyped:
            print("no rule:", *row)
    table = text(found)
    if options.write:
        TABLE.write_text(table)
    current = not options.check or TABLE.read_text() == table
    name = TABLE.relative_to(protos.ROOT)
    print(f"\n{name}: {len(known.table)} bindings in protos, {sum(map(len, (rows for its in found.values() for rows in its.values())))} rows")
    if not current:
        print(f"{name} is not current. Run this with --write.")
    if not precise:
        print("A rule has a precision of less than 99 %.")
    sys.exit(not (current and precise))


if __name__ == "__main__":
    main()
