//! Settings that become headers: rejected with their name, or sent as one header.

use gapi::spanner_v1::Spanner;
use gapi_runtime::{Bytes, ClientBuilder, ErrorKind, MockTransport, http};

type Set = fn(ClientBuilder<Spanner>, &str) -> ClientBuilder<Spanner>;

/// A setting: its name in errors, its header, and the text before and after the value in the header.
struct Setting {
    set: Set,
    name: &'static str,
    header: &'static str,
    around: (&'static str, &'static str),
}

const SETTINGS: [Setting; 4] = [
    Setting {
        set: |builder, value| builder.bearer_token(value),
        name: "the bearer token is not a header value",
        header: "authorization",
        around: ("Bearer ", ""),
    },
    Setting {
        set: |builder, value| builder.api_key(value),
        name: "the API key is not a header value",
        header: "x-goog-api-key",
        around: ("", ""),
    },
    Setting {
        set: |builder, value| builder.quota_project(value),
        name: "the quota project is not a header value",
        header: "x-goog-user-project",
        around: ("", ""),
    },
    Setting {
        set: |builder, value| builder.user_agent(value),
        name: "the user agent is not a header value",
        header: "user-agent",
        around: ("", concat!(" gapi/", env!("CARGO_PKG_VERSION"), " (gzip)")),
    },
];

async fn headers(builder: ClientBuilder<Spanner>) -> Result<http::HeaderMap, gapi_runtime::Error> {
    let mock = MockTransport::with(|_| Ok(http::Response::new(Bytes::from_static(b"{}"))));
    let spanner = builder.transport(mock.clone()).build().await?;
    let operations = spanner.projects().instances().operations();
    operations
        .get("projects/p/instances/i/operations/o")
        .send()
        .await?;
    let [request] = mock.requests().try_into().expect("one request");
    Ok(request.headers().clone())
}

#[tokio::test]
async fn a_setting_cannot_smuggle_a_header() {
    let plain = headers(Spanner::builder()).await.unwrap();
    for Setting {
        set,
        name,
        header,
        around: (before, after),
    } in SETTINGS
    {
        for value in [
            "a\r\nx-evil: y",
            "a\r\n\r\nbody",
            "a\nx-evil: y",
            "a\rx",
            "a\0",
            "\u{7f}",
            "\u{1b}[2J",
        ] {
            let error = headers(set(Spanner::builder(), value)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert_eq!(
                error.to_string(),
                format!("spanner:v1: {name}"),
                "{value:?}"
            );
        }
        for value in ["a", "a b; c=d, e", "a: b", "\"'()<>@", "a\tb", "é\u{2028}"] {
            let sent = headers(set(Spanner::builder(), value)).await.unwrap();
            let values: Vec<_> = sent.get_all(header).iter().collect();
            let expected = format!("{before}{value}{after}");
            assert_eq!(values, [expected.as_bytes()], "{value:?}");
            let others = |headers: &http::HeaderMap| {
                let mut names: Vec<_> = headers.keys().map(ToString::to_string).collect();
                names.retain(|name| name != header);
                names.sort();
                names
            };
            assert_eq!(others(&sent), others(&plain));
        }
    }
}

/// Returns the rows of the first table about added headers, without the comment marks of code.
fn rows(text: &str) -> Vec<&str> {
    let lines = text.lines().map(|line| line.trim_start_matches("/// "));
    lines
        .skip_while(|line| !line.starts_with("| Request | Headers of the call |"))
        .take_while(|line| line.starts_with('|'))
        .collect()
}

/// The documentation and the trait `Call` say the same of the requests that have added headers and parameters.
#[test]
fn the_tables_of_added_headers_agree() {
    let page = rows(include_str!("../../../docs/calls-and-types.md"));
    let code = rows(include_str!("../../../runtime/src/call/setters.rs"));
    assert!(page.len() > 5, "{page:?}");
    assert_eq!(page, code);
}
