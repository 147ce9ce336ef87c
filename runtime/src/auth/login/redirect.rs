//! The request that the browser sends after the redirect, read without trust: every local program and every web page can send
//! requests to the listener.

use super::page::Page;
use percent_encoding::percent_decode_str;

/// The largest head of a request, in bytes. Google's redirects have less than 2 KiB.
pub(super) const MAX_HEAD: usize = 16 << 10;

/// The parameters of a redirect (RFC 6749, sections 4.1.2 and 4.1.2.1). It has no `Debug`, because it holds the code.
pub(super) struct Redirect {
    pub(super) state: String,
    pub(super) outcome: Outcome,
}

pub(super) enum Outcome {
    Code(String),
    /// The error code of the authorization server.
    Error(String),
}

/// Returns `true` if the head of the request is complete.
pub(super) fn is_complete(head: &[u8]) -> bool {
    head.windows(4).any(|end| end == b"\r\n\r\n")
}

/// Parses the head of a request to this authority, for instance `127.0.0.1:4711`. Returns the page of an error for anything but
/// a redirect.
pub(super) fn parse(head: &[u8], authority: &str) -> Result<Redirect, Page> {
    let head = str::from_utf8(head).map_err(|_| Page::Malformed)?;
    let (head, _) = head.split_once("\r\n\r\n").ok_or(Page::Malformed)?;
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (verb, target, version) = (words.next(), words.next(), words.next());
    let (Some(verb), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (verb, target, version, words.next())
    else {
        return Err(Page::Malformed);
    };
    check_host(lines, authority)?;
    if verb != "GET" {
        return Err(Page::Verb);
    }
    match target.split_once('?') {
        Some(("/", query)) => parameters(query),
        _ => Err(Page::NotFound),
    }
}

/// Checks the header `Host`. A web page can make a browser send requests here by a name in its own domain that resolves to this
/// machine (DNS rebinding). Such requests have that name.
fn check_host<'a>(lines: impl Iterator<Item = &'a str>, authority: &str) -> Result<(), Page> {
    let mut hosts = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim())
    });
    match (hosts.next(), hosts.next()) {
        (Some(host), None) if host == authority => Ok(()),
        _ => Err(Page::Host),
    }
}

/// Reads the parameters. Each may be there once (RFC 6749, section 3.1). Others are ignored.
fn parameters(query: &str) -> Result<Redirect, Page> {
    let (mut state, mut code, mut error) = (None, None, None);
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let place = match name {
            "state" => &mut state,
            "code" => &mut code,
            "error" => &mut error,
            _ => continue,
        };
        let value = value.replace('+', " ");
        let value = percent_decode_str(&value).decode_utf8();
        let value = value.map_err(|_| Page::Malformed)?.into_owned();
        if place.replace(value).is_some() {
            return Err(Page::Malformed);
        }
    }
    let outcome = match (code, error) {
        (Some(code), None) if !code.is_empty() => Outcome::Code(code),
        (None, Some(error)) => Outcome::Error(error),
        _ => return Err(Page::Malformed),
    };
    let state = state.ok_or(Page::Stranger)?;
    Ok(Redirect { state, outcome })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHORITY: &str = "127.0.0.1:4711";

    fn page(head: &str) -> Option<Page> {
        parse(head.as_bytes(), AUTHORITY).err()
    }

    fn get(target: &str) -> String {
        format!("GET {target} HTTP/1.1\r\nHost: {AUTHORITY}\r\nAccept: */*\r\n\r\n")
    }

    #[test]
    fn redirects_have_a_code_or_an_error() {
        let redirect = parse(
            get("/?state=a%2Bb&iss=https://a&code=4%2F0A+x&scope=b").as_bytes(),
            AUTHORITY,
        );
        let redirect = redirect.ok().unwrap();
        assert_eq!(redirect.state, "a+b");
        assert!(matches!(redirect.outcome, Outcome::Code(code) if code == "4/0A x"));
        let redirect = parse(get("/?error=access_denied&state=s").as_bytes(), AUTHORITY);
        let outcome = redirect.ok().unwrap().outcome;
        assert!(matches!(outcome, Outcome::Error(error) if error == "access_denied"));
    }

    #[test]
    fn everything_else_gets_a_page() {
        for (head, expected) in [
            (get("/favicon.ico"), Page::NotFound),
            (get("/"), Page::NotFound),
            (get("//?state=s&code=c"), Page::NotFound),
            (get("http://127.0.0.1:4711/?state=s&code=c"), Page::NotFound),
            (get("/?"), Page::Malformed),
            (get("/?code=c"), Page::Stranger),
            (get("/?state=s"), Page::Malformed),
            (get("/?state=s&code="), Page::Malformed),
            (get("/?state=s&code=c&error=e"), Page::Malformed),
            (get("/?state=s&code=c&code=d"), Page::Malformed),
            (get("/?state=s&state=s&code=c"), Page::Malformed),
            (get("/?state=s&code=%ff"), Page::Malformed),
            (get("/?state=s&code=c HTTP/1.1 x"), Page::Malformed),
            (get("/?state=s&code=c").replace("GET", "POST"), Page::Verb),
            (get("/?state=s&code=c").replace("GET", "HEAD"), Page::Verb),
            (
                get("/?state=s&code=c").replace("HTTP/1.1", "HTTP/2"),
                Page::Malformed,
            ),
            (
                get("/?state=s&code=c").replace(AUTHORITY, "evil.example:4711"),
                Page::Host,
            ),
            (
                get("/?state=s&code=c").replace(AUTHORITY, "localhost:4711"),
                Page::Host,
            ),
            (
                get("/?state=s&code=c").replace(AUTHORITY, "127.0.0.1:4712"),
                Page::Host,
            ),
            (
                get("/?state=s&code=c").replace("Host", "X-Host"),
                Page::Host,
            ),
            (
                get("/?state=s&code=c").replace("Accept", "host"),
                Page::Host,
            ),
            ("GET / HTTP/1.1\r\n".to_owned(), Page::Malformed),
            ("\r\n\r\n".to_owned(), Page::Malformed),
            (String::new(), Page::Malformed),
        ] {
            assert_eq!(page(&head), Some(expected), "{head}");
        }
        assert_eq!(
            parse(b"GET /\xff HTTP/1.1\r\n\r\n", AUTHORITY).err(),
            Some(Page::Malformed)
        );
        assert!(!is_complete(b"GET / HTTP/1.1\r\nHost: a\r\n"));
        assert!(is_complete(get("/").as_bytes()));
    }
}
