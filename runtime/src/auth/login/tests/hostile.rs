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

/// A local program holds all connections that the listener serves, and sends nothing.
#[tokio::test]
async fn connections_that_stay_open_keep_no_browser_out() {
    let mut listener = Listener::start().unwrap();
    let address = authority(&listener);
    let browser = tokio::task::spawn_blocking(move || {
        let silent: Vec<_> = (0..200)
            .filter_map(|_| TcpStream::connect(&address).ok())
            .collect();
        let head = format!("GET /?state=s&error=e HTTP/1.1\r\nHost: {address}\r\n\r\n");
        let page = request(&address, head.as_bytes());
        drop(silent);
        page
    });
    let arrival = tokio::time::timeout(Duration::from_secs(5), listener.next());
    arrival.await.unwrap().unwrap().show(Page::Denied).await;
    assert!(browser.await.unwrap().contains("not allowed"));
}

/// Strangers who send redirects and do not close their connections cost half a second each.
#[tokio::test]
async fn slow_strangers_do_not_delay_the_login() {
    let fake = super::Fake::browsing(|fake, page| {
        let (_, rest) = page["redirect_uri"].split_once("//").unwrap();
        let address = rest.trim_end_matches('/');
        let head = format!("GET /?state=guess&code=c HTTP/1.1\r\nHost: {address}\r\n\r\n");
        let strangers: Vec<_> = (0..40)
            .map(|_| {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.write_all(head.as_bytes()).unwrap();
                stream
            })
            .collect();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(30));
            drop(strangers);
        });
        std::thread::sleep(Duration::from_millis(100));
        vec![fake.allow(page)]
    });
    let store = crate::auth::TokenStore::in_memory();
    let login = fake.login(&store);
    let start = std::time::Instant::now();
    super::token(&login, &fake.transport(), &["a"])
        .await
        .unwrap();
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn a_machine_without_ipv4_has_ipv6() {
    let unusable = "192.0.2.1:0".parse().unwrap();
    let v6 = "[::1]:0".parse().unwrap();
    match Listener::start_at(&[unusable, v6]) {
        Ok(mut listener) => {
            assert!(listener.redirect_uri().starts_with("http://[::1]:"));
            let address = authority(&listener);
            let browser = tokio::task::spawn_blocking(move || {
                let head =
                    |host: &str| format!("GET /?state=s&code=c HTTP/1.1\r\nHost: {host}\r\n\r\n");
                let other = request(&address, head("[::1]").as_bytes());
                (other, request(&address, head(&address).as_bytes()))
            });
            let arrival = listener.next().await.unwrap();
            arrival.show(Page::Success).await;
            let (other, page) = browser.await.unwrap();
            assert!(other.starts_with("HTTP/1.1 421 ") && page.contains("You are logged in"));
        }
        Err(error) => println!("skipped: this machine has no IPv6: {error}"),
    }
}
