"""Tests of workflows.py."""

import unittest

import workflows

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Workflows(unittest.TestCase):
    def test_pinned(self):
        text = f"- uses: actions/checkout@{COMMIT} # v4.2.2\n  with:\n    persist-credentials: false\n- run: x@v1\n"
        self.assertEqual(workflows.check(text), [])

    def test_problems(self):
        text = f"- uses: a/b@v4\n  uses: a/c@{COMMIT}\n- uses: actions/checkout@{COMMIT} # v4\n"
        self.assertEqual(workflows.check(text), [
            "1: a/b is not pinned by its commit",
            "2: a/c has no comment with its version",
            "3: the checkout keeps its token",
        ])


if __name__ == "__main__":
    unittest.main()
