"""Reads the pages that rustdoc writes: items, their functions, examples, the text around code, and features."""

import dataclasses
import html.parser
import pathlib
import re

# The kinds of items that need an example, as the names of their files begin.
KINDS = ("struct", "enum", "union", "trait", "type", "fn", "macro", "derive", "attr")
# The sections of a page with functions of the item itself. Others have those of implemented traits.
OWN = {"implementations", "required-methods", "provided-methods", "required-associated-functions",
       "provided-associated-functions"}
# The sections with the documentation of implemented traits, which is not that of the item.
FOREIGN = re.compile(r"(trait|synthetic|blanket|foreign)-impl|implementors|deref-methods")
FUNCTION = re.compile(r"(?:ty)?method\.(?P<name>\w+?)(?:-\d+)?$")
FIELD = re.compile(r"structfield\.(\w+)")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Blocks that rustdoc marks as no example of how to use an item.
NO_EXAMPLE = {"compile_fail", "ignore", "should_panic"}


@dataclasses.dataclass
class Page:
    """The page of an item or of a module."""

    path: pathlib.Path
    kind: str
    name: str
    # The functions of the item, with the examples in the documentation of each.
    functions: dict = dataclasses.field(default_factory=dict)
    # The names of its fields.
    fields: set = dataclasses.field(default_factory=set)
    # All examples on the page.
    examples: list = dataclasses.field(default_factory=list)
    # Text of documentation, with `x` instead of code.
    prose: list = dataclasses.field(default_factory=list)
    # Code in documentation: each span, and each block in another language.
    code: list = dataclasses.field(default_factory=list)
    # The features in the notes about what an item needs.
    features: set = dataclasses.field(default_factory=set)

    def title(self):
        return f"{self.kind} {self.name}"


class Reader(html.parser.HTMLParser):
    """Fills a page."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.page = page
        self.stack = []
        self.section = ""
        self.function = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        classes = set((attributes.get("class") or "").split())
        identity = attributes.get("id") or ""
        if tag == "h2" and "section-header" in classes:
            self.section, self.function = identity, None
        elif tag == "section" and "trait-impl" not in classes:
            found = FUNCTION.match(identity) if self.section in OWN else None
            self.function = found["name"] if found else None
            if found:
                self.page.functions.setdefault(self.function, [])
        if field := FIELD.match(identity):
            self.page.fields.add(field[1])
        kind = self.kind(tag, classes)
        if kind in ("example", "text", "span", "prose"):
            self.started(kind)
        if tag not in VOID:
            self.stack.append((tag, kind))

    def kind(self, tag, classes):
        """Returns the kind of text in an element, if it differs from the text around it."""
        if "docblock" in classes:
            return None if FOREIGN.match(self.section) else "prose"
        if "portability" in classes:
            return "portability"
        around = self.around()
        if around == "portability" and tag == "code":
            return "feature"
        if tag == "div" and "example-wrap" in classes and classes & NO_EXAMPLE:
            return "no example"
        if tag == "pre" and around in ("prose", "no example"):
            return "example" if "rust-example-rendered" in classes and around == "prose" else "text"
        if tag == "code" and around == "prose":
            return "span"
        # The links beside an example, and the mark of a heading.
        if around == "prose" and tag == "a" and classes & {"test-arrow", "doc-anchor", "tooltip"}:
            return "nothing"
        return around

    def around(self):
        return self.stack[-1][1] if self.stack else None

    def started(self, kind):
        around, page = self.around(), self.page
        if kind == around:
            return
        if kind == "example":
            page.examples.append("")
            if self.function:
                page.functions[self.function].append("")
        elif kind in ("text", "span"):
            page.code.append("")
            if kind == "span":
                page.prose[-1] += "x"
        else:
            page.prose.append("")

    def handle_endtag(self, tag):
        while self.stack and tag in (open_tag for open_tag, _ in self.stack):
            if self.stack.pop()[0] == tag:
                break
        if tag in ("p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6") and self.around() == "prose":
            self.page.prose.append("")

    def handle_data(self, data):
        kind, page = self.around(), self.page
        if kind == "example":
            page.examples[-1] += data
            if self.function:
                page.functions[self.function][-1] += data
        elif kind in ("text", "span"):
            page.code[-1] += data
        elif kind == "prose":
            page.prose[-1] += data
        elif kind == "feature":
            page.features.add(data)


def read(path, text):
    """Returns a page. The name of its file says the kind and the name of the item."""
    kind, _, name = path.name.removesuffix(".html").partition(".")
    page = Page(path, kind if name else "mod", name or path.parent.name)
    reader = Reader(page)
    reader.feed(text)
    reader.close()
    return page


def pages(directory):
    """Returns the pages of a crate in the order of their paths."""
    found = []
    for path in sorted(directory.rglob("*.html")):
        # The list of all items, and pages that only lead to others.
        text = path.read_text()
        if path.name != "all.html" and 'http-equiv="refresh"' not in text:
            found.append(read(path, text))
    return found


def code(example):
    """Returns an example without its comments and without the contents of its strings."""
    without = re.sub(r'r(#+)".*?"\1|b?"(?:\\.|[^"\\])*"', '""', example, flags=re.S)
    return re.sub(r"//[^\n]*", "", without)
