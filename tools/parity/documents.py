"""Reads a Discovery document as plain data: the arguments that each of its methods accepts."""

import json
import typing

# Query parameters that the Python client accepts for every method, listed or not.
UNLISTED_EVERYWHERE = ("trace", "pp", "userip", "strict")
PAGE_TOKENS = ("pageToken", "nextPageToken")


class Wrong(Exception):
    """An error: the file is not a readable Discovery document of an API."""


class Paging(typing.NamedTuple):
    """The place of the page token of a method."""
    in_response: str
    in_request: str
    is_parameter: bool
    schema: dict  # of the member in the response


class Method(typing.NamedTuple):
    id: str
    resources: tuple  # the names of its resources
    name: str
    verb: str
    parameters: dict  # its own parameters, by wire name
    api_wide: dict    # the API-wide parameters that its own do not replace
    request: dict     # a schema, or None
    upload: dict      # the member mediaUpload, or None
    download: bool
    paging: Paging    # or None


def read(path):
    """Returns the text of a document and its JSON."""
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
    except (OSError, ValueError) as problem:
        raise Wrong(f"{path}: cannot be read: {problem}") from problem
    if not isinstance(document, dict) or document.get("kind") != "discovery#restDescription":
        kind = document.get("kind") if isinstance(document, dict) else None
        raise Wrong(f"{path}: is not the description of a REST API (kind {kind!r})")
    _demand(document, path, "id", "rootUrl", "servicePath")
    return text, document


def _demand(description, whose, *names):
    missing = [name for name in names if not isinstance(description.get(name), str)]
    if missing:
        raise Wrong(f"{whose}: has no {', '.join(missing)}")


def methods(document):
    """Returns all methods of a document, sorted by id."""
    return sorted(_methods_of(document, document, ()), key=lambda method: method.id)


def _methods_of(document, resource, names):
    for name, description in resource.get("methods", {}).items():
        yield _method(document, description, names, name)
    for name, child in resource.get("resources", {}).items():
        yield from _methods_of(document, child, (*names, name))


def _method(document, description, resources, name):
    _demand(description, f"{document['id']}: {'.'.join((*resources, name))}", "id", "path", "httpMethod")
    everywhere = document.get("parameters", {})
    # One published document lists the API-wide parameters, and the unlisted ones, as those of a method. A path
    # parameter with one of these names belongs to the method.
    own = {key: parameter for key, parameter in sorted(description.get("parameters", {}).items())
           if parameter.get("location") == "path" or key not in everywhere and key not in UNLISTED_EVERYWHERE}
    takes_body = description["httpMethod"] in ("POST", "PUT", "PATCH")
    return Method(
        id=description["id"], resources=resources, name=name, verb=description["httpMethod"], parameters=own,
        api_wide={key: parameter for key, parameter in sorted(everywhere.items()) if key not in own},
        request=description.get("request") if takes_body else None,
        upload=description.get("mediaUpload"), download=description.get("supportsMediaDownload", False),
        paging=_paging(document, description))


def _paging(document, description):
    """Returns the paging of a method by the Python client's rule for `…_next`."""
    response = _properties(document, description.get("response"))
    in_response = _token(response)
    of_parameters = _token(description.get("parameters", {}))
    of_body = _token(_properties(document, description.get("request")))
    if not in_response or not (of_parameters or of_body):
        return None
    return Paging(in_response, of_parameters or of_body, bool(of_parameters), response[in_response])


def _token(members):
    return next((name for name in PAGE_TOKENS if name in members), None)


def _properties(document, schema):
    return resolve(document.get("schemas", {}), schema or {}).get("properties", {})


def resolve(schemas, schema):
    """Returns the schema of a `$ref`, or the schema itself."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"]]
    return schema
