//! Bodies in all formats, split and cut anywhere.

mod forms;
mod limits;

use super::*;
use http::HeaderValue;
use http::header::CONTENT_TYPE;

/// A message that has neither a field `error` nor `result`.
const PLAIN: FieldNames = FieldNames {
    name: "Message",
    rust: "n text",
    wire: &["n", "text"],
};

/// A message with fields that an error and an envelope have too.
const AWKWARD: FieldNames = FieldNames {
    name: "Awkward",
    rust: "code error message n result",
    wire: &["code", "error", "message", "n", "result"],
};

const JSON: &str = "application/json; charset=UTF-8";
const EVENTS: &str = "text/event-stream";

fn splitter(content_type: &str, fields: Option<FieldNames>, limit: usize) -> Splitter {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
    Splitter::new(&headers, fields, limit)
}

/// Returns the messages, and in the end the error or `end`.
fn read(mut splitter: Splitter, chunks: &[&[u8]]) -> Vec<String> {
    let mut found = Vec::new();
    let mut chunks = chunks.iter();
    loop {
        if let Some(next) = splitter.next() {
            let fault = match next {
                Ok(message) => {
                    found.push(String::from_utf8(message.to_vec()).unwrap());
                    continue;
                }
                Err(fault) => fault,
            };
            found.push(match fault {
                Fault::Status(status, _) => {
                    format!("{:?} {status}", status.code.unwrap_or_default())
                }
                Fault::Broken(Broken(reason)) => reason.to_owned(),
                Fault::TooLarge => "too large".to_owned(),
            });
            assert!(splitter.has_ended() && splitter.next().is_none());
            return found;
        }
        if splitter.has_ended() {
            found.push("end".to_owned());
            return found;
        }
        match chunks.next() {
            Some(chunk) => splitter.push(chunk),
            None => splitter.end(),
        }
    }
}

/// Reads a body as a whole, byte by byte, split in two at each place, and in chunks of other sizes. All results are equal.
fn of_any_split(content_type: &str, fields: Option<FieldNames>, body: &[u8]) -> Vec<String> {
    let read = |chunks: &[&[u8]]| read(splitter(content_type, fields, 1 << 20), chunks);
    let whole = read(&[body]);
    for at in 0..=body.len() {
        let (first, second) = body.split_at(at);
        assert_eq!(read(&[first, second]), whole, "split at {at}");
    }
    for size in [1, 2, 3, 5, 7] {
        let chunks: Vec<&[u8]> = body.chunks(size).collect();
        assert_eq!(read(&chunks), whole, "chunks of {size}");
    }
    whole
}

fn plain(content_type: &str, body: &str) -> Vec<String> {
    of_any_split(content_type, Some(PLAIN), body.as_bytes())
}

