//! Converts wire names to words of Rust names. Uses heck, after fixing the inputs that it converts wrongly.
//!
//! The results contain only ASCII letters, digits and `_`, and may be empty.

use std::fmt::Write as _;

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Converts `pageSize`, `page-size` and `$.page_size` to `page_size`.
pub(super) fn snake(wire: &str) -> String {
    plain(&plural_acronyms(wire)).to_snake_case()
}

/// Converts `listBackups` and `LIST_BACKUPS` to `ListBackups`. A name in this case stays unchanged, because
/// `HTTPHealthCheck` and `HttpHealthCheck` are two schemas of one document.
pub(super) fn pascal(wire: &str) -> String {
    let trusted = wire.starts_with(|c: char| c.is_ascii_uppercase())
        && wire.chars().all(|c| c.is_ascii_alphanumeric())
        && wire.contains(|c: char| c.is_ascii_lowercase());
    if trusted {
        wire.to_owned()
    } else {
        plain(&plural_acronyms(wire)).to_upper_camel_case()
    }
}

/// Returns the text with its signs as words: `<=` is `less equal`. Letters of other scripts are their code points.
pub(super) fn spelled(wire: &str) -> String {
    let mut words = String::new();
    for c in wire.chars() {
        match SIGNS.iter().find(|(sign, _)| *sign == c) {
            Some((_, word)) => words.extend([" ", word, " "]),
            None if c.is_ascii_alphanumeric() || c == '_' => words.push(c),
            None if c.is_ascii() => words.push(' '),
            None => {
                let _ = write!(words, " u{:04x} ", u32::from(c));
            }
        }
    }
    if plain(&words).chars().any(|c| c != '_') {
        words
    } else if wire.is_empty() {
        "empty".to_owned()
    } else {
        "blank".to_owned()
    }
}

/// Signs that values of documents have, and a word for each.
const SIGNS: [(char, &str); 29] = [
    ('!', "not"),
    ('"', "quote"),
    ('#', "hash"),
    ('$', "dollar"),
    ('%', "percent"),
    ('&', "and"),
    ('\'', "apostrophe"),
    ('(', "open"),
    (')', "close"),
    ('*', "star"),
    ('+', "plus"),
    (',', "comma"),
    ('-', "minus"),
    ('.', "dot"),
    ('/', "slash"),
    (':', "colon"),
    (';', "semicolon"),
    ('<', "less"),
    ('=', "equal"),
    ('>', "greater"),
    ('?', "question"),
    ('@', "at"),
    ('[', "left"),
    ('\\', "backslash"),
    (']', "right"),
    ('^', "caret"),
    ('`', "backtick"),
    ('|', "pipe"),
    ('~', "tilde"),
];

/// Replaces characters that no identifier can contain by word separators.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect()
}

/// Converts `externalIPs` to `externalIps`. An acronym and its plural `s` are one word, which heck would split into
/// `external_i_ps`.
fn plural_acronyms(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = letters.clone();
    let mut start = 0;
    while start < letters.len() {
        let run = letters[start..]
            .iter()
            .take_while(|c| c.is_ascii_uppercase())
            .count();
        let end = start + run;
        let plural = run >= 2
            && letters.get(end) == Some(&'s')
            && !letters.get(end + 1).is_some_and(char::is_ascii_lowercase);
        if plural {
            for letter in &mut out[start + 1..end] {
                letter.make_ascii_lowercase();
            }
        }
        start = end.max(start + 1);
    }
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case() {
        let cases = [
            ("pageSize", "page_size"),
            ("$.xgafv", "xgafv"),
            (
                "options.requestedPolicyVersion",
                "options_requested_policy_version",
            ),
            ("end-date", "end_date"),
            ("externalIPs", "external_ips"),
            ("externalIPsV2", "external_ips_v2"),
            ("peerASNs", "peer_asns"),
            ("DNSServer", "dns_server"),
            ("httpsURL", "https_url"),
            ("getIamPolicy", "get_iam_policy"),
            ("Binary-create", "binary_create"),
            ("_meta", "meta"),
            ("@type", "type"),
            ("v1beta1", "v1beta1"),
            ("v2.1", "v2_1"),
            ("größe", "gr_e"),
            ("日本", ""),
        ];
        for (wire, rust) in cases {
            assert_eq!(snake(wire), rust, "{wire}");
        }
    }

    #[test]
    fn case_g6_signs_have_names() {
        let cases = [
            ("<=", "LessEqual"),
            ("*", "Star"),
            ("-1", "Minus1"),
            ("a-b", "AMinusB"),
            ("", "Empty"),
            (" ", "Blank"),
            ("_", "Blank"),
            ("日本", "U65e5U672c"),
            ("\u{1}{}", "Blank"),
        ];
        for (wire, rust) in cases {
            assert_eq!(pascal(&spelled(wire)), rust, "{wire}");
        }
    }

    #[test]
    fn pascal_case() {
        let cases = [
            ("list", "List"),
            ("STATE_UNSPECIFIED", "StateUnspecified"),
            ("HTTPHealthCheck", "HTTPHealthCheck"),
            ("HttpHealthCheck", "HttpHealthCheck"),
            (
                "GoogleAdsV23Resources__Campaign",
                "GoogleAdsV23ResourcesCampaign",
            ),
            ("next-page", "NextPage"),
            ("SELF", "Self"),
            ("30fps", "30fps"),
            ("CODE_39", "Code39"),
            ("bulk-export-group", "BulkExportGroup"),
        ];
        for (wire, rust) in cases {
            assert_eq!(pascal(wire), rust, "{wire}");
        }
    }
}
