#!/usr/bin/env python3
"""Compares the types of operations with the pollers of google-cloud-rust.

    tools/measure/operation_peers.py                        the newest state of google-cloud-rust
    tools/measure/operation_peers.py --repository DIR       a clone, or its git directory
    tools/measure/operation_peers.py --compute-crate DIR    with another release of google-cloud-compute-v1

A poller of google-cloud-rust is found by the package of its protos, its service and its rpc. Those of Compute Engine are compared
with the methods of the document compute:v1 that start an operation (`tools/corpus.py --fetch`), and have to return the operation.
Ends with the differences, and with status 1 if one of them has no explanation here. git gets google-cloud-rust into
target/google-cloud-rust, and `npm` gets the protos.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import operation_protos as protos

REPOSITORY = "https://github.com/googleapis/google-cloud-rust"
CLONE = protos.ROOT / "target/google-cloud-rust"
POLLER = re.compile(r"impl google_cloud_lro::(?:Discovery)?Poller<([^{]*?)>\s*\{")
# The reasons for differences, by package or by package, service and rpc.
EXPLAINED = {
    "google.cloud.bigquery.v2": "a Job is not an operation",
    "google.cloud.dns.v1": "operations of another kind, see docs/operation-results.md",
    "google.cloud.ftp.v1": "its protos are newer than the package",
    "google.cloud.oracledatabase.v1.oracledatabase.refreshautonomousdatabase": "the rpc is newer than the package",
    "google.cloud.workloadidentity.v1": "it has no document, and its protos are newer than the package",
    "google.iam.v3.accesspolicies": "v3 has no document, and the protos are newer than the package",
    "google.showcase": "an API for tests",
}


def git(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], check=True, capture_output=True, text=True).stdout


def snake(name):
    """`BigtableInstanceAdmin` and `bigtable_instance_admin` -> `bigtableinstanceadmin`."""
    return name.replace("_", "").lower()


def pollers(repository):
    """Maps (package, service, rpc) to the types of a poller, as they are written there."""
    found = {}
    paths = git(repository, "ls-tree", "-r", "--name-only", "HEAD", "src/generated").splitlines()
    for path in (path for path in paths if path.endswith("/src/builder.rs")):
        package = ".".join(["google", *path.split("/")[2:-2]])
        try:
            text = git(repository, "show", f"HEAD:{path}")
        except subprocess.CalledProcessError:
            print(f"not read: {path}", file=sys.stderr)
            continue
        found.update(pollers_in(package, text))
    return found


def pollers_in(package, text):
    """Maps (package, service, rpc) to the types of the pollers in a `builder.rs`."""
    found = {}
    for service, body in re.findall(r"^pub mod (\w+) \{\n(.*?)^\}", text, re.M | re.S):
        call = None
        for line in re.finditer(r"^    pub struct (\w+)\(|" + POLLER.pattern, body, re.M | re.S):
            if line[1]:
                call = line[1]
            elif line[2]:
                found[package, snake(service), snake(call)] = " ".join(line[2].split())
    return found


COMPUTE = "google.cloud.compute.v1"


def compute_starts(document):
    """Returns service and name of the methods of a document that start an operation in the style of Compute Engine."""
    read = protos.read_by(document)
    found = (method for method in protos.starts(document, protos.COMPUTE) if method["response"]["$ref"] in read)
    return {tuple(map(snake, method["id"].split(".")[-2:])) for method in found}


def report_compute(theirs, document):
    """Prints how the pollers of Compute Engine compare. Returns whether each is there, with the operation as its result."""
    pollers_there = {(service, name): types for (package, service, name), types in theirs.items()
                     if package == COMPUTE}
    ours = compute_starts(document)
    operation = {key for key, types in pollers_there.items() if set(map(last, types.split(","))) == {"operation"}}
    print(f"Compute Engine: {len(pollers_there)} pollers there, {len(ours)} here, {len(pollers_there.keys() & ours)} of the same "
          f"methods; {len(operation)} there return the operation")
    for title, keys in (("only there", pollers_there.keys() - ours), ("only here", ours - pollers_there.keys()),
                        ("another result there", pollers_there.keys() - operation)):
        for key in sorted(keys):
            print(f"compute, {title}: {'.'.join(key)}")
    # A newer document has methods that an older state of google-cloud-rust does not have.
    return bool(pollers_there) and pollers_there.keys() <= ours and operation == pollers_there.keys()


def last(name):
    """Returns the message in a path or in a full name, folded."""
    name = name.strip().rstrip(",")
    if name in ("()", "wkt::Empty", "google.protobuf.Empty"):
        return "empty"
    return re.sub(r"\W|_", "", re.split(r"::|\.", name)[-1]).lower()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repository", help="google-cloud-rust")
    parser.add_argument("--protos", help="google-proto-files, unpacked")
    parser.add_argument("--compute-crate", help="google-cloud-compute-v1, unpacked, instead of that of the repository")
    parser.add_argument("--documents", default=protos.ROOT / "target/corpus/documents", help="the published documents")
    options = parser.parse_args()
    repository = options.repository or CLONE
    if not options.repository and not CLONE.exists():
        subprocess.run(["git", "clone", "--quiet", "--depth", "1", REPOSITORY, CLONE], check=True)
    theirs = pollers(repository)
    if options.compute_crate:
        theirs.update(pollers_in(COMPUTE, (Path(options.compute_crate) / "src/builder.rs").read_text()))
    document = json.loads((Path(options.documents) / "compute.v1.json").read_text())
    unexplained = not report_compute(theirs, document)
    theirs = {key: types for key, types in theirs.items() if key[0] != COMPUTE}
    ours = defaultdict(set)
    with protos.unpacked(options.protos) as directory:
        for *_, response, metadata, rpc, proto in protos.annotated(directory):
            package = ".".join(proto.split("/")[:-1])
            service, name = rpc.split(".")
            ours[package, snake(service), snake(name)].add((response, metadata))
    counts, rows = Counter(), []
    for key, types in sorted(theirs.items()):
        mine = ours.get(key)
        parts = re.split(r",\s*(?![^<]*>)", types)
        if not mine:
            counts["only there"] += 1
            rows.append((key, types, "not annotated"))
            continue
        said = {tuple(map(last, pair)) for pair in mine}
        if said == {tuple(last(part) for part in parts[:2])}:
            counts["equal"] += 1
        else:
            counts["different"] += 1
            rows.append((key, types, " or ".join(", ".join(pair) for pair in mine)))
    print(f"{len(theirs)} pollers outside of Compute Engine: {dict(counts)}")
    for key, types, mine in rows:
        name = ".".join(key)
        reason = next((reason for start, reason in EXPLAINED.items() if name.startswith(start)), None)
        unexplained |= reason is None
        print(f"{name} | {types} | {mine} | {reason or 'NOT EXPLAINED'}")
    sys.exit(unexplained)


if __name__ == "__main__":
    main()