const TWO: [&str; 3] = [r#"{"n":1}"#, r#"{"text":"a]}\",\\"}"#, "end"];

/// Bodies with the messages of `TWO`.
fn two() -> Vec<(&'static str, String)> {
    let [one, other, _] = TWO;
    let mut bodies: Vec<(&str, String)> = [
        format!("[{one},{other}]"),
        format!("[{one}\n,\r\n{other}\n]\n"),
        format!("\n [\n\n{one}\n,\n\n{other}]"),
        format!("[,{one},,{other},]"),
        format!("[{one}{other}]"),
        format!("[{one}]\n[{other}]\n"),
        format!("{one}\n{other}\n"),
        format!("{one}{other}"),
        format!("\u{feff}[{one},{other}]"),
        format!("{{\"result\":{one}}}\n{{\"result\": {other} }}\n"),
        format!("[{{\"result\":{one}}},\n{{ \"result\" :{other}}}]"),
    ]
    .map(|body| (JSON, body))
    .into();
    for end in ["\n", "\r\n", "\r"] {
        let events = [
            format!("data: {one}\n\ndata: {other}\n\n"),
            format!(
                "data:{one}\n\n: a comment\n\nid: 7\nretry: 10\nevent: message\ndata:{other}\n\n"
            ),
            format!("\u{feff}:\ndata: {one}\n\n\n\ndata: {other}\n\ndata: [DONE]\n\ndata: no\n\n"),
            format!("event: x\ndata: {{\"n\":\ndata: 1}}\n\ndata: {other}\n\n"),
            format!("data: {one}\n\ndata: {{\"result\":{other}}}\n"),
            format!("data: [{one},{other}]\n\n"),
            format!("data\n\ndata: {one}\ndata: {other}"),
            format!("data: {one}\n\n[{other}]\n"),
        ];
        for events in events {
            bodies.push((EVENTS, events.replace('\n', end)));
        }
    }
    bodies
}

#[test]
fn case_r2_messages_in_all_formats() {
    for (content_type, body) in two() {
        let mut found = plain(content_type, &body);
        // A message on two lines of data keeps its line break.
        found[0] = found[0].replace('\n', "");
        found[1] = found[1].trim().to_owned();
        assert_eq!(found, TWO, "{body}");
        // The first byte decides, whatever the content type is.
        let other = if content_type == JSON { EVENTS } else { JSON };
        assert_eq!(plain(other, &body).len(), 3, "{body}");
    }
}

#[test]
fn bodies_without_messages() {
    for body in [
        "",
        " \n",
        "[]",
        "\u{feff}[ ]\n",
        "[,]",
        ": comment\n\n",
        "data: [DONE]\n\n",
        "data:\n\n",
    ] {
        for content_type in [JSON, EVENTS] {
            assert_eq!(plain(content_type, body), ["end"], "{body}");
        }
    }
    let one = r#"{"n":1}"#;
    assert_eq!(plain(JSON, one), [one, "end"]);
    assert_eq!(plain(JSON, &format!("{one}\n")), [one, "end"]);
    // The reader of messages rejects anything that is not a message.
    assert_eq!(
        plain(JSON, r#"["a\"]",1.5e3,null,[1],true]"#),
        [r#""a\"]""#, "1.5e3", "null", "[1]", "true", "end"]
    );
}

/// The forms of an error, with its code and text.
const ERRORS: [(&str, &str); 7] = [
    (
        r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m"}}"#,
        "429 RESOURCE_EXHAUSTED: m",
    ),
    (
        r#"{ "error" : {"code":8,"message":"m","details":[]}}"#,
        "8 RESOURCE_EXHAUSTED: m",
    ),
    (
        r#"{"error":{"grpc_code":8,"http_code":429,"message":"m","http_status":"Too Many Requests"}}"#,
        "429 RESOURCE_EXHAUSTED: m",
    ),
    (
        r#"{"code":8,"message":"m","details":[]}"#,
        "8 RESOURCE_EXHAUSTED: m",
    ),
    (
        r#"{"n":3,"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m"}}"#,
        "429 RESOURCE_EXHAUSTED: m",
    ),
    (r#"{"error":"quota","error_description":"m"}"#, "0 quota: m"),
    (r#"{"error":{}}"#, "0 "),
];

#[test]
fn case_r3_an_error_ends_the_stream_after_the_messages_before_it() {
    let one = r#"{"n":1}"#;
    for (error, said) in ERRORS {
        for before in [0, 2] {
            for after in 0..2 {
                let mut elements = vec![one; before];
                elements.push(error);
                elements.extend(vec![one; after]);
                let mut expected = vec![one; before];
                expected.push(said);
                let array = format!("[{}]", elements.join(",\n"));
                assert_eq!(plain(JSON, &array), expected, "{array}");
                // A server that fails may not get to the end.
                let open = array.trim_end_matches(']');
                assert_eq!(plain(JSON, open), expected, "{open}");
                let lines = format!("{}\n", elements.join("\n"));
                assert_eq!(plain(JSON, &lines), expected, "{lines}");
                let events = elements.map_each(|element| format!("data: {element}\n\n"));
                assert_eq!(plain(EVENTS, &events), expected, "{events}");
                let wrapped = elements.map_each(|element| match element {
                    element if element == one => format!("{{\"result\":{element}}}\n"),
                    error => format!("{error}\n"),
                });
                assert_eq!(plain(JSON, &wrapped), expected, "{wrapped}");
            }
        }
        let events = format!("data: {one}\n\nevent: error\ndata: {error}\n\n");
        assert_eq!(plain(EVENTS, &events).len(), 2);
        // Without the form of an event.
        let events = format!("data: {one}\n\n{error}\n");
        assert_eq!(plain(EVENTS, &events), [one, said], "{events}");
        // After the end of an array.
        let array = format!("[{one}]\n{error}");
        assert_eq!(plain(JSON, &array), [one, said], "{array}");
    }
}

trait MapEach {
    fn map_each(&self, map: impl Fn(&str) -> String) -> String;
}

impl MapEach for Vec<&str> {
    fn map_each(&self, map: impl Fn(&str) -> String) -> String {
        self.iter().map(|element| map(element)).collect()
    }
}

#[test]
fn case_r3_an_event_of_the_type_error_is_one() {
    for (data, said) in [
        (
            r#"data: {"error":{"code":8,"message":"m"}}"#,
            "8 RESOURCE_EXHAUSTED: m",
        ),
        (r#"data: {"code":503,"message":"m"}"#, "503 m"),
        ("data: it failed", "0 it failed"),
        ("id: 1", "0 "),
    ] {
        let events = format!("data: {{\"n\":1}}\n\nevent: error\n{data}\n\n");
        assert_eq!(plain(EVENTS, &events), [r#"{"n":1}"#, said], "{events}");
    }
}

#[test]
fn case_r3_an_error_beyond_the_memory_of_errors_is_one() {
    let details = vec!["{}"; 300_000].join(",");
    let body = format!(r#"[{{"n":1}},{{"error":{{"code":8,"details":[{details}]}}}}]"#);
    let found = read(splitter(JSON, Some(PLAIN), 1 << 20), &[body.as_bytes()]);
    assert_eq!(found, [r#"{"n":1}"#, "8 RESOURCE_EXHAUSTED"]);
}

#[test]
fn case_r3_a_message_with_a_field_of_that_name_is_a_message() {
    let messages = [
        r#"{"error":{"code":5,"message":"m"}}"#,
        r#"{"error":{"code":5,"message":"m"},"n":1}"#,
        r#"{"error":{"code":404,"status":"NOT_FOUND","message":"m"},"n":1}"#,
        r#"{"error":"m"}"#,
        r#"{"code":5,"message":"m"}"#,
        r#"{"result":{"rows":1}}"#,
        r#"{"result":{}}"#,
        r#"{"result":{"n":1},"n":1}"#,
    ];
    for message in messages {
        let array = format!("[{message},{message}]");
        let found = of_any_split(JSON, Some(AWKWARD), array.as_bytes());
        assert_eq!(found, [message, message, "end"]);
        let lines = format!("{message}\n{message}");
        let found = of_any_split(JSON, Some(AWKWARD), lines.as_bytes());
        assert_eq!(found, [message, message, "end"]);
    }
    // These are certain.
    for (element, said) in [
        (
            r#"{"error":{"code":404,"status":"NOT_FOUND","message":"m"}}"#,
            "404 NOT_FOUND: m",
        ),
        (
            r#"{"error":{"grpc_code":5,"http_code":404,"message":"m"}}"#,
            "404 NOT_FOUND: m",
        ),
        (r#"{"result":{"n":1,"error":{}}}"#, r#"{"n":1,"error":{}}"#),
    ] {
        let found = of_any_split(JSON, Some(AWKWARD), element.as_bytes());
        assert_eq!(found[0], said);
    }
    for message in [
        r#"{"error":null}"#,
        r#"{"n":1,"text":"error"}"#,
        r#"{"text":"code"}"#,
    ] {
        assert_eq!(plain(JSON, message), [message, "end"]);
    }
}

#[test]
fn messages_without_known_fields() {
    for (body, expected) in [
        (
            r#"[{"n":1},{"error":{"message":"m"}}]"#,
            vec![r#"{"n":1}"#, "0 m"],
        ),
        (r#"{"result":{"n":1}}"#, vec![r#"{"n":1}"#, "end"]),
        (r#"[{"result":1}]"#, vec![r#"{"result":1}"#, "end"]),
        (
            r#"{"n":1,"error":{}}"#,
            vec![r#"{"n":1,"error":{}}"#, "end"],
        ),
    ] {
        assert_eq!(of_any_split(JSON, None, body.as_bytes()), expected);
    }
}

#[test]
fn case_r3_a_stream_that_breaks_off_is_an_error() {
    for (content_type, body) in two() {
        let body = body.as_bytes();
        for cut in 1..body.len() {
            let found = read(
                splitter(content_type, Some(PLAIN), 1 << 20),
                &[&body[..cut]],
            );
            let (last, messages) = found.split_last().unwrap();
            let expected = read(splitter(content_type, Some(PLAIN), 1 << 20), &[body]);
            assert!(expected.starts_with(messages), "{found:?}");
            let text = String::from_utf8_lossy(&body[..cut]);
            if last == "end" {
                // Every message and every array that has begun is complete.
                let open = text.matches('[').count() + text.matches('{').count();
                let closed = text.matches(']').count() + text.matches('}').count();
                let in_text = text.matches("a]").count() + text.matches("a]}").count();
                assert_eq!(open + in_text, closed, "{text}");
            }
        }
    }
    for (body, said) in [
        ("[", "ends within an array"),
        (r#"[{"n":1}"#, "ends within an array"),
        (r#"[{"n":1},"#, "ends within an array"),
        (r#"[{"n":1},{"n""#, "ends within a message"),
        (r#"{"n":1"#, "ends within a message"),
        (r#"data: {"n":"#, "ends within a message"),
        ("data: {}\n\nda", "ends within an event"),
        ("<html>", "is neither JSON nor a stream of events"),
        ("denied", "is neither JSON nor a stream of events"),
        ("internal error\n", "is neither JSON nor a stream of events"),
        (
            "error: no such user\n",
            "is neither JSON nor a stream of events",
        ),
        (
            " \r\nretry later\n\n",
            "is neither JSON nor a stream of events",
        ),
        ("[{}]]", "is neither JSON nor a stream of events"),
        ("[{}]<html>", "is neither JSON nor a stream of events"),
        ("\u{feff}}", "is neither JSON nor a stream of events"),
    ] {
        let found = plain(JSON, body);
        assert_eq!(found.last().map(String::as_str), Some(said), "{body}");
    }
}

#[test]
fn case_r3_events_without_a_field_are_an_error() {
    const NEITHER: &str = "is neither JSON nor a stream of events";
    for (body, said) in [
        ("denied\n", NEITHER),
        ("denied", NEITHER),
        ("Bad gateway\r\n\r\ntry later\r\n", NEITHER),
        ("<html>\n<body>\n", NEITHER),
        ("", "end"),
        ("\n\n", "end"),
        (": waiting\n", "end"),
        (": waiting", "end"),
        ("retry: 10\n", "end"),
        ("id: 1\nfoo\n", "end"),
        ("foo: bar\n\ndata: {\"n\":1}\n", "end"),
    ] {
        let found = of_any_split(EVENTS, Some(PLAIN), body.as_bytes());
        assert_eq!(found.last().map(String::as_str), Some(said), "{body}");
    }
}
