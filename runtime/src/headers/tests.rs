use super::*;

fn add(name: &str, value: &str) -> Headers {
    let mut headers = Headers::default();
    headers.add(name.try_into().ok(), value.try_into().ok());
    headers
}

#[test]
fn case_r5_reserved_headers_are_rejected_with_what_to_do() {
    for (name, advice) in [
        ("authorization", "set the credentials"),
        ("Authorization", "set the credentials"),
        ("host", "the transport sets it"),
        ("Content-Length", "the transport sets it"),
        ("transfer-encoding", "the transport sets it"),
        ("connection", "the transport sets it"),
        ("proxy-authorization", "the transport sets it"),
        ("Proxy-Connection", "the transport sets it"),
        ("accept-encoding", "the transport sets it"),
        ("content-type", "follows from the body"),
        ("x-goog-api-key", "`api_key`"),
        ("user-agent", "`user_agent`"),
        ("x-goog-api-client", "names this library"),
        ("range", "`download().range(…)`"),
        ("x-http-method-override", "change the method"),
        ("x-upload-content-type", "an upload sets it"),
        ("x-goog-upload-command", "an upload sets it"),
    ] {
        let headers = add(name, "SECRET");
        assert!(headers.accepted().is_empty(), "{name}");
        let [problem] = headers.problems() else {
            panic!("{name}");
        };
        let start = format!("the header `{}` is reserved: ", name.to_lowercase());
        assert!(problem.starts_with(&start), "{problem}");
        assert!(problem.contains(advice), "{problem}");
        assert!(!problem.contains("SECRET"), "{problem}");
    }
}

#[test]
fn case_r5_what_is_no_header_is_rejected() {
    for (name, value) in [
        ("", "a"),
        ("a b", "a"),
        ("a:", "a"),
        (":authority", "a"),
        ("a\r\nb", "a"),
        ("é", "a"),
        ("x-a", "a\r\nx-evil: b"),
        ("x-a", "a\n"),
        ("x-a", "\0"),
        ("x-a", "\u{7f}"),
        ("x-a", "é"),
        ("x-a", "\u{2028}"),
        ("if-match", ""),
        ("if-none-match", "  "),
    ] {
        let headers = add(name, value);
        assert!(headers.accepted().is_empty(), "{name:?} {value:?}");
        assert_eq!(headers.problems().len(), 1, "{name:?} {value:?}");
    }
    for (name, value) in [
        ("x-a", ""),
        ("X-A", "a\tb"),
        ("accept", "*/*"),
        ("cookie", "a=b"),
    ] {
        let headers = add(name, value);
        assert_eq!(headers.accepted()[name], value);
        assert!(headers.problems().is_empty(), "{name:?} {value:?}");
    }
}

#[test]
fn case_r5_values_that_are_secrets_are_marked() {
    for (name, is_secret) in [
        ("x-goog-encryption-key", true),
        ("x-serverless-authorization", true),
        ("cookie", true),
        ("x-csrf-token", true),
        ("if-match", false),
        ("x-retry-test-id", false),
    ] {
        assert_eq!(add(name, "v").accepted()[name].is_sensitive(), is_secret);
    }
    let mut value = HeaderValue::from_static("v");
    value.set_sensitive(true);
    let mut headers = Headers::default();
    headers.add("x-a".try_into().ok(), Some(value));
    assert!(headers.accepted()["x-a"].is_sensitive());
}

#[test]
fn case_r5_reserved_parameters_are_rejected() {
    for name in [
        "alt",
        "$alt",
        "key",
        "access_token",
        "oauth_token",
        "bearer_token",
        "uploadType",
        "callback",
        "",
    ] {
        assert!(parameter_problem(name).is_some(), "{name}");
    }
    for name in ["fields", "quotaUser", "$.xgafv", "Alt", "altitude"] {
        assert_eq!(parameter_problem(name), None);
    }
}

#[test]
fn case_r5_conditions_are_for_the_first_request() {
    let mut headers = add("if-match", "\"a\"");
    headers.add("x-a".try_into().ok(), "b".try_into().ok());
    let left = headers.without_conditions();
    assert_eq!((left.len(), &left["x-a"]), (1, &"b".try_into().unwrap()));
    headers.set(IF_MATCH, "\"b\"".try_into().ok());
    assert_eq!(headers.accepted()["if-match"], "\"b\"");
    assert_eq!(headers.accepted().len(), 2);
}

#[test]
fn case_r4_a_mask_is_none_of_all_calls() {
    assert!(default_problem(&MASK).is_some());
    assert!(default_problem(&IF_MATCH).is_some());
    assert_eq!(
        default_problem(&HeaderName::from_static("x-goog-request-reason")),
        None
    );
}
