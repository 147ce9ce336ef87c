//! Random texts in paths: every accepted text arrives unchanged.

use super::methods;
use super::paths::recorded;
use super::urls::{self, MARK};
use gapi_runtime::ErrorKind;
use gapi_tests::random::Random;

const CASES: u64 = 20_000;

/// Parts of the texts: many special characters, few plain ones.
const PARTS: [&str; 44] = [
    "/", "//", "\\", ".", "..", ";", "?", "#", "&", "=", "%", "%2", "%2F", "%2f", "%5C", "%2e",
    "%2E", "%25", "%252F", "%3F", "%23", "%00", "%0a", "%C3%A9", "%C0", "%AF", "\r", "\n", "\0",
    "\t", " ", "\u{a0}", "\u{ff0f}", "\u{ff0e}", "é", "{", "}", "+", ":", "@", "x", "v1", "a-b",
    "~",
];

#[tokio::test]
async fn a_random_text_is_rejected_or_unchanged() {
    let methods = methods::all();
    let (mut rejected, mut arrived) = (0, 0);
    for case in 0..CASES {
        let mut random = Random::new(20_260_101, case);
        let method = random.pick(&methods).unwrap();
        let Some(variable) = random.pick(&method.variables) else {
            continue;
        };
        let slots: Vec<usize> = variable.slots().collect();
        let Some(&slot) = random.pick(&slots) else {
            continue;
        };
        let count = 1 + random.below(6);
        let text: String = (0..count).map(|_| random.word(&PARTS)).collect();
        let (spanner, mock) = recorded().await;
        let value = variable.value(slot, &text);
        let sent = methods::send(method.call(&spanner, variable.name, &value)).await;
        if let Err(error) = sent {
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            let start = format!("{}: {} ", method.info.id, variable.name);
            assert!(error.to_string().starts_with(&start), "{error}");
            assert!(mock.requests().is_empty());
            rejected += 1;
            continue;
        }
        let marked = variable.value(slot, MARK);
        let marked = methods::send(method.call(&spanner, variable.name, &marked));
        marked.await.unwrap();
        let [sent, pattern] = mock.requests().try_into().expect("two requests");
        let url = urls::parsed(&sent);
        let pattern = urls::segments(&urls::parsed(&pattern));
        let expected = urls::expected(&pattern, &text, variable.is_reserved);
        assert_eq!(urls::segments(&url), expected, "case {case}: {text:?}");
        assert_eq!(urls::pairs(&url), [("alt".to_owned(), "json".to_owned())]);
        if variable.is_reserved {
            // A gateway that decodes the path finds the same number of segments, and removes none.
            let decoded = urls::decoded(url.path());
            let segments = decoded.split('/');
            assert_eq!(segments.clone().count(), url.path().split('/').count());
            assert!(!segments.into_iter().any(|s| matches!(s, "." | "..")));
        }
        arrived += 1;
    }
    println!("{rejected} rejected, {arrived} arrived");
    assert!(rejected > 2_000 && arrived > 2_000, "{rejected} {arrived}");
}
