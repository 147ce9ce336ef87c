//! The generated features in a manifest. All other text belongs to the user, and is never deleted.

use crate::text::printable;

/// The line below which the generator owns a manifest. It is within the table of features, so that hand-written
/// features can come before it.
pub(crate) const MARKER: &str =
    "# Generated features: one for each API version. Everything above is written by hand.";

/// A problem of a manifest, and a way to fix it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misplaced {
    pub(crate) message: String,
    pub(crate) help: String,
}

/// A manifest, divided at the generated features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block<'m> {
    /// The text before the line [`MARKER`].
    pub(super) head: &'m str,
    /// The text after the last generated line.
    pub(super) tail: &'m str,
    /// The features of APIs.
    pub(super) features: Vec<&'m str>,
    /// `true` if there are features of APIs, or the list of all of them.
    pub(super) has_features: bool,
    /// `true` if the line is within the table of features.
    pub(super) is_in_features: bool,
}

/// The only generated line of a crate without features of APIs.
pub(super) const NONE: &str = "# None: the crate is one API.";

impl<'m> Block<'m> {
    /// Finds the generated features. They end at the next table, or before it with the comments above that table.
    pub(super) fn of(manifest: &'m str) -> Result<Self, Misplaced> {
        let all = statements(manifest);
        let Some(at) = all.iter().position(|it| it.trim() == MARKER) else {
            return Err(Misplaced {
                message: format!("has no line `{MARKER}`"),
                help: "write it at the end of `[features]`".to_owned(),
            });
        };
        let (before, after) = all.split_at(at);
        let (mut each, mut together) = (Vec::new(), None);
        // The number of statements up to the last generated one.
        let mut generated = 1;
        for (index, statement) in after.iter().enumerate().skip(1) {
            let text = statement.trim();
            match entry(text) {
                _ if text.starts_with('[') => break,
                _ if text.is_empty() => continue,
                _ if text == NONE => {}
                _ if text.starts_with('#') => continue,
                Some(Entry::Feature(name)) => each.push((name, text)),
                Some(Entry::All(names)) if together.is_none() => together = Some((names, text)),
                _ => return Err(by_hand(text)),
            }
            let mut comment = after[generated..index].iter().map(|it| it.trim());
            if let Some(comment) = comment.find(|it| !it.is_empty()) {
                return Err(by_hand(comment));
            }
            generated = index + 1;
        }
        let (names, text) = together.unwrap_or_default();
        if let Some((_, feature)) = each.iter().find(|(name, _)| !names.contains(name)) {
            return Err(by_hand(feature));
        }
        if names
            .iter()
            .any(|name| each.iter().all(|(it, _)| it != name))
        {
            return Err(by_hand(text));
        }
        let length = |statements: &[&str]| statements.iter().map(|it| it.len()).sum::<usize>();
        let table = before.iter().rfind(|it| it.trim_start().starts_with('['));
        Ok(Self {
            head: &manifest[..length(before)],
            tail: &manifest[length(before) + length(&after[..generated])..],
            has_features: !each.is_empty() || !text.is_empty(),
            features: each.into_iter().map(|(name, _)| name).collect(),
            is_in_features: table.is_some_and(|table| is_features(table)),
        })
    }
}

pub(super) fn by_hand(text: &str) -> Misplaced {
    let line = text.lines().next().unwrap_or_default();
    Misplaced {
        message: format!(
            "has `{}`, which is not generated, among the generated features",
            printable(line)
        ),
        help: format!("move it above this line: {MARKER}"),
    }
}

/// Returns `true` for the header of the table of features.
fn is_features(header: &str) -> bool {
    let header = header.split('#').next().unwrap_or_default().trim();
    let name = header
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    name.is_some_and(|name| name.trim().trim_matches(['"', '\'']) == "features")
}

/// A generated statement.
enum Entry<'m> {
    /// `name = []`
    Feature(&'m str),
    /// `all = ["name", …]`
    All(Vec<&'m str>),
}

fn entry(text: &str) -> Option<Entry<'_>> {
    let (key, value) = text.split_once('=')?;
    let (key, value) = (key.trim(), value.trim());
    let members = value.strip_prefix('[')?.strip_suffix(']')?.trim();
    if key != "all" {
        return (members.is_empty() && is_name(key)).then_some(Entry::Feature(key));
    }
    if members.is_empty() {
        return Some(Entry::All(Vec::new()));
    }
    let members = members.strip_suffix(',').unwrap_or(members).split(',');
    let names = members.map(|member| {
        let name = member.trim().strip_prefix('"')?.strip_suffix('"')?;
        is_name(name).then_some(name)
    });
    names.collect::<Option<_>>().map(Entry::All)
}

fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    !name.is_empty() && name.bytes().all(plain)
}

/// Returns the statements of a manifest, each with all its lines. Strings and lists may have several lines. A table's
/// header, an empty line and a comment are statements, too.
fn statements(manifest: &str) -> Vec<&str> {
    let mut statements = Vec::new();
    let (mut start, mut end) = (0, 0);
    let mut state = State::default();
    for line in manifest.split_inclusive('\n') {
        end += line.len();
        state.read(line);
        if state.depth == 0 && state.quotes.is_none() {
            statements.push(&manifest[start..end]);
            start = end;
        }
    }
    if start < end {
        statements.push(&manifest[start..end]);
    }
    statements
}

