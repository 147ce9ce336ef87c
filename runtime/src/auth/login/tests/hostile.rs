//! Requests of strangers to the listener.

use super::super::listener::Listener;
use super::super::page::Page;
use super::super::redirect::{MAX_HEAD, Outcome};
use super::request;
use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

fn authority(listener: &Listener) -> String {
    let uri = listener.redirect_uri();
    uri.trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned()
}

#[tokio::test]
async fn strangers_get_a_page_and_do_not_disturb() {
    let mut listener = Listener::start().unwrap();
    let address = authority(&listener);
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    let strangers = {
        let address = address.clone();
        tokio::task::spawn_blocking(move || {
            // Browsers open connections that they do not use.
            let silent: Vec<_> = (0..8)
                .map(|_| TcpStream::connect(&address).unwrap())
                .collect();
            let mut half = TcpStream::connect(&address).unwrap();
            half.write_all(b"GET / HT").unwrap();
            let host = format!("Host: {address}\r\n");
            let long = format!(
                "GET /?state=s&code={} HTTP/1.1\r\n{host}\r\n",
                "c".repeat(MAX_HEAD)
            );
            for (head, status) in [
                (format!("GET /favicon.ico HTTP/1.1\r\n{host}\r\n"), "404"),
                (
                    format!("POST /?state=s&code=c HTTP/1.1\r\n{host}\r\n"),
                    "405",
                ),
                (
                    "GET /?state=s&code=c HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned(),
                    "421",
                ),
                ("GET /?state=s&code=c HTTP/1.1\r\n\r\n".to_owned(), "421"),
                ("\u{16}\u{3}\u{1}TLS\r\n\r\n".to_owned(), "400"),
                (long, "400"),
            ] {
                let response = request(&address, head.as_bytes());
                assert!(
                    response.starts_with(&format!("HTTP/1.1 {status} ")),
                    "{response}"
                );
                assert!(!response.contains("state"), "{response}");
            }
            let redirect = format!("GET /?state=s&code=c HTTP/1.1\r\n{host}\r\n");
            let page = request(&address, redirect.as_bytes());
            drop((silent, half));
            page
        })
    };
    let arrival = listener.next().await.unwrap();
    assert_eq!(arrival.redirect.state, "s");
    assert!(matches!(&arrival.redirect.outcome, Outcome::Code(code) if code == "c"));
    arrival.show(Page::Success).await;
    assert!(strangers.await.unwrap().contains("You are logged in"));
    drop(listener);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(TcpStream::connect(&address).is_err());
}

#[tokio::test]
async fn a_flood_of_connections_ends() {
    let mut listener = Listener::start().unwrap();
    let address = authority(&listener);
    let browser = tokio::task::spawn_blocking(move || {
        let flood: Vec<_> = (0..200)
            .filter_map(|_| TcpStream::connect(&address).ok())
            .collect();
        drop(flood);
        let head = format!("GET /?state=s&error=e HTTP/1.1\r\nHost: {address}\r\n\r\n");
        // The listener notices the end of the flood soon.
        for _ in 0..100 {
            let page = request(&address, head.as_bytes());
            if !page.is_empty() {
                return page;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        String::new()
    });
    let arrival = listener.next().await.unwrap();
    arrival.show(Page::Denied).await;
    assert!(browser.await.unwrap().contains("not allowed"));
}

#[tokio::test]
async fn a_machine_without_ipv4_has_ipv6() {
    let unusable = "192.0.2.1:0".parse().unwrap();
    let v6 = "[::1]:0".parse().unwrap();
    match Listener::start_at(&[unusable, v6]) {
        Ok(listener) => assert!(listener.redirect_uri().starts_with("http://[::1]:")),
        Err(error) => println!("skipped: this machine has no IPv6: {error}"),
    }
}
