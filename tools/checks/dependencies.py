"""Checks the packages of Cargo.lock against deny.toml, without a network.

These are the rules of cargo-deny for licenses, sources and duplicates, and one more: no package needs a newer compiler than
the workspace does, which README.md states.
"""

import collections
import json
import re
import subprocess
import tomllib

REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"


def findings(root):
    command = ["cargo", "metadata", "--format-version=1", "--locked", "--all-features"]
    # No network is needed if the packages have been downloaded.
    for options in [["--offline"], []]:
        done = subprocess.run([*command, *options], cwd=root, capture_output=True, text=True)
        if done.returncode == 0:
            break
    if done.returncode != 0:
        return [f"Cargo.lock: {done.stderr.strip()}"]
    rules = tomllib.loads((root / "deny.toml").read_text())
    supported = tomllib.loads((root / "Cargo.toml").read_text())["workspace"]["package"]["rust-version"]
    found = [f"Cargo.lock: {text}" for text in check(json.loads(done.stdout)["packages"], rules, supported)]
    return found + [f"README.md: {text}" for text in stated((root / "README.md").read_text(), supported)]


def stated(text, supported):
    """Returns compilers that a text states and that are not the supported one."""
    others = set(re.findall(r"\bRust (?:is )?(1\.\d+)", text)) - {supported}
    return [f"states Rust {other}, and the workspace {supported}" for other in sorted(others)]


def check(packages, rules, supported):
    """Returns the violations of the rules, and rules that apply to no package."""
    found = []
    allowed = set(rules["licenses"]["allow"])
    used = set()
    for package in packages:
        name = f"{package['name']} {package['version']}"
        if package["source"] not in (None, REGISTRY):
            found.append(f"{name} comes from {package['source']}")
        if not package["license"]:
            found.append(f"{name} states no license")
        elif not is_allowed(package["license"], allowed, used):
            found.append(f"{name} has the license {package['license']}")
        if version(package["rust_version"] or "1") > version(supported):
            found.append(f"{name} needs Rust {package['rust_version']}, and the workspace states {supported}")
        found += [f"{name} depends on any version of {dependency['name']}" for dependency in package["dependencies"]
                  if dependency["req"] == "*" and not dependency.get("path")]
    found += [f"no package has the license {license}, which deny.toml allows" for license in sorted(allowed - used)]
    return found + duplicates(packages, rules["bans"]["skip"])


def duplicates(packages, skipped):
    """Returns crates with several versions that `skip` does not list, and entries of `skip` that match nothing."""
    versions = collections.defaultdict(list)
    for package in packages:
        versions[package["name"]].append(package["version"])
    matched = set()
    found = []
    for name, all_versions in sorted(versions.items()):
        entries = [entry["crate"] for entry in skipped if entry["crate"].partition("@")[0] == name]
        left = []
        for one in all_versions:
            entry = next((entry for entry in entries if matches(entry.partition("@")[2], one)), None)
            matched.add(entry)
            left += [] if entry else [one]
        if len(left) > 1:
            found.append(f"{name} has the versions {', '.join(sorted(left))}")
    return found + [f"no package matches {entry['crate']} in deny.toml" for entry in skipped if entry["crate"] not in matched]


def matches(requirement, one):
    """Returns whether a version has the numbers of the requirement: 0.22.1 matches 0.22."""
    wanted = requirement.split(".")
    return one.split(".")[:len(wanted)] == wanted


def version(text):
    return [int(part) for part in text.split(".")][:2]


def is_allowed(expression, allowed, used):
    """Evaluates an SPDX expression. Adds the licenses that make it true to `used`."""
    tokens = re.findall(r"[()]|[^\s()/]+|/", expression)
    position = 0

    def alternatives():
        nonlocal position
        result = conditions()
        while position < len(tokens) and tokens[position] in ("OR", "/"):
            position += 1
            # The right side is evaluated too, for `used` and to move on.
            result = conditions() or result
        return result

    def conditions():
        nonlocal position
        result = term()
        while position < len(tokens) and tokens[position] == "AND":
            position += 1
            result = term() and result
        return result

    def term():
        nonlocal position
        token = tokens[position]
        position += 1
        if token == "(":
            result = alternatives()
            position += 1
            return result
        if position < len(tokens) and tokens[position] == "WITH":
            token = f"{token} WITH {tokens[position + 1]}"
            position += 2
        if token in allowed:
            used.add(token)
        return token in allowed

    return alternatives()
