"""Tests of the checks of documents: links, blocks, lengths and prose."""

import pathlib
import tempfile
import unittest

import blocks
import lengths
import links
import markdown
import prose

DOCUMENT = """# Title of `it`

Text with a [link](other.md#a-b), `code with [no](link)` and [`code`](a.md "title").

<!-- doctest: use a; -->
```rust
let a = "# No heading";
```

## A, [b](x.md)!
## A, b!

<!-- not run: it takes hours,
and needs a network -->
```sh
cargo run   # [no](link)
```

~~~text
```
~~~
[definition]: target.md
"""


class Markdown(unittest.TestCase):
    def test_blocks(self):
        found = [(block.language, block.text, block.line, block.comment) for block in markdown.blocks(DOCUMENT)]
        self.assertEqual(found, [
            ("rust", 'let a = "# No heading";\n', 7, "doctest: use a;"),
            ("sh", "cargo run   # [no](link)\n", 16, "not run: it takes hours,\nand needs a network"),
            ("text", "```\n", 20, ""),
        ])

    def test_links(self):
        found = [(3, "a.md"), (3, "other.md#a-b"), (10, "x.md"), (22, "target.md")]
        self.assertEqual(markdown.links(DOCUMENT), found)

    def test_anchors(self):
        self.assertEqual(markdown.anchors(DOCUMENT), {"title-of-it", "a-b", "a-b-1"})
        self.assertEqual(markdown.anchor("`gapi.toml`, and *more*_x"), "gapitoml-and-more_x")

    def test_prose_has_no_code(self):
        text = markdown.prose("Use `folder`\n```\nfolder\n```\n<!-- folder -->\nand [a](folder.md) https://x.io/folder end\n")
        self.assertNotIn("folder", text)
        self.assertEqual(text.count("\n"), 6)


