"""Checks the pages that rustdoc wrote in the step `docs` of CI.

1. Each public item that a user touches has an example. An *item* is a struct, enum, trait, type alias, macro or free function
   with a page, so nothing with `#[doc(hidden)]`. It has an example if there is one on its page, or if an example of the crate
   names it. A *function* is one that a type or a trait itself has. It has an example if there is one in its documentation, or
   if an example on its page or one that names the type calls it. Fields, variants and constants need none. An example is a
   compiled block of Rust. Hidden lines, comments and strings do not count, and neither do functions of implemented traits.
2. The text of the pages has no brackets that are not links, and no name of a private module.
3. Each feature that an item needs stands on a page, and no private feature does.
4. The README of each crate is its front page. Its links lead to pages that exist.
"""

import os
import re

import markdown
import rustdoc

COMMAND = "RUSTDOC=$PWD/tools/rustdoc cargo doc --no-deps --workspace --all-features"

# The directories of the libraries, and their names in Rust.
LIBRARIES = {"runtime": "gapi_runtime", "generator": "gapi_generator"}
# The generated crate, whose pages have the text of documents.
CLIENTS = "gapi"
# The output of a build script is needed to compile an example of these. tools/new_user.py has one.
UNTESTED = {"include_generated"}
# Names of private modules that documentation has in another sense: functions of calls, an id, an argument.
OTHER_SENSE = {"batch", "download", "upload", "package"}
# Text in brackets. `x` stands for code.
BRACKETS = re.compile(r"\[[^\[\]\n]+\]")
PRIVATE = re.compile(r"^(?:pub\([^)]*\) )?mod (\w+)", re.M)
PUBLIC = re.compile(r"^pub mod (\w+)", re.M)
# The condition of a public item.
GATED = re.compile(r"^\s*#\[cfg\(([^\]]*)\)\]\n(?:\s*(?:#\[[^\]]*\]|//[^\n]*)\n)*\s*pub (?!\()", re.M)
FEATURE = re.compile(r'feature = "([\w-]+)"')
DOCS_RS = re.compile(r"https://docs\.rs/[\w-]+/latest/([^#]+)")
FRONT_PAGE = re.compile(r'include_str!\("\.\./README\.md"\)')


def findings(root, _files):
    target = root / os.environ.get("CARGO_TARGET_DIR", "target") / "doc"
    found = []
    for directory, crate in LIBRARIES.items():
        pages = rustdoc.pages(target / crate)
        if not any(page.examples for page in pages):
            return [f"there are no pages of {crate}: run `{COMMAND}`"]
        root_file = (root / directory / "src" / "lib.rs").read_text()
        sources = [path.read_text() for path in sorted((root / directory / "src").rglob("*.rs"))]
        problems = [*without_example(pages), *brackets(pages), *private_names(pages, root_file),
                    *missing_features(pages, sources)]
        found += [f"{crate}: {problem}" for problem in problems]
    # Only the modules of clients need features.
    page = rustdoc.read(target / CLIENTS / "index.html", (target / CLIENTS / "index.html").read_text())
    found += [f"{CLIENTS}: {problem}"
              for problem in missing_features([page], [(root / "generated" / "src" / "lib.rs").read_text()])]
    return found + front_pages(root, target)


class Example:
    """The words of an example: all of them, and those that it calls or defines as functions."""

    def __init__(self, text):
        code = rustdoc.code(text)
        self.words = set(re.findall(r"\w+", code))
        # A path, a definition, or a call by a dot, which could also be a field.
        calls = re.finditer(r"(?:::|\bfn )(\w+)|\.(\w+)(?=\(|::<)", code)
        self.calls = {call[1] or call[2] for call in calls}


def without_example(pages):
    """Returns the items and functions without an example."""
    examples = [(page, Example(text)) for page in pages for text in page.examples]
    found = []
    for page in pages:
        if page.kind not in rustdoc.KINDS:
            continue
        shown = [example for other, example in examples if other is page or page.name in example.words]
        if not shown and page.name not in UNTESTED:
            found.append(f"{page.title()} has no example")
        found += [f"{page.title()}: no example calls `{function}`" for function, documented in page.functions.items()
                  if not documented and not any(function in example.calls for example in shown)]
    return found


def brackets(pages):
    """Returns the text in brackets that is not a link."""
    return [f"{page.title()}: {match[0]} is no link" for page in pages for text in page.prose
            for match in BRACKETS.finditer(text)]


def private_names(pages, root_file):
    """Returns the private modules of the root that documentation names: in a path, as a file, or as nothing else is named."""
    private = set(PRIVATE.findall(root_file)) - set(PUBLIC.findall(root_file))
    public = {page.name for page in pages} | {function for page in pages for function in page.functions}
    path = re.compile(rf"(?<![\w:])(?:(?:crate|gapi_\w+)::)?({'|'.join(sorted(private))})(?:::\w+|\.rs\b)")
    found = []
    for page in pages:
        code = [*page.code, *map(rustdoc.code, page.examples)]
        named = {match[0] for text in [*page.prose, *code] for match in path.finditer(text)}
        named |= (private - public - page.fields - OTHER_SENSE) & set(page.code)
        found += [f"{page.title()}: {name} is private" for name in sorted(named)]
    return found


def missing_features(pages, sources):
    """Returns the features that an item needs and no page states, and private ones that a page states."""
    needed = {feature for source in sources for condition in GATED.findall(source) for feature in FEATURE.findall(condition)}
    stated = {feature for page in pages for feature in page.features}
    private = {feature for feature in needed | stated if feature.startswith("_")}
    return [*(f"a page states the private feature {feature}" for feature in sorted(stated & private)),
            *(f"no page says what needs the feature {feature}" for feature in sorted(needed - stated - private))]


def front_pages(root, target):
    """Returns the crates whose front page is not their README, and links of READMEs that lead nowhere."""
    found = []
    for manifest in sorted(root.glob("*/Cargo.toml")):
        readme = manifest.parent / "README.md"
        if "publish = false" in manifest.read_text():
            continue
        roots = [path for path in (manifest.parent / "src" / name for name in ("lib.rs", "main.rs")) if path.exists()]
        if not readme.exists() or not any(FRONT_PAGE.search(path.read_text()) for path in roots):
            found.append(f"{manifest.parent.name}: its README.md is not its front page")
            continue
        text = readme.read_text()
        found += [f"{readme.relative_to(root)}:{line}: there is no page {link}" for line, link in markdown.links(text)
                  if (page := DOCS_RS.fullmatch(link.partition("#")[0])) and not (target / page[1]).exists()]
        found += [f"{readme.relative_to(root)}: {bare} is no link" for bare in bare_brackets(text)]
    return found


def bare_brackets(text):
    """Returns the text in brackets that is no link where only the file is known, such as on crates.io."""
    text = markdown.without_blocks(text)
    defined = {label.lower() for label in re.findall(r"^ {0,3}\[([^\]]+)\]:", text, re.M)}
    text = re.sub(r"^ {0,3}\[[^\]]+\]:.*$", "", text, flags=re.M)
    return [match[0] for match in re.finditer(r"(?<!`)\[([^\[\]]+)\](?![(\[])", text) if match[1].lower() not in defined]
