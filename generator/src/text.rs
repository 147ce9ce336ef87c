//! Characters that hide text from a reader.

/// Returns the text of a document: UTF-8, with or without a byte-order mark, or UTF-16 with one, as some editors and shells
/// write it.
///
/// ```
/// use gapi_generator::decode;
///
/// assert_eq!(decode(b"\xef\xbb\xbf{}".to_vec()), Ok("{}".to_owned())); // with a byte-order mark
/// assert!(decode(vec![0xff]).is_err());
/// ```
///
/// # Errors
/// Returns the reason if the bytes are not in this encoding.
pub fn decode(mut bytes: Vec<u8>) -> Result<String, String> {
    let utf_16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let pairs = bytes.chunks_exact(2);
        let is_whole = pairs.remainder().is_empty();
        let units = pairs.map(|pair| unit([pair[0], pair[1]]));
        let text = char::decode_utf16(units).collect::<Result<String, _>>();
        text.ok()
            .filter(|_| is_whole)
            .ok_or_else(|| "not UTF-16".to_owned())
    };
    match bytes[..] {
        [0xff, 0xfe, ref rest @ ..] => return utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, ref rest @ ..] => return utf_16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, ..] => drop(bytes.drain(..3)),
        _ => {}
    }
    String::from_utf8(bytes).map_err(|error| format!("not UTF-8: {}", error.utf8_error()))
}

/// Returns whether a character hides something: a control or bidirectional character, a separator that some tools treat as
/// a line break, or a character without a width, such as a tag or a variation selector (`Default_Ignorable_Code_Point` of
/// Unicode). These change the display of the text around them, or contain text that a reader does not see.
///
/// ```
/// use gapi_generator::diagnostics::is_hidden;
///
/// assert!(is_hidden('\u{202e}')); // turns the direction of the text
/// assert!(!is_hidden('é'));
/// ```
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let moves = |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    c.is_control() || (!c.is_ascii() && (moves(c) || has_no_width(c)))
}

/// Returns whether a character is displayed as nothing. The text around it stays as it is.
fn has_no_width(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns text of a document without hidden characters.
pub(crate) fn visible(text: &str) -> String {
    text.chars().filter(|&c| !is_hidden(c)).collect()
}

/// Returns text of a document for a message: one line of limited length without hidden characters.
///
/// ```
/// use gapi_generator::diagnostics::printable;
///
/// assert_eq!(printable("a\u{1b}[2Jb"), "a\u{fffd}[2Jb");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) { '\u{fffd}' } else { c };
    let mut characters = text.chars().map(shown);
    let mut short: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// Returns text of a document on one line, complete and without hidden characters.
pub(crate) fn one_line(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
}

/// Returns a description without hidden characters, with its line breaks.
pub(crate) fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', "    ");
    let text = text.replace(has_no_width, "");
    text.split('\n')
        .map(one_line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Quotes a word for a shell, without hidden characters.
pub(crate) fn shell_word(word: &str) -> String {
    let word = one_line(word);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:=#,@%+".contains(&b);
    if word.bytes().all(plain) && !word.is_empty() && !word.starts_with('#') {
        word
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Returns the words of a text, separated by single blanks.
pub(crate) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The maximum length of a part of a message, in characters.
const LONGEST: usize = 800;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_g6_byte_order_marks_decide_the_encoding() {
        let text = "{\"é\": \"𝄞\"}";
        let utf_16 = |mark: [u8; 2], unit: fn(u16) -> [u8; 2]| {
            let units = text.encode_utf16().flat_map(unit);
            mark.into_iter().chain(units).collect::<Vec<u8>>()
        };
        let little = utf_16([0xff, 0xfe], u16::to_le_bytes);
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            utf_16([0xfe, 0xff], u16::to_be_bytes),
            little.clone(),
        ] {
            assert_eq!(decode(bytes), Ok(text.to_owned()));
        }
        assert_eq!(decode(Vec::new()), Ok(String::new()));
        let is_wrong = |bytes: &[u8], error: &str| {
            decode(bytes.to_vec()).is_err_and(|found| found.starts_with(error))
        };
        assert!(is_wrong(&[b'{', 0xc3], "not UTF-8: "));
        assert!(is_wrong(&little[..5], "not UTF-16"));
        assert!(is_wrong(&[0xff, 0xfe, 0, 0xd8], "not UTF-16"));
    }

    #[test]
    fn nothing_hidden_is_printed() {
        let text = "a\u{1b}[31m\n\u{9b}\u{202e}\u{2028}\u{61c}é";
        assert_eq!(
            printable(text),
            "a\u{fffd}[31m\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}é"
        );
    }

    #[test]
    fn words_stay_words() {
        assert_eq!(shell_word("storage.v1.json"), "storage.v1.json");
        assert_eq!(shell_word("projects.**"), "'projects.**'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        assert_eq!(shell_word("$(x)`y`"), "'$(x)`y`'");
        assert_eq!(shell_word(""), "''");
        assert_eq!(shell_word("#a"), "'#a'");
    }

    #[test]
    fn case_s9_characters_without_a_width_are_removed() {
        let tags: String = "evil"
            .bytes()
            .map(|b| char::from_u32(0xe0000 + u32::from(b)))
            .map(Option::unwrap_or_default)
            .collect();
        let hidden = format!(
            "\u{ad}\u{34f}\u{115f}\u{180e}\u{200b}\u{200c}\u{200d}\u{2060}\u{2063}\u{206f}\u{3164}\u{fe0f}\u{ffa0}\u{fffa}\u{e0100}{tags}"
        );
        assert!(hidden.chars().all(is_hidden));
        let text = format!("a{hidden}b é 日本 नि e\u{301} \u{1f600}");
        let plain = text.replace(&hidden, "");
        assert_eq!(visible(&text), plain);
        assert_eq!(lines(&text), plain);
        assert_eq!(visible("a\u{202e}\u{2028}\u{1b}\nb"), "ab");
        assert_eq!(printable("a\u{200b}b"), "a\u{fffd}b");
    }

    #[test]
    fn line_breaks_can_stay() {
        assert_eq!(
            lines("a\r\nb\n\tc\rd\u{85}"),
            "a\nb\n    c\u{fffd}d\u{fffd}"
        );
        assert_eq!(one_line("a\nb\u{1b}[2J"), "a\u{fffd}b\u{fffd}[2J");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(printable(&"é".repeat(LONGEST)), "é".repeat(LONGEST));
        let cut = printable(&"é".repeat(LONGEST + 1));
        assert_eq!(cut, "é".repeat(LONGEST) + "…");
    }
}
