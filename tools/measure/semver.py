#!/usr/bin/env python3
"""Compares the verdicts of `gapi diff` with cargo-semver-checks on the generated crates.

    tools/measure/semver.py                 the five services, forwards and backwards
    tools/measure/semver.py spanner.v1      these documents only
    tools/measure/semver.py --fixtures      the pairs of generator/tests/pairs, both ways
    tools/measure/semver.py --install       only installs cargo-semver-checks

The documents are those of four versions of google-api-python-client (tools/versions.py). Of each document, every version is
compared with the next one that differs, and the first with the last. Each of these pairs is also compared backwards, so that added
items are removed. Both tools report whether a change is breaking, and by which rule for which item. Findings of rules that are lints
of cargo-semver-checks are compared one by one. Ends with a table, and with status 1 if the tools disagree on a finding, or disagree
without a reason on whether a change is breaking.

cargo-semver-checks is installed into target/tools if it is missing.
"""

import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import program  # noqa: E402
import versions  # noqa: E402

WORK = ROOT / "target" / "semver"
TOOLS = ROOT / "target" / "tools"
RELEASE = "0.51.0"
# Breaking changes without a lint in cargo-semver-checks 0.51.
BEYOND = {
    "alias_missing": "it has no lint for type aliases",
    "alias_changed": "it has no lint for type aliases",
    "argument_type_changed": "it does not compare types",
    "trait_argument_type_changed": "it does not compare types",
    "return_type_changed": "it does not compare types",
    "field_type_changed": "it does not compare types",
    "arguments_reordered": "it does not compare the names of arguments",
    "marker_missing": "it has no lint for implementations of a trait",
}
# Our rules for findings that cargo-semver-checks reports with another lint: the function has another number of arguments.
BESIDE = {"required_parameter_added", "required_parameter_missing"}


def run(*command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)


