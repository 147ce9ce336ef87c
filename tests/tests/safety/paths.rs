//! Every hostile text in every place of every path parameter of every method.

use super::hostile::{Fate, HOSTILE, Hostile, MISMATCH};
use super::methods::{self, Method, Part, Variable};
use super::urls::{self, MARK};
use gapi::spanner_v1::Spanner;
use gapi_runtime::{Bytes, Error, ErrorKind, MockTransport, http};

/// Returns a client with a mock transport.
pub(super) async fn recorded() -> (Spanner, MockTransport) {
    let mock = MockTransport::with(|_| Ok(http::Response::new(Bytes::from_static(b"{}"))));
    let spanner = Spanner::builder().transport(mock.clone()).build();
    (spanner.await.unwrap(), mock)
}

/// Returns a client whose transport fails the test if anything is sent.
pub(super) async fn silent() -> Spanner {
    let transport =
        MockTransport::with(|request| panic!("nothing may be sent to {}", request.uri()));
    let spanner = Spanner::builder().transport(transport).build();
    spanner.await.unwrap()
}

#[track_caller]
fn check_rejection(error: &Error, method: &Method, variable: &Variable, value: &str, reason: &str) {
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{value:?}");
    assert_eq!(error.method_id(), Some(method.info.id));
    assert_eq!(error.attempts(), 0);
    let text = error.to_string();
    let (id, name) = (method.info.id, variable.name);
    assert!(
        text.starts_with(&format!("{id}: {name} ")),
        "{value:?}: {text}"
    );
    assert!(text.contains(reason), "{value:?}: {text}");
}

/// Returns the expected outcome of a text in a place.
fn fate(hostile: &Hostile, variable: &Variable, slot: usize) -> Fate {
    if !variable.is_reserved {
        hostile.alone
    } else if hostile.text.contains('\n') && variable.parts[slot] == Part::Segment {
        // `[^/]+` takes a line break, and perhaps `.*` what comes after a slash.
        match hostile.in_segment {
            MISMATCH if variable.is_open(slot) => Fate::Arrives,
            fate => fate,
        }
    } else if variable.is_open(slot) {
        hostile.in_anything
    } else {
        hostile.in_segment
    }
}

#[tokio::test]
async fn a_hostile_text_is_rejected_or_is_one_segment() {
    let silent = silent().await;
    let (mut rejected, mut arrived) = (0, 0);
    for method in methods::all() {
        let (spanner, mock) = recorded().await;
        // First a request for each marker, then those with hostile texts in the same order.
        let mut expected = Vec::new();
        for variable in &method.variables {
            for slot in variable.slots() {
                let marked = method.call(&spanner, variable.name, &variable.value(slot, MARK));
                methods::send(marked).await.unwrap();
                let marks = expected.len();
                expected.push(None);
                for hostile in HOSTILE {
                    let value = variable.value(slot, hostile.text);
                    match fate(hostile, variable, slot) {
                        Fate::Rejected(reason) => {
                            let call = method.call(&silent, variable.name, &value);
                            let error = methods::send(call).await.unwrap_err();
                            check_rejection(&error, &method, variable, &value, reason);
                            rejected += 1;
                        }
                        Fate::Arrives => {
                            let call = method.call(&spanner, variable.name, &value);
                            let sent = methods::send(call).await;
                            sent.unwrap_or_else(|error| panic!("{value:?}: {error}"));
                            expected.push(Some((marks, hostile.text, variable.is_reserved)));
                            arrived += 1;
                        }
                    }
                }
            }
        }
        let requests = mock.requests();
        assert_eq!(requests.len(), expected.len());
        for (request, expected) in requests.iter().zip(expected) {
            let url = urls::parsed(request);
            assert_eq!(urls::pairs(&url), [("alt".to_owned(), "json".to_owned())]);
            assert_eq!(request.method(), method.info.verb.as_str());
            if let Some((marks, text, is_reserved)) = expected {
                let pattern = urls::segments(&urls::parsed(&requests[marks]));
                let expected = urls::expected(&pattern, text, is_reserved);
                assert_eq!(urls::segments(&url), expected, "{url}");
            }
        }
    }
    // Visible with `--nocapture`.
    println!("{rejected} rejected, {arrived} arrived");
    assert!(
        rejected > 50_000 && arrived > 50_000,
        "{rejected} {arrived}"
    );
}

#[tokio::test]
async fn case_r1_nothing_but_the_pattern_can_be_skipped() {
    let (spanner, _) = recorded().await;
    let mut skipped = 0;
    for method in methods::all() {
        for variable in &method.variables {
            for slot in variable.slots() {
                let call = |text: &str| {
                    let call = method.call(&spanner, variable.name, &variable.value(slot, text));
                    call.skip_pattern_checks().to_http()
                };
                let marks = urls::segments(&urls::parsed(&call(MARK).unwrap()));
                for hostile in HOSTILE {
                    let text = hostile.text;
                    match fate(hostile, variable, slot) {
                        Fate::Rejected(reason) if Fate::Rejected(reason) != MISMATCH => {
                            let error = call(text).unwrap_err();
                            check_rejection(&error, &method, variable, text, reason);
                        }
                        fate => {
                            let sent =
                                call(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
                            let segments = urls::segments(&urls::parsed(&sent));
                            let expected = urls::expected(&marks, text, variable.is_reserved);
                            assert_eq!(segments, expected, "{text:?}");
                            skipped += usize::from(fate == MISMATCH);
                        }
                    }
                }
            }
        }
    }
    assert!(skipped > 1_000, "{skipped}");
}

#[tokio::test]
async fn a_value_that_is_hostile_as_a_whole_is_rejected() {
    let silent = silent().await;
    for method in methods::all() {
        for variable in &method.variables {
            if variable.parts == [Part::Segment] {
                continue;
            }
            for hostile in HOSTILE {
                let call = method.call(&silent, variable.name, hostile.text);
                let error = methods::send(call).await.unwrap_err();
                check_rejection(&error, &method, variable, hostile.text, "");
            }
            // A value that does not match the pattern.
            let plain = variable.plain();
            let last = variable.parts.last();
            let is_open = last == Some(&Part::Anything);
            for value in [
                format!("x{plain}"),
                format!("{plain}/x"),
                plain.to_uppercase(),
            ] {
                if is_open && value.starts_with(&plain) {
                    continue;
                }
                let call = method.call(&silent, variable.name, &value);
                let error = methods::send(call).await.unwrap_err();
                check_rejection(&error, &method, variable, &value, "does not match ^");
            }
        }
    }
}

#[tokio::test]
async fn what_is_too_long_is_named() {
    let (spanner, mock) = recorded().await;
    let silent = silent().await;
    // Tests a few methods, because long texts are slow and the methods do not differ in this.
    for method in methods::all().into_iter().step_by(20) {
        for variable in &method.variables {
            // One is always the same.
            let Some(slot) = variable.slots().next() else {
                continue;
            };
            let long = variable.value(slot, &"x".repeat(70_000));
            let error = methods::send(method.call(&silent, variable.name, &long)).await;
            check_rejection(&error.unwrap_err(), &method, variable, "", "is too long");
        }
        let mut variables = method.variables.iter();
        if let Some((variable, slot)) = variables.find_map(|v| Some((v, v.slots().next()?))) {
            let fits = variable.value(slot, &"é".repeat(5_000));
            let call = method.call(&spanner, variable.name, &fits);
            methods::send(call).await.unwrap();
        }
    }
    for request in mock.requests() {
        urls::parsed(&request);
    }
}
