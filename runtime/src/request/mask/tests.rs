use super::*;
use std::collections::BTreeSet;

const TOKEN: &str = "nextPageToken";

#[test]
fn case_r4_a_mask_with_the_token_stays() {
    for mask in [
        "nextPageToken",
        "nextPageToken,files(id,name)",
        "files(id,name),nextPageToken",
        "files(id, name), nextPageToken , kind",
        "\tnextPageToken\n",
        "next_page_token,files.id",
        "*",
        "*,files(id)",
        "files/*,*",
        "nextPageToken,nextPageToken",
        "labels.`a,(b`,nextPageToken",
        // The server says what is wrong with the rest.
        "nextPageToken,files(id",
        "nextPageToken,)",
    ] {
        assert_eq!(amend(mask, TOKEN), Amendment::Keep, "{mask}");
        assert!(!may_lack(mask, TOKEN), "{mask}");
    }
}

#[test]
fn case_r4_a_mask_without_the_token_gains_it() {
    for mask in [
        "files(id,name)",
        "files",
        "files/id",
        "files.id",
        "files(nextPageToken)",
        "files(id,nextPageToken),kind",
        "files(a(b,nextPageToken),c),kind",
        "files/nextPageToken",
        "nextPageToken/x",
        "nextPageToken()",
        "*/nextPageToken",
        "*(nextPageToken)",
        "files/*",
        "nextpagetoken",
        "NextPageToken",
        "nextPageTokens",
        "next_page_tokens",
        "next__page_token",
        "next-page-token",
        "next page token",
        "pageToken",
        "nextPageToken%2Cfiles(id)",
        "files%28id%29,a",
        "labels.`nextPageToken,b`",
        "labels.`,nextPageToken,`",
        "-nextPageToken",
        // Malformed: what stands behind the mistake does not count.
        "files(id",
        "files(id,nextPageToken",
        "files)id(,nextPageToken",
        "files),nextPageToken",
        "files((id),nextPageToken",
        "`files,nextPageToken",
        "(",
        ")",
        "`",
    ] {
        let expected = Amendment::Replace(format!("nextPageToken,{mask}"));
        assert_eq!(amend(mask, TOKEN), expected, "{mask}");
        assert!(may_lack(mask, TOKEN), "{mask}");
    }
}

#[test]
fn case_r4_an_empty_mask_is_left_out() {
    for mask in ["", " ", "\t\n", ",", " , ,, "] {
        assert_eq!(amend(mask, TOKEN), Amendment::LeaveOut, "{mask:?}");
        assert!(!may_lack(mask, TOKEN), "{mask:?}");
        assert!(!lacks(mask, "files"), "{mask:?}");
    }
}

#[test]
fn case_r4_other_names_of_the_token_count_as_well() {
    assert_eq!(amend("rows,pageToken", "pageToken"), Amendment::Keep);
    assert_eq!(amend("rows,page_token", "pageToken"), Amendment::Keep);
    let expected = Amendment::Replace("pageToken,rows".to_owned());
    assert_eq!(amend("rows", "pageToken"), expected);
}

#[test]
fn case_r4_items_that_a_mask_certainly_leaves_out() {
    for (mask, expected) in [
        (TOKEN, true),
        ("nextPageToken,kind", true),
        ("etag , kind(a,files)", true),
        ("kind/files", true),
        ("incomplete_search", true),
        ("files", false),
        ("files(id)", false),
        ("files/id", false),
        ("files.id", false),
        ("files (id)", false),
        ("kind, files", false),
        ("Files", false),
        ("*", false),
        ("*/id", false),
        ("kind,*", false),
        ("(kind)", false),
        ("kind(a", false),
        ("kind%2Cfiles", false),
        ("`kind`", false),
    ] {
        assert_eq!(lacks(mask, "files"), expected, "{mask}");
    }
    assert!(!lacks("content_items", "contentItems"));
}

/// The members that a strict server selects at the top level, `*` among them; `None` if it rejects the mask.
struct Server<'a>(&'a [u8]);

