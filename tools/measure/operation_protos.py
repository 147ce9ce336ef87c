"""Reads `google.longrunning.operation_info` from Google's protos."""

import json
import re
import subprocess
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "google-proto-files@5.0.3"


@contextmanager
def unpacked(directory=None):
    """Returns a directory with the protos: the one of the user, or a temporary one."""
    if directory:
        yield Path(directory)
        return
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=temporary, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["tar", "xzf", *Path(temporary).glob("*.tgz")], cwd=temporary, check=True)
        yield Path(temporary)


def shape(path):
    """Normalizes a path: `/v1/{name=projects/*}:go` and `v1/projects/{projectsId}:go` -> `v1/projects/*:go`."""
    path = re.sub(r"\{[\w.]+=([^}]*)\}", r"\1", path.lstrip("/"))
    return re.sub(r"\{[^}]*\}|\*\*", "*", path)


def without_comments(text):
    """Returns a proto with joined strings and without comments."""
    tokens = r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/'
    text = re.sub(tokens, lambda token: token[0] if token[0].startswith('"') else " ", text, flags=re.S)
    return re.sub(r'"\s*\n\s*"', "", text)


def block(text, start):
    """Returns the text inside the braces that open at or after `start`."""
    opened = text.find("{", start)
    depth, at, quoted = 0, opened, False
    while opened >= 0 and at < len(text):
        letter = text[at]
        if letter == '"' and text[at - 1] != "\\":
            quoted = not quoted
        elif not quoted and letter in "{}":
            depth += 1 if letter == "{" else -1
            if depth == 0:
                return text[opened + 1:at]
        at += 1
    return ""


def full_name(package, name):
    """Returns the full name of a message. A name without dots belongs to the package."""
    return name if "." in name or not name else f"{package}.{name}"


def bindings(rpc):
    """Returns verb and path of all bindings of an rpc."""
    found = re.findall(r'\b(get|put|post|delete|patch):\s*"([^"]+)"', rpc)
    found += re.findall(r'kind:\s*"(\w+)"\s*path:\s*"([^"]+)"', rpc)
    return [(verb.upper(), shape(path)) for verb, path in found]


def annotated(directory):
    """Yields the annotated rpcs: host, verb, path, response, metadata, rpc and proto."""
    directory = Path(directory)
    for path in sorted(directory.rglob("*.proto")):
        text = path.read_text(errors="replace")
        package = re.search(r"^package ([\w.]+);", text, re.M)
        if not package or "operation_info" not in text:
            continue
        proto = path.relative_to(directory).as_posix().removeprefix("package/")
        host = service = None
        for part in re.split(r"\b(?=rpc\s+\w+\s*\(|service\s+\w+\s*\{)", without_comments(text)):
            begins = re.match(r"service\s+(\w+)", part)
            if begins:
                named = re.search(r'default_host\)\s*=\s*"([^":]+)', part)
                service, host = begins.group(1), named and named.group(1)
            rpc = re.match(r"rpc\s+(\w+)", part)
            info = re.search(r"operation_info\)\s*=", part)
            if not rpc or not info or not host:
                continue
            stated, types = block(part, info.end()), []
            for field in ("response_type", "metadata_type"):
                value = re.search(field + r"""\s*:\s*["']([^"']*)["']""", stated)
                types.append(full_name(package.group(1), value.group(1).strip() if value else ""))
            for verb, binding in bindings(part):
                yield host, verb, binding, types[0], types[1], f"{service}.{rpc.group(1)}", proto


def table(directory):
    """Maps (host, verb, path) to (response, metadata, rpc, proto). Skips paths whose rpcs contradict each other."""
    found = defaultdict(dict)
    for host, verb, path, response, metadata, rpc, proto in annotated(directory):
        found[host, verb, path].setdefault((response, metadata), (rpc, proto))
    return {place: (*types, *source) for place, rows in found.items() if len(rows) == 1 for types, source in rows.items()}


def documents(directory):
    """Returns the documents of a directory by id."""
    texts = [json.loads(path.read_text()) for path in sorted(Path(directory).glob("*.json"))]
    return {text["id"]: text for text in texts if text.get("kind") == "discovery#restDescription"}


def methods(resource):
    """Yields the methods of a document or of a resource."""
    yield from resource.get("methods", {}).values()
    for child in resource.get("resources", {}).values():
        yield from methods(child)


def place(document, method):
    """Returns host, verb and path of a method, with `*` for variables."""
    path = document["servicePath"] + method.get("flatPath", method["path"])
    return document["rootUrl"].split("/")[2], method["httpMethod"], shape(path)


def unversioned(where):
    """Returns the place of the same method in any version."""
    host, verb, path = where
    return host, verb, re.sub(r"(^|/)v\d\w*(?=/|:|$)", r"\1v*", path)


AIP_151, COMPUTE = "AIP-151", "Compute"


def operations(document):
    """Returns the schemas that are operations, with their style."""
    found = {}
    for name, schema in document.get("schemas", {}).items():
        properties = schema.get("properties", {})
        if properties.get("done", {}).get("type") == "boolean" and {"name", "error", "response"} <= set(properties):
            found[name] = AIP_151
        elif {"operationType", "status", "selfLink", "error"} <= set(properties):
            found[name] = COMPUTE
    return found


def is_read(method):
    """Returns whether a method reads or awaits an operation. Other methods with GET may start one."""
    name = method["id"].rsplit(".", 1)[-1]
    return method["httpMethod"] == "GET" and name.startswith("get") or name in ("wait", "get")


def read_by(document):
    """Returns the operations that a method of the document reads. Others cannot be polled."""
    if "read" not in document:
        reading = [method for method in methods(document) if method["httpMethod"] == "GET" and is_read(method)]
        simple = [method for method in reading if all(
            parameter.get("location") == "path" for parameter in method.get("parameters", {}).values() if parameter.get("required"))]
        document["read"] = {method.get("response", {}).get("$ref") for method in simple} & set(operations(document))
    return document["read"]


def starts(document, style=AIP_151):
    """Yields the methods that start operations of this style."""
    shapes = {name for name, its_style in operations(document).items() if its_style == style}
    for method in methods(document):
        if method.get("response", {}).get("$ref") in shapes and not is_read(method):
            yield method


def folded(name):
    return re.sub(r"\W|_", "", name).lower()


def schema_of(document, name):
    """Returns the schema of a message: the longest suffix of its full name that is a schema, with or without the version."""
    schemas = document.get("folded")
    if schemas is None:
        schemas = document["folded"] = {folded(schema): schema for schema in document.get("schemas", {})}
    parts = name.split(".")
    for some in (parts, [part for part in parts if not re.fullmatch(r"v\d\w*", part)]):
        tails = (folded("".join(some[start:])) for start in range(len(some)))
        found = next((schemas[tail] for tail in tails if tail in schemas), None)
        if found:
            return found
    return None


# Messages that have a type, although they have no schema: JSON of any form, and nothing.
WELL_KNOWN = {"google.protobuf.Struct": "JSON", "google.protobuf.Any": "JSON", "google.protobuf.Value": "JSON",
              "google.protobuf.Empty": "nothing"}


def type_of(document, name):
    """Returns the type of a message: a schema, or a well-known type."""
    return name and (schema_of(document, name) or WELL_KNOWN.get(name))
