//! Hostile texts in paths, and the expected outcomes.

/// The expected outcome of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The call is rejected for this reason.
    Rejected(&'static str),
    /// The text arrives unchanged, as one segment.
    Arrives,
}
use Fate::{Arrives, Rejected};

/// A text.
pub(super) struct Hostile {
    pub(super) text: &'static str,
    /// In a segment of `{+name}`, `[^/]+`.
    pub(super) in_segment: Fate,
    /// In `{+name}` where the pattern allows slashes, `.*`.
    pub(super) in_anything: Fate,
    /// As the value of `{name}`.
    pub(super) alone: Fate,
}

const DOTS: Fate = Rejected("a `.` or `..` path segment");
const EMPTY: Fate = Rejected("empty");
const ENCODED_CONTROL: Fate = Rejected("contains a percent-encoded control character");
const NO_UTF8: Fate = Rejected("contains percent-encoded bytes that are not UTF-8");
const SLASH: Fate = Rejected("contains an encoded slash (`%2F`)");
/// The only reason that a caller can skip.
pub(super) const MISMATCH: Fate = Rejected("does not match ^");

/// Creates a text that is rejected everywhere.
const fn never(text: &'static str, fate: Fate) -> Hostile {
    Hostile {
        text,
        in_segment: fate,
        in_anything: fate,
        alone: fate,
    }
}

/// Creates a text that is rejected in `{+name}` and encoded in `{name}`.
const fn encoded(text: &'static str, fate: Fate) -> Hostile {
    Hostile {
        alone: Arrives,
        ..never(text, fate)
    }
}

/// Creates a harmless text.
const fn harmless(text: &'static str) -> Hostile {
    never(text, Arrives)
}

/// Creates a text with a line break. As in Python, `.*` matches none.
const fn broken(text: &'static str) -> Hostile {
    Hostile {
        in_anything: MISMATCH,
        ..harmless(text)
    }
}

/// Creates a text with several segments, which is rejected where only one is allowed.
const fn slashed(text: &'static str) -> Hostile {
    Hostile {
        in_segment: MISMATCH,
        ..harmless(text)
    }
}

pub(super) const HOSTILE: &[Hostile] = &[
    // An empty text, and characters that URL parsers remove.
    never("", EMPTY),
    never(".", DOTS),
    never("..", DOTS),
    never("..;", DOTS),
    never("..;x=1", DOTS),
    never(".;x", DOTS),
    encoded("a/../b", DOTS),
    encoded("../x", DOTS),
    encoded("x/..", DOTS),
    encoded("../../../../v1/x", DOTS),
    encoded("a/..;/b", DOTS),
    encoded("%2e%2e", DOTS),
    encoded("%2E%2E", DOTS),
    encoded(".%2e", DOTS),
    encoded("%2e", DOTS),
    encoded("..%2F", DOTS),
    encoded("..%2fx", DOTS),
    encoded("a%2F..", DOTS),
    encoded("a%2F%2e%2E%2Fb", DOTS),
    encoded("..%5Cx", DOTS),
    encoded("..\\x", DOTS),
    encoded("a%5c..%5Cb", DOTS),
    // Encoded slashes.
    encoded("%2F", SLASH),
    encoded("%2f", SLASH),
    encoded("a%2Fb", SLASH),
    encoded("%2F%2Fevil.example%2Fx", SLASH),
    encoded("%C0%AF", NO_UTF8),
    encoded("%c0%ae%c0%ae", NO_UTF8),
    encoded("%e0%80%af", NO_UTF8),
    encoded("%FF", NO_UTF8),
    // Encoded text that looks encoded, which is correct.
    harmless("a%252Fb"),
    harmless("%252e%252e"),
    // Not slashes, although some systems treat them so.
    harmless("\\"),
    harmless("%5c"),
    harmless("a%5Cb"),
    harmless("a\\b"),
    harmless("\\\\evil.example\\x"),
    // Slashes.
    slashed("a/b"),
    slashed("x/cancel"),
    encoded("/", EMPTY),
    encoded("/x", EMPTY),
    encoded("x/", EMPTY),
    encoded("a//b", EMPTY),
    encoded("//evil.example/x", EMPTY),
    encoded("https://evil.example/x", EMPTY),
    // The end of the path.
    harmless("?x=1"),
    harmless("a?alt=media&key=k"),
    harmless("#x"),
    harmless("a#b"),
    encoded("..?x", DOTS),
    encoded(".#", DOTS),
    encoded("..%3Fx", DOTS),
    harmless("%3Fx=1"),
    harmless("%23x"),
    harmless("a&alt=media"),
    harmless("a;b=c"),
    harmless("a=b"),
    // Line breaks and other control characters.
    broken("a\r\nx: y"),
    Hostile {
        in_segment: MISMATCH,
        ..broken("a\r\n\r\nGET / HTTP/1.1")
    },
    broken("\n"),
    harmless("\r"),
    harmless("a\0"),
    harmless("\t"),
    harmless("\u{1b}[2J"),
    harmless("\u{7f}"),
    harmless("\u{85}"),
    never("..\n", DOTS),
    never(".\t.", DOTS),
    encoded("a%0D%0Ax: y", ENCODED_CONTROL),
    encoded("%00", ENCODED_CONTROL),
    encoded("%09", ENCODED_CONTROL),
    encoded("%7f", ENCODED_CONTROL),
    encoded("%C2%85", ENCODED_CONTROL),
    // Visible and invisible spaces.
    harmless(" "),
    harmless("a b"),
    harmless(" .. "),
    harmless("%20"),
    harmless("+"),
    harmless("\u{a0}"),
    harmless("\u{2028}"),
    harmless("\u{3000}"),
    harmless("\u{200b}"),
    harmless("\u{feff}"),
    harmless("\u{202e}"),
    // Characters that look like a slash, a dot or a question mark.
    harmless("a\u{2215}b"),
    harmless("a\u{2044}b"),
    harmless("a\u{ff0f}b"),
    harmless("\u{ff3c}"),
    harmless("\u{ff0e}\u{ff0e}"),
    harmless("\u{2024}\u{2024}"),
    harmless("\u{2025}"),
    harmless("\u{fe52}\u{fe52}"),
    harmless("\u{3002}\u{3002}"),
    harmless("\u{ff05}2F"),
    harmless("\u{ff1f}"),
    harmless("\u{ff03}"),
    harmless("e\u{301}"),
    // Other parts of a URL or a template.
    harmless("user@evil.example"),
    harmless("@"),
    harmless(":80"),
    harmless("a:b"),
    harmless("[::1]"),
    harmless("{name}"),
    harmless("{+x}"),
    harmless("\"<>^`{|}'"),
    harmless("..."),
    harmless("~"),
    harmless("%"),
    harmless("100%"),
    harmless("%zz"),
    harmless("%4"),
    harmless("%%32%46"),
];
