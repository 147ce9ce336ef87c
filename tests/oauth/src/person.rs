//! A person with a browser, for tests that need no real one.

use crate::http::pairs;
use crate::server::Server;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use url::Url;
use url::form_urlencoded::Serializer;

impl Server {
    /// Opens a login page, presses a button, and follows the redirect to the program that waits. Returns the page of the
    /// program, or that of the server if there is no redirect.
    pub fn log_in(&self, page: &str, is_allowed: bool) -> String {
        let page = Url::parse(page).unwrap();
        let decision = if is_allowed { "allow" } else { "deny" };
        let fields = pairs(page.query().unwrap_or_default().as_bytes());
        let form = Serializer::new(String::new())
            .extend_pairs(fields)
            .append_pair("decision", decision)
            .finish();
        let shown = exchange(
            &self.host(),
            &format!("GET {}?{}", page.path(), page.query().unwrap_or_default()),
            "",
        );
        if !shown.contains("id=\"allow\"") {
            return shown;
        }
        let response = exchange(&self.host(), "POST /consent", &form);
        let Some(location) = response
            .lines()
            .find_map(|line| line.strip_prefix("location: "))
        else {
            return response;
        };
        let url = Url::parse(location).unwrap();
        let address = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let target = format!("GET {}?{}", url.path(), url.query().unwrap_or_default());
        exchange(&address, &target, "")
    }
}

/// Sends a request with HTTP/1.1, and returns the whole response.
fn exchange(address: &str, verb_and_target: &str, form: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = form.len();
    let request = format!(
        "{verb_and_target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = Vec::new();
    let mut chunk = [0; 4096];
    // The server keeps connections open, so the end of the body is found by its length.
    while !is_whole(&response) {
        match stream.read(&mut chunk) {
            Ok(count) if count > 0 => response.extend_from_slice(&chunk[..count]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&response).into_owned()
}

fn is_whole(response: &[u8]) -> bool {
    let text = String::from_utf8_lossy(response).to_ascii_lowercase();
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: Option<usize> = length.and_then(|length| length.trim().parse().ok());
    length.is_some_and(|length| response.len() >= head.len() + 4 + length)
}