/// The state of a manifest at the end of a line.
#[derive(Debug, Default)]
struct State {
    /// The number of open brackets and braces.
    depth: usize,
    /// The quotes of an open string of several lines.
    quotes: Option<&'static str>,
}

/// The quotes of strings. The longer ones come first.
const QUOTES: [&str; 4] = ["\"\"\"", "'''", "\"", "'"];

impl State {
    fn read(&mut self, line: &str) {
        let mut rest = line;
        loop {
            if let Some(quotes) = self.quotes {
                let end = end_of_string(rest, quotes);
                if end.is_some() || quotes.len() == 1 {
                    self.quotes = None;
                }
                let Some(end) = end else { return };
                rest = &rest[end..];
            }
            let special = |c| "\"'#[]{}".contains(c);
            let Some(at) = rest.find(special) else { return };
            rest = &rest[at..];
            self.quotes = QUOTES.into_iter().find(|it| rest.starts_with(it));
            match rest.as_bytes().first() {
                Some(b'#') => return,
                Some(b'[' | b'{') => self.depth += 1,
                Some(b']' | b'}') => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            rest = &rest[self.quotes.map_or(1, str::len)..];
        }
    }
}

/// Returns the end of an open string, with its quotes, if it is in this line.
fn end_of_string(line: &str, quotes: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in line.char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' && quotes.starts_with('"') {
            is_escaped = true;
        } else if line[at..].starts_with(quotes) {
            let end = at + quotes.len();
            // A multi-line string may end with additional quotes.
            let own = line[end..]
                .bytes()
                .take_while(|b| *b == quotes.as_bytes()[0]);
            let own = if quotes.len() == 1 {
                0
            } else {
                own.take(2).count()
            };
            return Some(end + own);
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Block, MARKER, NONE};

    fn rejected(manifest: &str) -> String {
        Block::of(manifest).expect_err("not generated").message
    }

    #[test]
    fn case_g9_later_tables_stay() {
        let tail =
            "\n# mine\n[dev-dependencies]\nserde_json = \"1\"\n\n[profile.release]\nlto = true\n";
        let head = "[package]\nname = \"a\"\n\n[ \"features\" ] # mine\nx = [\n]\n";
        for (generated, has_features) in [
            (format!("{NONE}\n"), false),
            (String::new(), false),
            ("all = [\n    \"a-v1\",\n]\na-v1 = []\n".to_owned(), true),
            (
                "\na-v1=[]\n\nall = [\"a-v1\", \"b-v1\"]\nb-v1 = [ ]\n".to_owned(),
                true,
            ),
            ("all = []\n".to_owned(), true),
        ] {
            for tail in [tail, "# mine", "\n\n", ""] {
                let manifest = format!("{head}{MARKER}\n{generated}{tail}");
                let block = Block::of(&manifest).expect("it is generated");
                assert_eq!((block.head, block.tail), (head, tail), "{manifest}");
                assert_eq!(block.has_features, has_features, "{manifest}");
                assert!(block.is_in_features);
            }
        }
    }

    #[test]
    fn case_g9_the_marker_is_a_line_of_its_own() {
        let strings = [
            format!("a = \"{MARKER}\"\n"),
            format!("a = \"\"\"\n{MARKER}\n\\\"\"\"\"\"\"\n"),
            format!("a = ['''\n\\\n{MARKER}\n''''',\n\"[\",\n]\n"),
            format!("a = [ # \"\"\"\n{MARKER}\n'{{', # [\n]\n"),
            format!("a = 1 {MARKER}\n"),
            format!("{MARKER} x\n"),
        ];
        for text in strings {
            assert_eq!(rejected(&text), format!("has no line `{MARKER}`"), "{text}");
            let head = format!("[features]\n{text}[[bin]]\nname = \"x\"\n");
            let manifest = format!("{head}  {MARKER}\r\n[z]\n");
            let block = Block::of(&manifest).expect("it has the line");
            assert_eq!((block.head, block.tail), (&head[..], "[z]\n"));
            assert!(!block.is_in_features && !block.has_features);
        }
    }

    #[test]
    fn case_g9_what_is_not_generated_is_an_error() {
        for (text, line) in [
            ("mine = []\n", "mine = []"),
            ("a-v1 = []\nmine = []\nall = [\"a-v1\"]\n", "mine = []"),
            ("all = [\"a-v1\"]\n", "all = [\"a-v1\"]"),
            ("all = [\n\"a-v1\", # why\n]\na-v1 = []\n", "all = ["),
            ("all = [\"a-v1\"]\na-v1 = [\"x\"]\n", "a-v1 = [\"x\"]"),
            ("all = [\"a-v1\"]\na-v1 = [] # x\n", "a-v1 = [] # x"),
            ("all = []\nall = []\n", "all = []"),
            ("# mine\n\nall = []\n", "# mine"),
            ("serde = \"1\"\n", "serde = \"1\""),
            ("x.y = []\n", "x.y = []"),
        ] {
            let message = rejected(&format!("[features]\n{MARKER}\n{text}[x]\n"));
            let wanted =
                format!("has `{line}`, which is not generated, among the generated features");
            assert_eq!(message, wanted, "{text}");
        }
    }
}
