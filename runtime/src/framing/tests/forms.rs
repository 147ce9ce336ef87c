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
