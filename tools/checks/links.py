"""Checks that links lead to files and headings that exist, and that code names documents that exist."""

import re
import urllib.parse

import markdown

# Documents named in comments and messages of source code.
NAMED = re.compile(r"(?<![\w/.-])((?:docs|tests|discovery|examples|tools)/[\w./-]+\.md)\b")


def findings(root, files):
    found = []
    for path in files:
        text = (root / path).read_text()
        if path.suffix == ".md":
            found += [f"{path}:{line}: {problem}" for line, target in markdown.links(text)
                      if (problem := check(root, path, target))]
        # The tests of the checks name files that do not exist.
        elif path.suffix in (".rs", ".py", ".toml", ".yml", "") and not path.name.startswith("test_"):
            found += [f"{path}:{text.count(chr(10), 0, match.start()) + 1}: there is no {match[1]}"
                      for match in NAMED.finditer(text) if not (root / match[1]).is_file()]
    return found


def check(root, path, target):
    """Returns the problem of a link, if it has one. Addresses on the web are not requested."""
    if re.match(r"[a-z]+:", target):
        return None if re.match(r"(https://[\w.-]+\.\w+|mailto:)", target) else f"{target} is not an https address"
    name, _, fragment = target.partition("#")
    file = (root / path).parent / urllib.parse.unquote(name) if name else root / path
    if not file.exists():
        return f"there is no {target}"
    if not file.resolve().is_relative_to(root):
        return f"{target} is outside of the repository"
    if fragment and (file.suffix != ".md" or fragment not in markdown.anchors(file.read_text())):
        return f"{name or path.name} has no heading #{fragment}"
    return None
