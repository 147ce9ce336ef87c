"""Checks that each block of Rust is compiled and each block of shell lines is run.

tests/build/ compiles the Rust of README.md, docs/ and the READMEs of libraries. tools/new_user.py and tools/guides.py run the
shell lines. In other documents, each paragraph of Rust is a quotation of a file of the repository. `<!-- not run: reason -->`
before a block of shell lines states why nothing runs it.
"""

import functools
import re

import markdown

COMPILED = re.compile(r"((generator/|runtime/)?README|docs/[\w-]+)\.md")
RUN = re.compile(r"(README|docs/[\w-]+)\.md")
# Crates whose documents the generator writes.
GENERATED = ("generated/", "examples/own-crate/translate-client/")
SHELL = {"sh", "bash", "shell", "console"}
# First words of command lines.
COMMAND = re.compile(r"(\$ |[A-Z_]+=\S+ )?(cargo|gapi|git|tools/|\.ci/|python3|pip|npm|rustup|gcloud|cd|curl) ")
KNOWN = {"rust", "toml", "json", "text", "yaml", "http", "markdown", *SHELL}


def findings(root, files):
    found = []
    sources = functools.cache(lambda: [compact((root / path).read_text()) for path in files if path.suffix == ".rs"])
    for path in files:
        # rustdoc compiles the examples of documents in runtime/src/.
        if path.suffix == ".md" and not str(path).startswith((*GENERATED, "runtime/src/")):
            for block in markdown.blocks((root / path).read_text()):
                found += [f"{path}:{block.line}: {problem}" for problem in check(str(path), block, sources)]
    return found


def compact(code):
    """Returns code without white space."""
    return re.sub(r"\s", "", code)


def check(path, block, sources):
    """Returns the problems of a block. `sources` returns the code of the repository without white space."""
    if block.language not in KNOWN:
        return [f"a block of code has the language {block.language!r}"]
    if block.language == "rust" and not COMPILED.fullmatch(path):
        quotations = [compact(paragraph) for paragraph in block.text.split("\n\n")]
        if not all(any(quotation in source for source in sources()) for quotation in quotations):
            return ["nothing compiles this Rust, and no file has it"]
    reason = re.match(r"not run: (.+)", block.comment, re.S)
    if block.language in SHELL and not RUN.fullmatch(path) and not reason:
        return ["nothing runs these lines"]
    # Other blocks show output, also that of a command after `$`.
    if block.language == "text" and not reason:
        lines = block.text.splitlines()
        if lines and COMMAND.match(lines[0]) and not (lines[0].startswith("$ ") and len(lines) > 1):
            return ["command lines are in a block of text, and nothing runs them"]
    return []
