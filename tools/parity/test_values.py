"""Tests the values in recordings. Run by: python3 -m unittest discover -s tools/parity"""

import base64
import re
import unittest

import documents
import nasty
import patterns
import values
import variants

SCHEMAS = {
    "Tree": {"type": "object", "properties": {
        "name": {"type": "string", "readOnly": True},
        "child": {"$ref": "Tree"},
        "children": {"type": "array", "items": {"$ref": "Tree"}},
        "byName": {"type": "object", "additionalProperties": {"$ref": "Tree"}},
        "nothing": {"$ref": "Nothing"},
        "count": {"type": "string", "format": "int64"},
        "data": {"type": "string", "format": "byte"},
        "size": {"type": "integer", "format": "int32", "minimum": "3", "maximum": "9"},
        "kind": {"type": "string", "enum": ["A", "B"]},
        "rows": {"type": "array", "items": {"type": "array", "items": {"type": "any"}}},
    }},
    "Nothing": {"type": "object", "properties": {}},
}


class Patterns(unittest.TestCase):
    # One of each form that published documents have.
    ALL = [
        r"^projects/[^/]+/locations/[^/]+$", r"^organizations/[^/]+/.*$", r"^.*$", r"(?i)(url:|origin:)?http(s)?://.*",
        r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?|[1-9][0-9]{0,19}", r"\w[\w.-]{0,254}", r"(\w{3})-(\d\d)", r".{36}",
        r"[a-zA-Z0-9_]+((\.|-)[a-zA-Z0-9_]+)?", r"([^:]+:[^,]+,)*([^:]+:[^,]+)", r"[0-9]{0,20}?", r"\d+|~all",
    ]

    def test_texts_satisfy_their_pattern(self):
        for pattern in self.ALL:
            for number in range(50):
                plain = patterns.text_for(pattern, ("method", str(number)))
                awkward = patterns.text_for(pattern, ("method", str(number)),
                                            lambda *key: nasty.nasty_parameter(*key, filled=True))
                self.assertRegex(plain, re.compile(f"^(?:{pattern.replace('(?i)', '')})$", re.I))
                self.assertIsNotNone(re.match(pattern, awkward), (pattern, awkward))

    def test_what_cannot_be_satisfied_is_said(self):
        for pattern in (r"a\bb", r"(?=x)y"):
            with self.assertRaises(patterns.NoText):
                patterns.text_for(pattern, ("method",))

    def test_awkward_texts_pass_through_open_places(self):
        texts = {patterns.text_for(r"^a/[^/]+$", (str(number),), nasty.nasty_text) for number in range(500)}
        self.assertIn("a/100%", texts)
        self.assertIn("a/ab", texts)  # the parts of "a/b" that the pattern allows


class Parameters(unittest.TestCase):
    def test_a_repeated_one_has_two_values(self):
        for number in range(50):
            first, second = values.parameter(f"method{number}", "kind", {
                "type": "string", "repeated": True, "enum": ["A", "B"], "location": "query"})
            self.assertNotEqual(first, second)

    def test_types_are_those_of_the_document(self):
        kinds = {"integer": int, "number": float, "boolean": bool, "string": str, "object": str}
        for kind, expected in kinds.items():
            self.assertIs(type(values.parameter("method", "name", {"type": kind, "location": "query"})), expected)

    def test_limits_are_kept(self):
        for number in range(50):
            value = values.parameter(f"method{number}", "size", {
                "type": "integer", "format": "uint32", "minimum": "1", "maximum": "1000", "location": "query"})
            self.assertTrue(1 <= value <= 1000, value)


class Bodies(unittest.TestCase):
    def setUp(self):
        self.body = values.body(SCHEMAS, "method", {"$ref": "Tree"})

    def test_every_member_to_the_third_level(self):
        self.assertEqual(set(self.body), set(SCHEMAS["Tree"]["properties"]))
        third = self.body["child"]["children"][1]
        # Trees below it are omitted, but messages without members are not.
        self.assertEqual(set(third), {"name", "nothing", "count", "data", "size", "kind", "rows"})
        self.assertEqual(len(self.body["children"]), 2)
        self.assertEqual(len(self.body["byName"]), 2)

    def test_formats(self):
        self.assertEqual(str(int(self.body["count"])), self.body["count"])
        base64.b64decode(self.body["data"], validate=True)
        self.assertTrue(3 <= self.body["size"] <= 9)
        self.assertIn(self.body["kind"], ["A", "B"])

    def test_the_same_every_time_and_another_for_another_method(self):
        self.assertEqual(self.body, values.body(SCHEMAS, "method", {"$ref": "Tree"}))
        self.assertNotEqual(self.body, values.body(SCHEMAS, "other", {"$ref": "Tree"}))


class Calls(unittest.TestCase):
    DOCUMENT = {
        "id": "x:v1", "schemas": SCHEMAS,
        "parameters": {"key": {"type": "string", "location": "query"}},
        "methods": {"get": {
            "id": "x.get", "path": "{+key}", "httpMethod": "GET", "response": {"$ref": "Tree"},
            "parameters": {"key": {"type": "string", "location": "path", "required": True, "pattern": "^k/[^/]+$"},
                           "userip": {"type": "string", "location": "query"},
                           "odd": {"type": "string", "location": "query", "pattern": "(?=x)y"}}}}}

    def calls(self):
        method, = documents.methods(self.DOCUMENT)
        return {call.variant: call for call in variants.calls(SCHEMAS, method)}

    def test_a_path_parameter_is_not_that_of_the_whole_api(self):
        arguments = self.calls()["std"].arguments
        self.assertEqual(set(arguments["path"]), {"key"})
        self.assertEqual(arguments["query"], {})

    def test_a_parameter_without_a_value_is_a_problem_of_the_call(self):
        calls = self.calls()
        self.assertIsNone(calls["min"].problem)
        self.assertIn("no value", calls["full"].problem)
        self.assertNotIn("body-only", calls)


if __name__ == "__main__":
    unittest.main()
