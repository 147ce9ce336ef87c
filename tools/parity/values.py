"""Creates values for parameters and bodies, from a document alone and the same every time.

A value depends on the id of the method and on its place. With `nasty`, unrestricted texts are awkward ones. Formats
and lists of values are respected.
"""

import functools

import patterns
from documents import resolve
from draws import draw, pick
from nasty import nasty_parameter, nasty_text

# The members of a body are filled to three levels. Deeper ones are omitted.
DEPTH = 3
# No schema nests arrays and maps deeper than this.
NESTING = 8
LEFT_OUT = object()

INTEGERS = {
    "int32": (0, 1, 42, -7, 2**31 - 1, -2**31),
    "uint32": (0, 1, 42, 70000, 2**31, 2**32 - 1),
    "int64": (0, 1, -42, 2**53 + 1, 2**63 - 1, -2**63),
    "uint64": (0, 1, 42, 2**53 + 1, 2**63, 2**64 - 1),
}
NUMBERS = {
    "double": (0.5, 2.0, -1.25, 3.141592653589793, 1e22, 1e-07, 123456.789, 0.1),
    # All of them are exact in 32 bits, or the shortest text of a 32-bit number.
    "float": (0.5, 2.0, -1.25, 1024.0625, 0.1, 16777216.0),
}
# Each list starts with the ordinary values.
TEXTS = {
    "byte": ("aGVsbG8=", "+/+/", "AA==", "5L2g5aW9"),
    "google-datetime": ("2024-02-29T23:59:59.123456789Z", "1970-01-01T00:00:00Z", "2038-01-19T03:14:07.5Z"),
    "date-time": ("2024-02-29T23:59:59.123Z", "1985-04-12T23:20:50Z", "1996-12-19T16:39:57-08:00"),
    "date": ("2024-02-29", "1970-01-01", "2038-01-19"),
    "google-duration": ("1.5s", "3600s", "0.000000001s", "-2.250s", "0s"),
    "google-fieldmask": ("displayName", "displayName,labels", "name,config.displayName"),
}
ANY = (True, 42, "text", 1.5, ["a", 1, False, None], {"key": "value", "more": {"deep": [1]}})


def parameter(method, name, description, nasty=False):
    """Returns the value of a parameter. For a repeated one, it is a list of two different values."""
    if not description.get("repeated"):
        return _parameter(method, name, description, nasty, 0)
    first = _parameter(method, name, description, nasty, 0)
    # If few values are allowed, another attempt may be needed to find a different one.
    others = (_parameter(method, name, description, nasty, number) for number in range(1, 30))
    return [first, next((other for other in others if other != first), first)]


def _parameter(method, name, description, nasty, number):
    key = (method, "?" + name, str(number))
    kind = description.get("type", "string")
    if kind == "boolean":
        return draw(2, *key) == 1
    if kind == "integer":
        return _integer(description, key)
    if kind == "number":
        return pick(NUMBERS[description.get("format", "double")], *key)
    # A text in a pattern or in a path is never empty.
    filled = description.get("location") == "path" or "pattern" in description
    awkward = functools.partial(nasty_parameter, filled=filled) if nasty else None
    return _text(description, name, key, awkward)


def body(schemas, method, schema, nasty=False):
    """Returns JSON of a schema, with every member to a depth of three."""
    return _Filler(schemas, method, nasty).fill(schema, "", "body", 0, 0)


class _Filler:
    def __init__(self, schemas, method, nasty):
        self.schemas = schemas
        self.method = method
        self.nasty = nasty

    def fill(self, schema, path, name, depth, nesting):
        """Returns the value of a member at `path`, or LEFT_OUT."""
        schema = resolve(self.schemas, schema)
        kind = schema.get("type")
        if nesting > NESTING:
            return LEFT_OUT
        if kind == "object":
            return self.object(schema, path, name, depth, nesting)
        if kind == "array":
            return self.array(schema, path, name, depth, nesting)
        key = (self.method, path)
        if kind == "boolean":
            return draw(2, *key) == 1
        if kind == "integer":
            return _integer(schema, key)
        if kind == "number":
            return pick(NUMBERS[schema.get("format", "double")], *key)
        if kind == "any":
            return pick(ANY, *key)
        return _text(schema, name, key, nasty_text if self.nasty else None)

    def object(self, schema, path, name, depth, nesting):
        if schema.get("format") == "google.protobuf.Any":
            return {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": name}
        if "additionalProperties" in schema:
            return self.map(schema["additionalProperties"], path, name, depth, nesting)
        properties = schema.get("properties", {})
        if properties and depth >= DEPTH:
            return LEFT_OUT
        members = ((member, self.fill(properties[member], f"{path}.{member}", member, depth + 1, nesting + 1))
                   for member in sorted(properties))
        return {member: value for member, value in members if value is not LEFT_OUT}

    def map(self, schema, path, name, depth, nesting):
        keys = [f"{name}-a", f"{name}-b"]
        if self.nasty:
            keys = [nasty_text(self.method, path, key) + key for key in keys]
        values = {key: self.fill(schema, f"{path}{{{number}}}", name, depth, nesting + 1)
                  for number, key in enumerate(keys)}
        return LEFT_OUT if LEFT_OUT in values.values() else values

    def array(self, schema, path, name, depth, nesting):
        items = [self.fill(schema["items"], f"{path}[{number}]", name, depth, nesting + 1) for number in range(2)]
        return LEFT_OUT if LEFT_OUT in items else items


def _text(schema, name, key, awkward):
    """Returns a string for a parameter or a body. `awkward` returns an awkward text if nothing restricts it."""
    pattern = schema.get("pattern")
    if schema.get("enum"):
        return pick(_allowed(tuple(schema["enum"]), pattern), *key)
    form = schema.get("format")
    if form in ("int64", "uint64"):
        return str(_integer(schema, key))
    if form in TEXTS:
        return pick(TEXTS[form], *key)
    if pattern:
        return patterns.text_for(pattern, key, awkward)
    return awkward(*key) if awkward else f"{name}-{draw(16**4, *key):04x}"


@functools.lru_cache(maxsize=None)
def _allowed(values, pattern):
    """Returns the values of a list that its pattern allows."""
    if not pattern:
        return values
    fitting = tuple(value for value in values if patterns.matches(pattern, value))
    if not fitting:
        raise patterns.NoText(f"no value for the pattern {pattern} among {', '.join(values)}")
    return fitting


def _integer(schema, key):
    """Returns an integer of the format, within the limits."""
    low, high = (schema.get(limit) for limit in ("minimum", "maximum"))
    low, high = (None if limit is None else int(limit) for limit in (low, high))
    fitting = [value for value in INTEGERS[schema.get("format", "int32")]
               if (low is None or value >= low) and (high is None or value <= high)]
    fitting += [limit for limit in (low, high) if limit is not None]
    return pick(fitting, *key)
