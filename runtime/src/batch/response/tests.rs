//! Responses to batches, in many forms.

use super::*;

/// Reads the responses to any number of calls.
fn read(headers: &HeaderMap, body: &[u8]) -> Option<Vec<(usize, Part)>> {
    read_parts(headers, &Bytes::copy_from_slice(body), usize::MAX)
}

const TYPE: &str = "multipart/mixed; boundary=\"b 1\"";
const RESPONSE: &str = "preamble\r\n\
    --b 1\r\n\
    Content-Type: application/http\r\n\
    Content-ID: <response-call-1>\r\n\
    \r\n\
    HTTP/1.1 200 OK\r\n\
    Content-Type: application/json\r\n\
    ETag: \"x:y\"\r\n\
    \r\n\
    {\"name\":\r\n\r\n\"--b 1\"}\r\n\
    --b 1  \r\n\
    content-id: response-call-0\r\n\
    \r\n\
    HTTP/1.1 204 No Content\r\n\
    \r\n\
    --b 1--\r\n\
    epilogue\r\n--b 1\r\n\r\n";

/// The position, and status and body.
type Shown = (usize, Option<(u16, Bytes)>);

fn responses(content_type: &str, body: &[u8]) -> Option<Vec<Shown>> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).ok()?);
    let responses = read(&headers, body)?.into_iter();
    let shown = responses.map(|(position, response)| {
        let response = response.ok();
        let shown = response.map(|response| (response.status().as_u16(), response.into_body()));
        (position, shown)
    });
    Some(shown.collect())
}

#[test]
fn parts_are_found_by_their_ids() {
    let expected = |line_break: &str| {
        let json = format!("{{\"name\":{line_break}{line_break}\"--b 1\"}}");
        Some(vec![
            (1, Some((200, Bytes::from(json)))),
            (0, Some((204, Bytes::new()))),
        ])
    };
    assert_eq!(responses(TYPE, RESPONSE.as_bytes()), expected("\r\n"));
    let bare = RESPONSE.replace("\r\n", "\n");
    assert_eq!(responses(TYPE, bare.as_bytes()), expected("\n"));
}

#[test]
fn case_r23_parameters_without_a_value() {
    for (content_type, expected) in [
        ("multipart/mixed; boundary=b", Some("b")),
        ("Multipart/Mixed;charset=x ; BOUNDARY = b ; c=d", Some("b")),
        (
            r#"multipart/mixed; a="x;boundary=y"; boundary="b\"c;d""#,
            Some("b\"c;d"),
        ),
        ("multipart/mixed; boundary=batch_a-b=c", Some("batch_a-b=c")),
        ("multipart/mixed; boundary=", None),
        // Parameters without a value, and semicolons too many.
        ("multipart/mixed; foo; boundary=b", Some("b")),
        ("multipart/mixed;foo;;boundary=b;bar", Some("b")),
        ("multipart/mixed; foo=; boundary=b", Some("b")),
        ("multipart/mixed; boundary; boundary=b", Some("b")),
        (
            r#"multipart/mixed; foo="a\\"; bar; boundary="b\ c""#,
            Some("b c"),
        ),
        (
            r#"multipart/mixed; foo="a;boundary=x" bar; boundary=b"#,
            Some("b"),
        ),
        ("multipart/mixed; boundary=\"\"", None),
        ("multipart/mixed; boundary=\"b", None),
        ("multipart/mixed; boundary", None),
        ("multipart/mixed", None),
        ("application/json; boundary=b", None),
        ("", None),
    ] {
        assert_eq!(
            boundary(content_type).as_deref(),
            expected,
            "{content_type}"
        );
    }
}

#[test]
fn what_is_not_whole_does_not_count() {
    let whole = RESPONSE.find("--b 1--").unwrap();
    let cut = &RESPONSE.as_bytes()[..whole];
    assert_eq!(
        responses(TYPE, cut).map(|responses| responses.len()),
        Some(1)
    );
    for content in [
        "",
        "HTTP/1.1",
        "HTTP/1.1 20",
        "HTTP/1.1 x y",
        "SMTP 200 OK",
        "{}",
        "\u{e9}",
    ] {
        let body = format!(
            "--b 1\n\ncontent-id: x\n--b 1\ncontent-id: <response-call-7>\n\n{content}\n--b 1--"
        );
        assert_eq!(
            responses(TYPE, body.as_bytes()),
            Some(vec![(7, None)]),
            "{content}"
        );
    }
    for id in [
        "",
        "call-1",
        "<response-call->",
        "<response-call-+1>",
        "<response-x + 1>",
    ] {
        let body = format!("--b 1\ncontent-id: {id}\n\nHTTP/1.1 200 OK\n\n{{}}\n--b 1--");
        assert_eq!(responses(TYPE, body.as_bytes()), Some(Vec::new()), "{id}");
    }
}

