"""Tests of dependencies.py."""

import unittest

import dependencies

RULES = {"licenses": {"allow": ["MIT", "ISC"]}, "bans": {"skip": [{"crate": "old@0.2"}]}}


def package(name="a", version="1.0.0", license="MIT AND ISC", **others):
    return {"name": name, "version": version, "license": license, "source": dependencies.REGISTRY, "rust_version": None,
            "dependencies": [], **others}


def check(*packages):
    used = [package("old", "0.2.1"), package("old", "0.3.0")]
    return dependencies.check([*used, *packages], RULES, "1.91")


class Dependencies(unittest.TestCase):
    def test_allowed_packages(self):
        workspace = package("mine", source=None, dependencies=[{"name": "b", "req": "*", "path": "/b"}])
        self.assertEqual(check(package(), workspace, package("c", rust_version="1.91.1")), [])

    def test_licenses(self):
        for license, is_allowed in [("MIT", True), ("GPL-3.0", False), ("GPL-3.0 OR MIT", True), ("GPL-3.0/ISC", True),
                                    ("MIT AND GPL-3.0", False), ("(GPL-3.0 OR MIT) AND ISC", True),
                                    ("(MIT OR ISC) AND GPL-3.0", False), ("MIT WITH LLVM-exception", False),
                                    ("MIT WITH LLVM-exception OR ISC", True)]:
            with self.subTest(license):
                self.assertEqual(check(package(license=license)) == [], is_allowed)
        self.assertEqual(check(package(license=None)), ["a 1.0.0 states no license"])

    def test_sources(self):
        self.assertEqual(check(package(source="git+https://example.com")), ["a 1.0.0 comes from git+https://example.com"])

    def test_compilers(self):
        self.assertEqual(check(package(rust_version="1.100")), ["a 1.0.0 needs Rust 1.100, and the workspace states 1.91"])

    def test_stated_compilers(self):
        text = "The oldest supported Rust is 1.91. Rust 1.90 is too old, and rustc 1.95 is new."
        self.assertEqual(dependencies.stated(text, "1.91"), ["states Rust 1.90, and the workspace 1.91"])

    def test_wildcards(self):
        found = check(package(dependencies=[{"name": "b", "req": "*"}]))
        self.assertEqual(found, ["a 1.0.0 depends on any version of b"])

    def test_duplicates(self):
        self.assertEqual(check(package(), package(version="2.0.0")), ["a has the versions 1.0.0, 2.0.0"])
        # 0.20 is not 0.2.
        self.assertEqual(check(package("old", "0.20.0")), ["old has the versions 0.20.0, 0.3.0"])

    def test_rules_without_a_use(self):
        found = dependencies.check([package(license="MIT")], RULES, "1.91")
        self.assertEqual(found, ["no package has the license ISC, which deny.toml allows",
                                 "no package matches old@0.2 in deny.toml"])


if __name__ == "__main__":
    unittest.main()