impl Server<'_> {
    fn read(mask: &str) -> Option<BTreeSet<String>> {
        let mut server = Server(mask.as_bytes());
        let selected = server.list()?;
        server.0.is_empty().then_some(selected)
    }

    fn list(&mut self) -> Option<BTreeSet<String>> {
        let mut selected = BTreeSet::new();
        loop {
            let (name, is_whole) = self.selector()?;
            selected.extend(is_whole.then_some(name));
            let [b',', rest @ ..] = self.0 else {
                return Some(selected);
            };
            self.0 = rest;
        }
    }

    /// A name, and whether all of the member is selected.
    fn selector(&mut self) -> Option<(String, bool)> {
        let name = self.name()?;
        match self.0 {
            [b'/' | b'.', rest @ ..] => {
                self.0 = rest;
                self.selector()?;
                Some((name, false))
            }
            [b'(', rest @ ..] => {
                self.0 = rest;
                self.list()?;
                self.0 = self.0.strip_prefix(b")")?;
                Some((name, false))
            }
            _ => Some((name, true)),
        }
    }

    fn name(&mut self) -> Option<String> {
        let is_end = |byte: &u8| b",/.()".contains(byte);
        let length = if let [b'`', rest @ ..] = self.0 {
            rest.iter().position(|byte| *byte == b'`')? + 2
        } else {
            self.0.iter().position(is_end).unwrap_or(self.0.len())
        };
        let (name, rest) = self.0.split_at(length);
        self.0 = rest;
        let name = String::from_utf8(name.to_vec()).ok()?;
        (!name.is_empty() && (name.starts_with('`') || !name.contains('`'))).then_some(name)
    }
}

fn has_token(selected: &BTreeSet<String>) -> bool {
    ["*", TOKEN].iter().any(|name| selected.contains(*name))
}

/// A mask that servers accept.
fn well_formed(random: &mut fastrand::Rng, depth: usize) -> String {
    let mut selectors = Vec::new();
    for _ in 0..random.usize(1..4) {
        let names = [
            "a",
            "files",
            "kind",
            "*",
            TOKEN,
            "`x,(y`",
            "next_page_token",
        ];
        let name = random.choice(names).unwrap_or_default();
        selectors.push(match random.usize(..if depth == 0 { 2 } else { 5 }) {
            0 | 1 => name.to_owned(),
            2 => format!("{name}/{}", well_formed(random, 0).replace(',', "/")),
            _ => format!("{name}({})", well_formed(random, depth - 1)),
        });
    }
    selectors.join(",")
}

/// Any text of what masks are made of.
fn random_text(random: &mut fastrand::Rng) -> String {
    let tokens = [",", "(", ")", "/", ".", "*", "`", "a", "files", TOKEN, "é"];
    let length = random.usize(..10);
    let mut token = || *random.choice(&tokens).unwrap_or(&"a");
    (0..length).map(|_| token()).collect()
}

#[test]
fn case_r4_whatever_a_server_accepts_has_the_token() {
    let mut random = fastrand::Rng::with_seed(20_261_127);
    let (mut kept, mut amended, mut rejected) = (0, 0, 0);
    for round in 0..20_000 {
        let mask = if round % 2 == 0 {
            well_formed(&mut random, 3)
        } else {
            random_text(&mut random)
        };
        let before = Server::read(&mask);
        let sent = match amend(&mask, TOKEN) {
            Amendment::LeaveOut => {
                assert!(mask.bytes().all(|byte| byte == b','), "{mask}");
                continue;
            }
            Amendment::Keep => mask.clone(),
            Amendment::Replace(sent) => sent,
        };
        assert_eq!(amend(&sent, TOKEN), Amendment::Keep, "{mask} {sent}");
        assert!(sent.ends_with(&mask), "{mask} {sent}");
        match (before, Server::read(&sent)) {
            (Some(before), Some(after)) => {
                let is_snake = after.contains("next_page_token");
                assert!(has_token(&after) || is_snake, "{mask} {sent}");
                assert!(before.is_subset(&after), "{mask} {sent}");
                if has_token(&before) {
                    assert_eq!(sent, mask);
                    kept += 1;
                } else {
                    amended += 1;
                }
                assert!(
                    !lacks(&mask, "files") || !before.contains("files"),
                    "{mask}"
                );
            }
            (None, None) => rejected += 1,
            (before, after) => panic!("{mask} {sent}: {before:?} {after:?}"),
        }
    }
    assert!(kept > 1_000 && amended > 1_000 && rejected > 1_000);
}
