//! Query parameters: values arrive unchanged in the URL, in a form, and in a part of a batch.

use super::hostile::HOSTILE;
use super::methods;
use super::paths::recorded;
use super::urls;
use gapi::spanner_v1::params::StandardParameters;
use gapi::spanner_v1::{Spanner, params::Xgafv};
use gapi_runtime::{Bytes, Call, MockTransport, http};

/// Texts that are dangerous in a query rather than in a path.
const MORE: [&str; 10] = [
    "a&b=c",
    "&key=k",
    "=",
    "a=b&a=c",
    "a+b %2B",
    "alt=media",
    "x HTTP/1.1\r\nhost: evil.example\r\n\r\n",
    "%26%3D%23",
    "a;b",
    "\u{10ffff}",
];

fn texts() -> impl Iterator<Item = &'static str> {
    HOSTILE.iter().map(|hostile| hostile.text).chain(MORE)
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[tokio::test]
async fn every_query_parameter_arrives_as_it_is() {
    let (mut calls, mut long) = (0, 0);
    for method in methods::all() {
        let (spanner, mock) = recorded().await;
        let mut expected = Vec::new();
        for name in &method.query {
            // One parameter has all texts, so that each is next to others.
            let call = method.plain_call(&spanner).query_all(name, texts());
            methods::send(call.query("other", "o&p=q")).await.unwrap();
            let values = texts().map(|text| pair(name, text));
            let others = [pair("other", "o&p=q"), pair("alt", "json")];
            expected.push(values.chain(others).collect::<Vec<_>>());
        }
        for (request, expected) in mock.requests().iter().zip(expected) {
            let url = urls::parsed(request);
            let form = request.headers().contains_key("x-http-method-override");
            let pairs = if form {
                assert_eq!(url.query(), None);
                let pairs = url::form_urlencoded::parse(request.body());
                let owned = |(name, value): (_, _)| (String::from(name), String::from(value));
                pairs.map(owned).collect()
            } else {
                urls::pairs(&url)
            };
            assert_eq!(pairs, expected, "{}", method.info.id);
            calls += 1;
            long += usize::from(form);
        }
    }
    println!("{calls} calls, {long} of them with the query in the body");
    assert!(calls > 300 && long > 100 && long < calls, "{calls} {long}");
}

#[tokio::test]
async fn so_do_those_of_generated_functions() {
    let (spanner, mock) = recorded().await;
    let operations = spanner.projects().instances().operations();
    for text in texts() {
        let list = operations.list("projects/p/instances/i/operations");
        let list = list.filter(text).page_token(text).fields(text).key(text);
        let list = list.quota_user(text).xgafv(Xgafv::from(text));
        list.send().await.unwrap();
    }
    let names = [
        "filter",
        "pageToken",
        "fields",
        "key",
        "quotaUser",
        "$.xgafv",
    ];
    for (request, text) in mock.requests().iter().zip(texts()) {
        let mut expected = names.map(|name| pair(name, text)).to_vec();
        expected.push(pair("alt", "json"));
        assert_eq!(urls::pairs(&urls::parsed(request)), expected);
    }
}

#[tokio::test]
async fn a_part_of_a_batch_has_one_request_line() {
    let mock = MockTransport::with(|_| Ok(http::Response::new(Bytes::new())));
    let spanner = Spanner::builder().transport(mock.clone()).build();
    let spanner = spanner.await.unwrap();
    let operations = spanner.projects().instances().operations();
    for text in texts() {
        let mut batch = spanner.batch();
        let list = operations.list("projects/p/instances/i/operations");
        let _ = batch.add(list.filter(text));
        let name = format!("projects/p/instances/i/operations/{text}");
        let rejected = operations.get(name).request().to_http().is_err();
        let name = format!("projects/p/instances/i/operations/{text}");
        let key = batch.add(operations.get(name));
        // The response has no parts, but rejected values are reported before.
        let response = batch.send().await;
        assert!(response.is_err());
        let _ = key;
        let requests = mock.requests();
        let request = requests.last().unwrap();
        let body = std::str::from_utf8(request.body()).unwrap();
        let lines: Vec<&str> = body.split("\r\n").collect();
        let gets = lines.iter().filter(|line| line.contains(" HTTP/1.1"));
        assert_eq!(gets.clone().count(), 2 - usize::from(rejected), "{text:?}");
        for line in gets {
            assert!(line.starts_with("GET /v1/projects/p/instances/i/operations"));
            assert_eq!(line.split(' ').count(), 3, "{line}");
        }
        assert!(!body.contains("evil.example\r"), "{text:?}");
        let hosts = lines.iter().filter(|line| line.starts_with("host:"));
        assert!(
            hosts
                .clone()
                .all(|line| *line == "host: spanner.googleapis.com")
        );
        assert_eq!(hosts.count(), 2 - usize::from(rejected));
    }
}
