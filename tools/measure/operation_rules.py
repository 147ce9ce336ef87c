"""Rules that find the types of an operation without an annotation. Each returns a schema of the document, or None."""

import re

from operation_protos import folded, methods, place, schema_of, unversioned

NAME = r"`?(?:[a-z][\w.]*\.)?([A-Z]\w+)`?"
VERSION = re.compile(r"v\d\w*")


def verb_of(method):
    return method["id"].rsplit(".", 1)[-1]


def body_of(method):
    return method.get("request", {}).get("$ref")


def stem_of(method):
    """Returns `Foo` if the body of a method is a `FooRequest`."""
    body = body_of(method) or ""
    return body.removesuffix("Request") if body.endswith("Request") else None


def schema_like(document, name):
    """Returns the schema with this name: its id, or the only one that ends in it after other words."""
    ends = [schema for schema in document.get("schemas", {}) if re.search(rf"(?:^|[a-z0-9]|_){re.escape(name)}$", schema)]
    # If there are `OperationMetadata` and `GoogleCloudVisionV1OperationMetadata`, either one is possible.
    has_version = any(re.search(rf"V\d\w*{re.escape(name)}$", schema) for schema in ends)
    if name in ends and not has_version:
        return name
    return ends[0] if len(ends) == 1 else None


def neighbors(document, method):
    """Returns the other methods of the same resource, by name."""
    index = document.get("neighbors")
    if index is None:
        index = document["neighbors"] = {}
        for other in methods(document):
            resource, name = other["id"].rsplit(".", 1)
            index.setdefault(resource, {})[name] = other
    others = index.get(method["id"].rsplit(".", 1)[0], {})
    return {name: other for name, other in others.items() if other is not method}


def resource_of(document, method):
    """Returns the schema that `get` of the same resource returns."""
    return neighbors(document, method).get("get", {}).get("response", {}).get("$ref")


def writes(method):
    return verb_of(method) in ("create", "insert", "patch", "update")


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


def described(kind):
    def rule(document, method, known):
        text = " ".join(method.get("description", "").split())
        names = {match for pattern in PROSE[kind] for match in re.findall(pattern, text)}
        schemas = {schema_like(document, name) for name in names} - {None}
        found = schemas.pop() if len(schemas) == 1 else None
        # Some descriptions name the resource although the response is a separate message.
        is_doubtful = kind == "response" and not writes(method) and found == resource_of(document, method)
        return None if is_doubtful else found
    return rule


def body(document, method, known):
    found = body_of(method)
    return found if writes(method) and found == resource_of(document, method) else None


def delete(document, method, known):
    if verb_of(method) != "delete" or method["httpMethod"] != "DELETE" or neighbors(document, method).get("get"):
        return None
    ends = [name for name in document.get("schemas", {}) if folded(name) in ("empty", "googleprotobufempty")]
    return ends[0] if len(ends) == 1 else None


def other_deletes(document, method, known):
    if verb_of(method) != "delete":
        return None
    others = {where: row for where, row in known.of_document(document).items() if where[1] == "DELETE"}
    others.pop(place(document, method), None)
    types = {row[0] for row in others.values()}
    return schema_of(document, types.pop()) if types == {"google.protobuf.Empty"} and len(others) > 1 else None


def named_response(document, method, known):
    name = f"{stem_of(method)}Response"
    return name if name in document.get("schemas", {}) else None


def named_metadata(document, method, known):
    stem = stem_of(method)
    if not stem:
        return None
    schemas = document.get("schemas", {})
    if f"{stem}Metadata" in schemas:
        return schema_like(document, f"{stem}Metadata")
    general = any(folded(name).endswith("operationmetadata") and name != f"{stem}OperationMetadata" for name in schemas)
    return None if general else schema_like(document, f"{stem}OperationMetadata")


def only_metadata(document, method, known):
    found = [name for name in document.get("schemas", {}) if re.search(r"Metadata(?:V\d\w*)?$", name)]
    return found[0] if len(found) == 1 and re.search(r"Op(?:eration)?Metadata", found[0]) else None


def general_metadata(document, method, known):
    schemas = document.get("schemas", {})
    others = [name for name in schemas if re.search(r"Metadata(?:V\d\w*)?$", name) and name != "OperationMetadata"]
    is_alone = not any("operation" in schemas[name].get("description", "").lower() for name in others)
    # Other methods may have separate messages, which the document lacks.
    is_whole = writes(method) or method["httpMethod"] == "DELETE" or named_response(document, method, known)
    return "OperationMetadata" if "OperationMetadata" in schemas and is_alone and is_whole else None


def version_of(where):
    return next(iter(VERSION.findall(where[2].split("/")[0])), "")


def other_version(index):
    def rule(document, method, known):
        where = place(document, method)
        versions = known.versions.get(unversioned(where), {})
        types = set()
        for other, row in versions.items():
            if other != where:
                # The package of this version.
                parts = [version_of(where) if VERSION.fullmatch(part) else part for part in row[index].split(".")]
                types.add(".".join(parts))
        name = types.pop() if len(types) == 1 else ""
        # These differ between versions.
        if not name or name.startswith("google.protobuf.") or re.search(r"V\d\w*$", name) or where[1] == "DELETE":
            return None
        if index and name.endswith("OperationMetadata"):
            # A general type is that of other methods, too.
            own = {row[index] for other, row in known.of_document(document).items() if other != where}
            if own and name not in own:
                return None
        return schema_of(document, name)
    return rule


def all_others(index):
    def rule(document, method, known):
        rows = dict(known.of_document(document))
        rows.pop(place(document, method), None)
        types = {row[index] for row in rows.values()}
        return schema_of(document, types.pop()) if len(types) == 1 and len(rows) > 2 else None
    return rule


# The first rule that finds a schema decides. The explanations are printed.
RULES = {
    "response": {
        "version": (other_version(0), "the same method of another version is annotated so, and does not delete"),
        "description": (described("response"), "the description names it"),
        "resource": (body, "the method creates or updates the body, and `get` returns it"),
        "request": (named_response, "the body is a `FooRequest`, and there is a `FooResponse`"),
        "deletes": (other_deletes, "all other annotated methods of the document that delete return nothing"),
        "delete": (delete, "the method deletes something without a `get`"),
    },
    "metadata": {
        "version": (other_version(1), "the same method of another version is annotated so"),
        "description": (described("metadata"), "the description names it"),
        "document": (all_others(1), "all other annotated methods of the document have it"),
        "request": (named_metadata, "the body is a `FooRequest`, and there is a `FooMetadata`"),
        "only": (only_metadata, "the document has no other metadata"),
        "general": (general_metadata, "the document has `OperationMetadata` and no other metadata of operations, and the method is "
                                       "create, update or delete, or has its `FooResponse`"),
    },
}


class Known:
    """The annotated methods."""

    def __init__(self, table):
        self.table, self.versions = table, {}
        for where, row in table.items():
            self.versions.setdefault(unversioned(where), {})[where] = row

    def of_document(self, document):
        """Returns the annotated methods of a document."""
        if "annotated" not in document:
            places = {place(document, method) for method in methods(document)}
            document["annotated"] = {where: self.table[where] for where in places if where in self.table}
        return document["annotated"]
