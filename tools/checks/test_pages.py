"""Tests of the check of rustdoc's pages."""

import pathlib
import tempfile
import unittest

import pages
import rustdoc


def docblock(text):
    return f'<div class="docblock">{text}</div>'


def example(code, mark=""):
    return (f'<div class="example-wrap {mark}"><a href="#" class="tooltip">ⓘ</a><pre class="rust rust-example-rendered">'
            f"<code>{code}</code></pre></div>")


def function(name, docs="", kind="method"):
    return (f'<details class="toggle method-toggle"><summary><section id="{kind}.{name}" class="method"><h4>pub fn '
            f'<a href="#{kind}.{name}" class="fn">{name}</a>()</h4></section></summary>{docblock(docs) if docs else ""}</details>')


def section(identity, text):
    return f'<h2 id="{identity}" class="section-header">Title<a href="#x" class="anchor">§</a></h2><div>{text}</div>'


def page(name, *parts):
    return rustdoc.read(pathlib.Path(name), f'<!DOCTYPE html><body><br>{"".join(parts)}</body>')


CLIENT = page(
    "struct.Client.html",
    docblock(f'<p>A <a href="x"><code>Client</code></a> of [x].</p>{example("let a = Client::new(); // drop()")}'),
    section("fields", '<span id="structfield.retry" class="structfield section-header">retry</span>'),
    section("implementations", function("new") + function("new-1") + function("send", f"<p>Sends.</p>{example('c.send(); c.drop;')}")
            + function("drop")),
    section("trait-implementations", function("clone", "<p>Returns a [copy].</p>")),
)
SETTING = page(
    "enum.Setting.html",
    '<div class="stab portability">Available on <strong>crate feature <code>hyper</code></strong> only.</div>',
    docblock(f'<pre class="language-text"><code>inner::Setting</code></pre>{example("Setting::Wrong", "compile_fail")}'),
    section("implementations", function("off", kind="tymethod")),
)
BUILDER = page("trait.Builder.html", section("provided-methods", function("build", example('let x = r#"Setting"#; x.build()'))))


class Pages(unittest.TestCase):
    def test_an_item_has_its_functions_and_examples(self):
        self.assertEqual((CLIENT.kind, CLIENT.name, CLIENT.fields), ("struct", "Client", {"retry"}))
        self.assertEqual(CLIENT.functions, {"new": [], "send": ["c.send(); c.drop;"], "drop": []})
        self.assertEqual(len(CLIENT.examples), 2)
        self.assertEqual(page("index.html").kind, "mod")

    def test_text_is_without_code(self):
        self.assertEqual([text for text in CLIENT.prose if text], ["A x of [x].", "Sends."])
        self.assertEqual((CLIENT.code, SETTING.code), (["Client"], ["inner::Setting", "Setting::Wrong"]))
        self.assertEqual(SETTING.features, {"hyper"})

    def test_an_example_names_or_calls(self):
        self.assertEqual(pages.without_example([CLIENT, SETTING, BUILDER]), [
            "struct Client: no example calls `drop`",
            "enum Setting has no example",
            "enum Setting: no example calls `off`",
        ])

    def test_another_page_can_have_the_example(self):
        module = page("mod/index.html", docblock(example("Setting::off(); client::drop::&lt;Client&gt;(3)")))
        self.assertEqual(pages.without_example([CLIENT, SETTING, BUILDER, module]), [])

    def test_brackets_are_no_links(self):
        self.assertEqual(pages.brackets([CLIENT]), ["struct Client: [x] is no link"])

    def test_private_modules_have_no_names(self):
        root = "mod inner;\nmod retry;\npub mod open;\npub(crate) mod hidden;\nmod hidden;\n"
        mention = page("fn.f.html", docblock("<p>See inner.rs, <code>hidden</code>, <code>open</code>.</p>"))
        self.assertEqual(pages.private_names([CLIENT, SETTING, mention], root), [
            "enum Setting: inner::Setting is private",
            "fn f: hidden is private",
            "fn f: inner.rs is private",
        ])

    def test_features_are_stated(self):
        source = """
#[cfg(feature = "hyper")]
#[rustfmt::skip]
pub mod a;
#[cfg(any(feature = "auth", feature = "_http"))]
pub use b::c;
#[cfg(feature = "inside")]
pub(crate) fn d() {}
/// # #[cfg(feature = "shown")]
pub fn e() {}
"""
        self.assertEqual(pages.missing_features([SETTING], [source]), ["no page says what needs the feature auth"])
        SETTING.features.add("_http")
        self.addCleanup(SETTING.features.remove, "_http")
        self.assertEqual(pages.missing_features([SETTING], []), ["a page states the private feature _http"])


class FrontPages(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)

    def write(self, name, text=""):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_readmes_are_front_pages(self):
        self.write("doc/client/struct.A.html")
        self.write("client/Cargo.toml")
        self.write("client/src/lib.rs", '#![doc = include_str!("../README.md")]\n')
        self.write("client/README.md", "[`A`], [`B`] and [c]\n\n[`A`]: https://docs.rs/client/latest/client/struct.A.html#x\n"
                                       "[`B`]: https://docs.rs/client/latest/client/struct.B.html\n")
        self.write("tests/Cargo.toml", "publish = false\n")
        self.write("program/Cargo.toml")
        self.write("program/src/main.rs", "//! A program.\n")
        self.write("program/README.md")
        self.assertEqual(pages.front_pages(self.root, self.root / "doc"), [
            "client/README.md:4: there is no page https://docs.rs/client/latest/client/struct.B.html",
            "client/README.md: [c] is no link",
            "program: its README.md is not its front page",
        ])

    def test_missing_pages_are_a_finding(self):
        self.assertEqual(pages.findings(self.root, []), [
            f"there are no pages of gapi_runtime: run `{pages.COMMAND}`"])


if __name__ == "__main__":
    unittest.main()
