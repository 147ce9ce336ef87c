//! Texts that look like an error or a stream of events and are none, and errors that do not look like one.

use super::*;

#[test]
fn case_r3_a_message_with_the_text_error_is_a_message() {
    const STATUS: FieldNames = FieldNames {
        name: "Status",
        rust: "code message status",
        wire: &["code", "message", "status"],
    };
    for message in [
        r#"{"code":3,"message":"error"}"#,
        r#"{"code":3,"message":"m","status":"error"}"#,
    ] {
        let array = format!("[{message},{message}]");
        let found = of_any_split(JSON, Some(STATUS), array.as_bytes());
        assert_eq!(found, [message, message, "end"]);
        let events = format!("data: {message}\n\n");
        let found = of_any_split(EVENTS, Some(STATUS), events.as_bytes());
        assert_eq!(found, [message, "end"]);
    }
}

#[test]
fn case_r3_an_error_that_needs_much_memory_is_an_error() {
    let details = vec!["{}"; 300_000].join(",");
    let error = format!(
        r#"{{"error":{{"details":[{details}],"code":429,"status":"RESOURCE_EXHAUSTED","message":"m"}}}}"#
    );
    let text = "x".repeat(9 << 20);
    for (element, said) in [
        (error.as_str(), "429 RESOURCE_EXHAUSTED: m"),
        (&format!(r#"{{"error":"{text}"}}"#), "0 "),
        (
            &format!(r#"{{"error":{{"code":8,"message":"{text}"}}}}"#),
            "8 RESOURCE_EXHAUSTED",
        ),
    ] {
        let body = format!(r#"[{{"n":1}},{element}]"#);
        let found = read(splitter(JSON, Some(PLAIN), 1 << 30), &[body.as_bytes()]);
        assert_eq!(found, [r#"{"n":1}"#, said]);
    }
    // No error at all.
    for element in [
        format!(r#"{{"error":null,"n":[{details}]}}"#),
        format!(r#"{{"text":"error","n":[{details}]}}"#),
    ] {
        let found = read(splitter(JSON, Some(PLAIN), 1 << 30), &[element.as_bytes()]);
        assert_eq!(found, [element.as_str(), "end"]);
    }
}

#[test]
fn case_r3_an_event_of_the_type_error_may_hold_a_list() {
    let events = concat!(
        "event: error\n",
        r#"data: [{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m"}}]"#,
        "\n\n"
    );
    assert_eq!(plain(EVENTS, events), ["429 RESOURCE_EXHAUSTED: m"]);
    let events = "event: error\ndata: []\n\n";
    assert_eq!(plain(EVENTS, events), ["0 "]);
}

#[test]
fn case_r3_words_are_no_stream_of_events() {
    const FOREIGN: &str = "is neither JSON nor a stream of events";
    for text in [
        "internal server error\n",
        "deadline exceeded",
        "error: rate limited\r\n",
        "rate limited\n\n",
        "error\ndata: {\"n\":1}\n\n",
        "events\n",
    ] {
        assert_eq!(plain(JSON, text), [FOREIGN], "{text}");
        assert_eq!(plain("text/plain", text), [FOREIGN], "{text}");
    }
    for text in ["<html>\n</html>\n", "internal server error\n", "x"] {
        assert_eq!(plain(EVENTS, text), [FOREIGN], "{text}");
    }
    // A stream of events can have its own fields.
    let one = r#"{"n":1}"#;
    for text in [
        format!("x-field: 1\ndata: {one}\n\n"),
        format!("error\n\ndata: {one}\n\nx\n"),
    ] {
        assert_eq!(plain(EVENTS, &text), [one, "end"], "{text}");
    }
    for text in [
        format!("data: {one}\nx: 1\n\n"),
        format!(":\nerror: 1\ndata: {one}\n\n"),
    ] {
        assert_eq!(plain(JSON, &text), [one, "end"], "{text}");
    }
}

/// Errors of servers that follow no protocol of Google's, and names that are written with escapes.
#[test]
fn case_r3_an_error_of_any_form_ends_the_stream() {
    for (error, said) in [
        (
            r#"{"\u0065rror":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m"}}"#,
            "429 RESOURCE_EXHAUSTED: m",
        ),
        (
            r#"{"n":1,"\u0065rror":{"code":8,"message":"m"}}"#,
            "8 RESOURCE_EXHAUSTED: m",
        ),
        (
            r#"{"c\u006fde":8,"message":"m"}"#,
            "8 RESOURCE_EXHAUSTED: m",
        ),
        (
            r#"{"result":{"error":{"code":8,"message":"m"}}}"#,
            "8 RESOURCE_EXHAUSTED: m",
        ),
        (
            r#"{"r\u0065sult": {"n":1,"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}} }"#,
            "429 RESOURCE_EXHAUSTED",
        ),
        (
            r#"{"result":{"code":8,"message":"m","details":[]}}"#,
            "8 RESOURCE_EXHAUSTED: m",
        ),
        (
            r#"{"error":[{"code":8,"message":"m"}]}"#,
            "8 RESOURCE_EXHAUSTED: m",
        ),
        (r#"{"error":["m"]}"#, "0 \"m\""),
        (r#"{"error":5}"#, "0 5"),
        (r#"{"n":1,"error":true}"#, "0 "),
        (r#"{"errors":[{"reason":"r","message":"m"}]}"#, "0 m"),
        (r#"{"result":{"errors":[{"message":"m"}]}}"#, "0 m"),
    ] {
        let one = r#"{"n":1}"#;
        let array = format!("[{one},{error},{one}]");
        assert_eq!(plain(JSON, &array), [one, said], "{array}");
        let lines = format!("{one}\n{error}\n");
        assert_eq!(plain(JSON, &lines), [one, said], "{lines}");
        let events = format!("data: {one}\n\ndata: {error}\n\n");
        assert_eq!(plain(EVENTS, &events), [one, said], "{events}");
    }
}

#[test]
fn case_r3_a_message_that_states_no_error_is_a_message() {
    // Messages that can have all of these fields.
    const FIELDS: FieldNames = FieldNames {
        name: "Fields",
        rust: "error errors n",
        wire: &["error", "errors", "n"],
    };
    for message in [
        r#"{"error":null}"#,
        r#"{"n":1,"error":false}"#,
        r#"{"error":[]}"#,
        r#"{"errors":[]}"#,
        r#"{"errors":["m"]}"#,
        r#"{"n":1,"errors":[{"message":"m"}]}"#,
        r#"{"\u0065rro":{}}"#,
        r#"{"\ud800":{},"n":"error"}"#,
        r#"{"n":{"error":{"code":5}}}"#,
    ] {
        assert_eq!(plain(JSON, message), [message, "end"]);
        let wrapped = format!(r#"{{"result":{message}}}"#);
        assert_eq!(plain(JSON, &wrapped), [message, "end"]);
    }
    for message in [
        r#"{"error":5}"#,
        r#"{"error":true}"#,
        r#"{"error":[{"code":404,"status":"NOT_FOUND"}]}"#,
        r#"{"errors":[{"message":"m"}]}"#,
        r#"{"\u0065rror":{"code":5,"message":"m"}}"#,
    ] {
        let found = of_any_split(JSON, Some(FIELDS), message.as_bytes());
        assert_eq!(found, [message, "end"]);
        let wrapped = format!(r#"{{"result":{message}}}"#);
        let found = of_any_split(JSON, Some(FIELDS), wrapped.as_bytes());
        assert_eq!(found, [message, "end"]);
    }
}