class Files(unittest.TestCase):
    """Checks that read files."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name).resolve()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return pathlib.Path(name)

    def test_links(self):
        target = self.write("docs/b.md", "# The heading\n")
        document = self.write("docs/a.md", "\n".join(f"[x]({link})" for link in [
            "b.md", "b.md#the-heading", "b.md#other", "c.md", "#none", "../docs/", "../..", "http://example.com",
            "https://example.com/x", "b.md#The-Heading"]))
        source = self.write("src/lib.rs", "//! See docs/b.md, docs/gone.md and /tmp/docs/c.md.\n")
        self.assertEqual(links.findings(self.root, [target, document, source]), [
            "docs/a.md:3: b.md has no heading #other",
            "docs/a.md:4: there is no c.md",
            "docs/a.md:5: a.md has no heading #none",
            "docs/a.md:7: ../.. is outside of the repository",
            "docs/a.md:8: http://example.com is not an https address",
            "docs/a.md:10: b.md has no heading #The-Heading",
            "src/lib.rs:1: there is no docs/gone.md",
        ])

    def test_lengths(self):
        self.write("README.md", "x\n" * 151)
        self.write("ARCHITECTURE.md", "ä" * 4_097)
        self.write("CONTRIBUTING.md", "x" * 6_144)
        names = ["src/a.rs", "src/b.rs", "generated/src/c.rs"]
        files = [self.write(name, "x\n" * length) for name, length in zip(names, [400, 401, 401])]
        self.assertEqual(lengths.findings(self.root, files), [
            "README.md: has 151 lines, and at most 150",
            "ARCHITECTURE.md: has 8194 bytes, and at most 8192",
            "src/b.rs: has 401 lines, and at most 400",
        ])

    def test_blocks(self):
        source = self.write("src/a.rs", "fn a() {\n    b();\n}\n")
        elsewhere = self.write("OTHER.md", "```rust\nfn a() { b(); }\n```\n```rust\nfn c() {}\n```\n```sh\nls\n```\n")
        compiled = self.write("docs/a.md", "```rust\nfn c() {}\n```\n```sh\nls\n```\n```c\n```\n")
        texts = ["cargo test", "A=b cargo test", "$ cargo test\nok", "$ cargo test", "see cargo test"]
        output = self.write("docs/b.md", "".join(f"```text\n{text}\n```\n" for text in texts))
        reason = self.write("docs/c.md", "<!-- not run: x -->\n```text\ncargo test\n```\n<!-- not run: -->\n```text\ngapi x\n```\n")
        self.assertEqual(blocks.findings(self.root, [source, elsewhere, compiled, output, reason]), [
            "OTHER.md:5: nothing compiles this Rust, and no file has it",
            "OTHER.md:8: nothing runs these lines",
            "docs/a.md:8: a block of code has the language 'c'",
            "docs/b.md:2: command lines are in a block of text, and nothing runs them",
            "docs/b.md:5: command lines are in a block of text, and nothing runs them",
            "docs/b.md:12: command lines are in a block of text, and nothing runs them",
            "docs/c.md:7: command lines are in a block of text, and nothing runs them",
        ])

    def test_prose(self):
        document = self.write("a.md", "A folder, `folder`.\n\nBehaviour. The colours are CANCELLED.\n")
        source = self.write("runtime/src/a.rs", "/// Whether a folder is there.\n/// `folder`\nfn a() { folder() } // mend it\n")
        foreign = self.write("generated/src/a.rs", "/// A folder.\n")
        self.assertEqual(prose.findings(self.root, [document, source, foreign]), [
            "a.md:1: 'folder': write directory",
            "a.md:3: 'Behaviour': write behavior",
            "a.md:3: 'colours': write color",
            "a.md:3: 'CANCELLED': write canceled",
            "runtime/src/a.rs:1: 'Whether': write a noun as the subject",
            "runtime/src/a.rs:1: 'folder': write directory",
            "runtime/src/a.rs:3: 'mend': write fix",
            "runtime/src/a.rs:1: a line of a doc comment begins with a question word",
        ])


class Replaced(unittest.TestCase):
    def check(self, text, *expected):
        self.assertEqual([finding.split("'")[1] for finding in prose.replaced(text)], list(expected))

    def test_phrases(self):
        self.check("The id tells which one it is. It is told.", "tells which", "told")
        self.check("The type is no scalar. It has a name of its own.", "is no", "of its own")
        self.check("A star stands for a segment, and the id comes back.", "stands for", "comes back")
        self.check("The server breaks off, and the client goes on.", "breaks off", "goes on")
        self.check("The header carries a token, which holds for an hour.", "carries", "holds for")
        self.check("A circle is left out without a word. Nobody reads it any more.",
                   "circle", "left out", "without a word", "Nobody", "any more")

    def test_subjects(self):
        self.check("What it sends is JSON. Whether it fails, depends. Who calls?", "What", "Whether", "Who")
        self.check(" What it sends is JSON.", "What")
        self.check("See the list of what it sends, whether it fails, and who calls. `What` is a name.")

    def test_other_meanings(self):
        self.check("There is no page. It is no longer there. It is no more than 3, is no less, and is no such type.")
        self.check("A task holds the lock. The type comes first. All the others carved the stand.")


class FirstWords(unittest.TestCase):
    def check(self, comment, item, is_public=True):
        return len(prose.first_words(f"{comment}\n#[must_use]\n#[cfg(\n    all()\n)]\n{item}\n", is_public))

    def test_functions(self):
        self.assertEqual(self.check("/// The name.", "pub fn name() {"), 1)
        self.assertEqual(self.check("    /// The name.\n    ///\n    /// Returns", "    pub const fn name() {"), 1)
        self.assertEqual(self.check("/// Returns the name.", "pub async fn name() {"), 0)
        self.assertEqual(self.check("/// The name.", "pub(crate) fn name() {"), 0)
        self.assertEqual(self.check("/// The name.", "pub fn name() {", is_public=False), 0)
        self.assertEqual(self.check("/// The name.", "let a;\npub fn name() {"), 0)
        self.assertEqual(self.check("//! The name.", "pub fn name() {"), 0)

    def test_types(self):
        self.assertEqual(self.check("/// Waits for it.", "pub struct Poller {"), 1)
        self.assertEqual(self.check("/// A poller.", "pub struct Poller {"), 0)
        self.assertEqual(self.check("/// Options of it.", "pub enum Options {"), 0)

    def test_questions(self):
        for word in prose.QUESTIONS.split("|"):
            self.assertEqual(self.check(f"    //! {word} it does.", "", is_public=False), 1)
            self.assertEqual(self.check(f"// {word} it does.", "", is_public=False), 0)
            self.assertEqual(self.check(f"/// {word}ever it does.", "", is_public=False), 0)


if __name__ == "__main__":
    unittest.main()