#[test]
fn case_r23_folded_headers() {
    for fold in ["\n ", "\r\n\t", "\n  \n\t "] {
        let body = format!(
            "--b 1\ncontent-type:{fold}application/http\nContent-ID:{fold}<response-call-3>{fold}\n\n\
             HTTP/1.1 200 OK\nx: a{fold}b\n\n{{}}\n--b 1--"
        );
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(TYPE));
        let responses = read(&headers, body.as_bytes()).unwrap();
        let [(3, Ok(response))] = &responses[..] else {
            panic!("{responses:?}");
        };
        assert_eq!(response.body(), "{}");
        let value = response.headers()["x"].to_str().unwrap();
        assert_eq!(value.split_whitespace().collect::<Vec<_>>(), ["a", "b"]);
    }
}

#[test]
fn case_r23_a_part_that_is_cut_off() {
    for (status, length, is_whole) in [
        ("200 OK", "content-length: 2", true),
        ("200 OK", "content-length: 1", true),
        ("200 OK", "content-length: two", true),
        ("200 OK", "content-length: 3", false),
        ("200 OK", "Content-Length:99999999999", false),
        ("200 OK", "content-length: 2, 3", false),
        ("200 OK", "content-length: 2\ncontent-length: 3", false),
        ("404 Not Found", "content-length: 3", false),
        ("304 Not Modified", "content-length: 3", true),
        ("204 No Content", "content-length: 3", true),
    ] {
        let body = format!(
            "--b 1\ncontent-id: <response-call-0>\n\nHTTP/1.1 {status}\n{length}\n\n{{}}\n--b 1--"
        );
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(TYPE));
        let responses = read(&headers, body.as_bytes()).unwrap();
        let [(0, response)] = &responses[..] else {
            panic!("{responses:?}");
        };
        assert_eq!(response.is_ok(), is_whole, "{status} {length}");
    }
}

#[test]
fn more_headers_than_a_map_can_hold() {
    let many = (0..40_000).fold(String::new(), |text, n| text + &format!("x-{n}: y\n"));
    let body =
        format!("--b 1\ncontent-id: <response-call-0>\n\nHTTP/1.1 200 OK\n{many}\n{{}}\n--b 1--");
    let found = responses(TYPE, body.as_bytes());
    assert_eq!(found, Some(vec![(0, Some((200, Bytes::from("{}"))))]));
}

/// Reads responses with bytes changed, lost, doubled and moved, and accepts any result.
#[test]
fn no_response_is_too_odd_to_be_read() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % 1_000_003).unwrap_or_default() % below.max(1)
    };
    let marks: &[&[u8]] = &[
        b"\n",
        b"\r\n",
        b"--",
        b"--b 1\n",
        b":",
        b"\"",
        b"\\",
        b"\0",
        b"\xff",
        b"HTTP/1.1 ",
    ];
    for _ in 0..50_000 {
        let mut body = RESPONSE.as_bytes().to_vec();
        let mut content_type = TYPE.as_bytes().to_vec();
        for _ in 0..=random(4) {
            let text = if random(8) == 0 {
                &mut content_type
            } else {
                &mut body
            };
            let (at, to) = (random(text.len()), random(text.len()));
            let range = at.min(to)..at.max(to);
            match random(5) {
                0 => text.truncate(at),
                1 => drop(text.drain(range)),
                2 => text.extend_from_within(range),
                3 => drop(text.splice(at..at, marks[random(marks.len())].iter().copied())),
                _ => text
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte = u8::try_from(to % 256).unwrap()),
            }
        }
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&content_type) {
            headers.insert(CONTENT_TYPE, value);
        }
        let _ = read(&headers, &body);
    }
}