def checked(*command, **options):
    done = run(*command, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def installed():
    """Returns cargo-semver-checks, which it installs if it is missing."""
    checks = TOOLS / "bin" / "cargo-semver-checks"
    if not checks.exists():
        # It runs for seconds, most of them in these packages. An optimized build of all packages takes minutes longer than it saves.
        hot = ["serde_json", "trustfall", "trustfall-rustdoc-adapter", "trustfall_core", "trustfall_rustdoc"]
        options = [word for name in hot for word in ("--config", f"profile.dev.package.{name}.opt-level=1")]
        environment = os.environ | {"CARGO_PROFILE_DEV_DEBUG": "0"}
        checked("cargo", "install", "-q", "--debug", "cargo-semver-checks", "--version", RELEASE, "--locked", "--root",
                TOOLS, *options, env=environment)
    return checks


class Crates:
    """Generates the rustdoc output of a crate for each document."""

    def __init__(self, generator):
        self.generator = generator
        self.made = {}

    def rustdoc(self, document):
        if document not in self.made:
            self.made[document] = self.make(document, WORK / "rustdoc" / f"{len(self.made)}.json")
        return self.made[document]

    def make(self, document, out):
        crate = WORK / "crate"
        shutil.rmtree(crate, ignore_errors=True)
        checked(self.generator, "generate", document, "--out", crate / "src")
        modules = sorted(path.stem for path in (crate / "src").glob("*.rs"))
        (crate / "src" / "lib.rs").write_text("".join(f"pub mod {module};\n" for module in modules))
        (crate / "Cargo.toml").write_text(f"""[package]
name = "client"
version = "1.0.0"
edition = "2024"
[dependencies]
gapi-runtime = {{ path = "{ROOT / 'runtime'}", default-features = false }}
[workspace]
""")
        shutil.copy(ROOT / "Cargo.lock", crate)
        # The JSON output of rustdoc is unstable, but cargo-semver-checks reads it.
        environment = os.environ | {"RUSTC_BOOTSTRAP": "1", "CARGO_TARGET_DIR": str(WORK / "target")}
        checked("cargo", "rustdoc", "-q", "--lib", "--", "-Zunstable-options", "--output-format", "json", "--cap-lints",
                "allow", cwd=crate, env=environment)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(WORK / "target" / "doc" / "client.json", out)
        return out


def short(lint, path):
    """Returns the last two segments of a path, or only the last one, as some lints print it."""
    path = re.sub(r"^client(::\w+)?::", "", path.replace("r#", ""))
    one = lint in ("pub_module_level_const_missing", "type_marked_deprecated")
    return "::".join(path.split("::")[-1 if one else -2:])


def is_major(lint):
    return not lint.endswith("_marked_deprecated")


# The format of cargo-semver-checks' findings.
FORMS = [
    (re.compile(r"field (\w+) of struct (\w+)"), r"\2::\1"),
    (re.compile(r"field (\w+)\.(\w+)"), r"\1::\2"),
    (re.compile(r"method (\w+) (?:of|in) trait ([\w:]+)"), r"\2::\1"),
    (re.compile(r"(?:mod|[Ss]truct|[Ee]num|trait|variant|method|type) ([\w:]+)"), r"\1"),
    (re.compile(r"([\w:]+)"), r"\1"),
]


def theirs(checks, old, new):
    """Returns the findings of cargo-semver-checks: lint and item."""
    done = run(checks, "semver-checks", "--baseline-rustdoc", old, "--current-rustdoc", new, "--release-type", "patch",
               "--color", "never")
    text = done.stdout
    if "Checking" not in done.stderr + text:
        sys.exit(f"cargo-semver-checks did not check:\n{done.stderr[-3000:]}")
    breaking = "semver requires new major version" in done.stderr + text
    found = collections.Counter()
    for lint, body in re.findall(r"^--- failure (\w+): .*?\n(.*?)(?=^--- |\Z)", text, re.M | re.S):
        for line in re.findall(r"^  (\S.*)$", body.split("Failed in:\n", 1)[1], re.M):
            form, replacement = next(each for each in FORMS if each[0].match(line))
            found[lint, short(lint, form.match(line).expand(replacement))] += 1
    # The trait with the setters of all calls has two paths, and is reported for each.
    found.update({key: -count // 2 for key, count in found.items() if key[0].startswith("trait_method_")})
    return breaking, found


def ours(generator, old, new):
    """Returns the verdict of `diff`, its findings that are lints, and its other breaking rules."""
    api = json.loads(checked(generator, "diff", old, new, "--format", "json"))
    found, beyond = collections.Counter(), collections.Counter()
    for change in (change for api in api["apis"] for change in api["changes"]):
        for finding in change["findings"]:
            if finding["is_lint"]:
                found[finding["rule"], short(finding["rule"], finding["item"])] += 1
            elif finding["verdict"] == "breaking" and finding["rule"] not in BESIDE:
                beyond[finding["rule"]] += 1
    return api["verdict"] == "breaking", found, beyond


def pairs_of(name):
    """Returns the pairs of versions: each with the next one that differs, the first with the last, and backwards."""
    distinct = []
    for directory in versions.fetch():
        path = directory / f"{name}.json"
        if path.exists() and (not distinct or path.read_bytes() != distinct[-1].read_bytes()):
            distinct.append(path)
    forwards = list(zip(distinct, distinct[1:]))
    if len(distinct) > 2:
        forwards.append((distinct[0], distinct[-1]))
    for old, new in forwards:
        yield f"{name} {old.parent.name} {new.parent.name}", old, new
        yield f"{name} {new.parent.name} {old.parent.name}", new, old


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("documents", nargs="*", default=sorted(path.stem for path in (ROOT / "discovery").glob("*.json")))
    parser.add_argument("--fixtures", action="store_true")
    parser.add_argument("--install", action="store_true")
    arguments = parser.parse_args()
    if arguments.install:
        print(installed().relative_to(ROOT))
        return
    if arguments.fixtures:
        directories = sorted(path.parent for path in (ROOT / "generator" / "tests" / "pairs").glob("*/old.json"))
        pairs = []
        for directory in directories:
            old, new = directory / "old.json", directory / "new.json"
            pairs += [(directory.name, old, new), (f"{directory.name}, backwards", new, old)]
    else:
        pairs = [pair for name in arguments.documents for pair in pairs_of(name)]
    generator, checks = program.gapi(), installed()
    crates, failures, agreed, same, beyond_only = Crates(generator), [], 0, 0, []
    breaking_pairs, strict_pairs, strict_agreed = 0, 0, 0
    print(f"{'pair':<52} {'diff':<9} {'checks':<9} {'both find':>9} {'only diff':>9} {'only checks':>11}  beyond")
    for name, old, new in pairs:
        we_say, our, beyond = ours(generator, old, new)
        they_say, their = theirs(checks, crates.rustdoc(old), crates.rustdoc(new))
        only_our, only_their = our - their, their - our
        both = sum((our & their).values())
        same += both
        breaking_pairs += they_say
        # Structs gain fields in nearly every pair. Without these findings, more disagreements are visible.
        strict = [any(is_major(lint) and lint != "constructible_struct_adds_field" for lint, _ in found)
                  for found in (our, their)]
        strict_agreed += strict[0] == strict[1]
        strict_pairs += strict[1]
        say = {True: "breaking", False: "not"}
        print(f"{name:<52} {say[we_say]:<9} {say[they_say]:<9} {both:>9} {sum(only_our.values()):>9} "
              f"{sum(only_their.values()):>11}  {', '.join(f'{rule} {count}' for rule, count in beyond.items())}", flush=True)
        for what, found in (("only diff", only_our), ("only cargo-semver-checks", only_their)):
            failures += [f"{name}: {what}: {lint} {item} ({count})" for (lint, item), count in sorted(found.items())]
        if we_say == they_say:
            agreed += 1
        elif we_say and beyond and not any(rule not in BEYOND for rule in beyond):
            beyond_only.append(name)
        else:
            failures.append(f"{name}: diff says {say[we_say]}, cargo-semver-checks says {say[they_say]}")
    print(f"{len(pairs)} pairs, {breaking_pairs} of them breaking: on breaking or not they agree in {agreed}, and in "
          f"{len(beyond_only)} it is a rule that cargo-semver-checks has no lint for: {', '.join(beyond_only) or 'none'}")
    print(f"by lints other than constructible_struct_adds_field {strict_pairs} are breaking; they agree in {strict_agreed}")
    print(f"findings of both: {same}; of one of them only: {len(failures)}")
    for failure in failures[:60]:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
