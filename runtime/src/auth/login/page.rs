//! The pages that the browser shows after the redirect. None has a secret, or text of a request.

use http::StatusCode;

/// The end of a login, as the browser shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Success,
    /// The user or an administrator denied access.
    Denied,
    /// The login failed. The program shows the error.
    Failed,
    /// The request belongs to no login, or to another one.
    Stranger,
    /// No page is here.
    NotFound,
    /// The verb is not GET.
    Verb,
    /// The request was sent to another name than the one of the redirect.
    Host,
    /// The request is not HTTP, or too large.
    Malformed,
}

impl Page {
    fn status(self) -> StatusCode {
        match self {
            Self::Success | Self::Denied | Self::Failed => StatusCode::OK,
            Self::Stranger | Self::Malformed => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Verb => StatusCode::METHOD_NOT_ALLOWED,
            Self::Host => StatusCode::MISDIRECTED_REQUEST,
        }
    }

    /// Returns the heading and the text.
    fn texts(self) -> (&'static str, &'static str) {
        const CLOSE: &str = "You can close this tab and return to the program.";
        match self {
            Self::Success => ("You are logged in", CLOSE),
            Self::Denied => (
                "The login was not allowed",
                "The program did not get access. You can close this tab and return to the program.",
            ),
            Self::Failed => (
                "The login failed",
                "The program shows the reason. You can close this tab and return to the program.",
            ),
            Self::Stranger => (
                "This is not the current login",
                "Open the page that the program shows now. You can close this tab.",
            ),
            Self::NotFound => ("Nothing is here", "The program waits for a login."),
            Self::Verb => ("Only GET is allowed", "The program waits for a login."),
            Self::Host => ("This is another host", "The program waits for a login."),
            Self::Malformed => ("The request is malformed", "The program waits for a login."),
        }
    }

    /// Returns the whole HTTP response.
    ///
    /// The page loads nothing, runs nothing, is not stored and cannot be framed. The browser does not send its address, which has
    /// the code, to any server (RFC 9700, section 4.2.4).
    pub(super) fn response(self) -> String {
        let (heading, text) = self.texts();
        let body = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{heading}</title></head>\n\
             <body><h1>{heading}</h1><p>{text}</p></body>\n</html>\n"
        );
        let status = self.status();
        let length = body.len();
        let allow = match self {
            Self::Verb => "allow: GET\r\n",
            _ => "",
        };
        format!(
            "HTTP/1.1 {status}\r\n\
             content-type: text/html; charset=utf-8\r\n\
             content-length: {length}\r\n\
             {allow}{FIXED}\r\n\
             {body}"
        )
    }
}

/// The headers of every response.
const FIXED: &str = "cache-control: no-store\r\n\
     content-security-policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n\
     referrer-policy: no-referrer\r\n\
     x-content-type-options: nosniff\r\n\
     connection: close\r\n";

/// Returns the HTTP response that sends the browser to another authorization request.
pub(super) fn redirect(url: &str) -> String {
    format!("HTTP/1.1 303 See Other\r\nlocation: {url}\r\ncontent-length: 0\r\n{FIXED}\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_are_whole_and_restricted() {
        for page in [
            Page::Success,
            Page::Denied,
            Page::Failed,
            Page::Stranger,
            Page::NotFound,
            Page::Verb,
            Page::Host,
            Page::Malformed,
        ] {
            let response = page.response();
            let (head, body) = response.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("content-length: {}\r\n", body.len())));
            assert!(head.contains("referrer-policy: no-referrer"));
            assert!(head.contains("default-src 'none'"));
            assert!(body.contains(page.texts().0));
            assert_eq!(head.contains("allow: GET"), page == Page::Verb);
        }
        assert!(Page::Success.response().starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(
            Page::Host
                .response()
                .starts_with("HTTP/1.1 421 Misdirected Request\r\n")
        );
        let response = redirect("https://a.example/?b=c");
        assert!(response.contains("\r\nlocation: https://a.example/?b=c\r\n"));
        assert!(response.ends_with("\r\n\r\n"));
    }
}
