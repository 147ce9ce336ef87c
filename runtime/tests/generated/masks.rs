//! Lists in pages with a mask (`fields`) that omits the next page token.

use crate::api::projects::instances::operations::{List, Operations};
use crate::api::{Spanner, StandardParameters};
use crate::{recorded, run};
use futures_util::{StreamExt, TryStreamExt};
use gapi_runtime::{Call, Client, ErrorKind, MockTransport, Request, http};

const PARENT: &str = "projects/p/instances/i/operations";

/// Returns a mock transport with two pages of one operation each. It ignores masks.
fn two_pages() -> MockTransport {
    MockTransport::new()
        .respond(
            200,
            r#"{"operations": [{"name": "a"}], "nextPageToken": "t"}"#,
        )
        .respond(200, r#"{"operations": [{"name": "b"}]}"#)
}

async fn operations(mock: &MockTransport) -> Operations {
    let spanner: Spanner = recorded(mock).await;
    spanner.projects().instances().operations()
}

async fn list(mock: &MockTransport) -> List {
    operations(mock).await.list(PARENT)
}

/// Returns the values of a query parameter in each request.
fn values(mock: &MockTransport, name: &str) -> Vec<Vec<String>> {
    let requests = mock.requests();
    let of_request = |request: &http::Request<_>| -> Vec<String> {
        let query = request.uri().query().unwrap_or_default();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let values = pairs.filter(|(known, _)| *known == name);
        values.map(|(_, value)| value.to_owned()).collect()
    };
    requests.iter().map(of_request).collect()
}

#[test]
fn case_r4_items_of_all_pages_come_whatever_the_mask() {
    for (mask, sent) in [
        (
            "operations(name)",
            Some("nextPageToken%2Coperations%28name%29"),
        ),
        ("operations/name", Some("nextPageToken%2Coperations%2Fname")),
        ("operations", Some("nextPageToken%2Coperations")),
        (
            "operations(name,nextPageToken)",
            Some("nextPageToken%2Coperations%28name%2CnextPageToken%29"),
        ),
        ("operations(name", Some("nextPageToken%2Coperations%28name")),
        ("*", Some("%2A")),
        (
            "operations/name, nextPageToken",
            Some("operations%2Fname%2C+nextPageToken"),
        ),
        (
            "operations.name,next_page_token",
            Some("operations.name%2Cnext_page_token"),
        ),
        ("", None),
    ] {
        let mock = two_pages();
        let names: Vec<_> = run(async {
            let items = list(&mock).await.fields(mask).items();
            let names = items.map_ok(|operation| operation.name.unwrap());
            names.try_collect().await.unwrap()
        });
        assert_eq!(names, ["a", "b"], "{mask}");
        let sent: Vec<String> = sent.into_iter().map(str::to_owned).collect();
        assert_eq!(values(&mock, "fields"), [sent.clone(), sent], "{mask}");
    }
}

#[test]
fn case_r4_pages_gain_the_token_and_a_single_call_does_not() {
    let mock = two_pages().respond(200, "{}").respond(200, "{}");
    run(async {
        let call = list(&mock).await.fields("kind");
        assert_eq!(call.clone().pages().count().await, 2);
        call.clone().send().await.unwrap();
        call.send_with_headers().await.unwrap();
    });
    let paged = "nextPageToken%2Ckind";
    assert_eq!(
        values(&mock, "fields").concat(),
        [paged, paged, "kind", "kind"]
    );
}

#[test]
fn case_r4_the_next_page_by_hand_is_never_silently_missing() {
    let mock = MockTransport::new().respond(200, r#"{"operations": [{"name": "a"}]}"#);
    run(async {
        let call = list(&mock).await.fields("operations(name)");
        let page = call.clone().send().await.unwrap();
        let next = call.next_page(&page).unwrap();
        let error = next.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(
            error.to_string(),
            "spanner.projects.instances.operations.list: `fields` leaves out nextPageToken, so the response does not say \
             whether there is another page: add nextPageToken to it, or read the pages with `pages()`"
        );
    });
    assert_eq!(mock.requests().len(), 1);
}

#[test]
fn case_r4_the_next_page_by_hand_gains_the_token() {
    let mock = two_pages();
    run(async {
        let call = list(&mock).await.fields("operations(name)");
        let page = call.clone().send().await.unwrap();
        let next = call.next_page(&page).unwrap();
        let last = next.clone().send().await.unwrap();
        assert!(next.next_page(&last).is_none());
    });
    let masks = values(&mock, "fields").concat();
    assert_eq!(
        masks,
        [
            "operations%28name%29",
            "nextPageToken%2Coperations%28name%29"
        ]
    );
}

#[test]
fn case_r4_a_page_that_says_it_is_the_last_is_the_last() {
    for (mask, body) in [
        (Some("operations"), r#"{"nextPageToken": ""}"#),
        (Some("operations,nextPageToken"), "{}"),
        (Some("next_page_token"), "{}"),
        (Some("*"), "{}"),
        (Some(""), "{}"),
        (None, "{}"),
    ] {
        let mock = MockTransport::new().respond(200, body);
        run(async {
            let mut call = list(&mock).await;
            if let Some(mask) = mask {
                call = call.fields(mask);
            }
            let page = call.clone().send().await.unwrap();
            assert!(call.next_page(&page).is_none(), "{mask:?}");
        });
    }
}

#[test]
fn case_r4_items_that_the_mask_leaves_out_are_an_error_before_sending() {
    for mask in [
        "nextPageToken",
        "nextPageToken,kind",
        "unreachable(operations)",
    ] {
        let mock = MockTransport::new();
        run(async {
            let call = list(&mock).await.fields(mask);
            let results: Vec<_> = call.items().collect().await;
            let [Err(error)] = &results[..] else {
                panic!("{results:?}");
            };
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert_eq!(
                error.to_string(),
                "spanner.projects.instances.operations.list: `fields` leaves out operations, so there would be no items: \
                 add operations to it, or read the pages with `pages()`"
            );
        });
        assert!(mock.requests().is_empty());
    }
}

#[test]
fn case_r4_every_mask_of_a_call_counts() {
    let mock = two_pages();
    let pages = run(async {
        let call = list(&mock).await.fields("operations");
        let call = call.map_request(|request| {
            request
                .query("$fields", "operations.name")
                .query("X-fields", "operations")
        });
        call.pages().count().await
    });
    assert_eq!(pages, 2);
    let each = |value: &str| vec![vec![value.to_owned()]; 2];
    let masks = [
        ("fields", "nextPageToken%2Coperations"),
        ("%24fields", "nextPageToken%2Coperations.name"),
        ("X-fields", "operations"),
    ];
    for (name, value) in masks {
        assert_eq!(values(&mock, name), each(value));
    }

    let mock = two_pages();
    let masks = ["operations", "", "*", "kind"];
    let count = run(async {
        let call = list(&mock).await;
        let call = call.map_request(|request| request.query_all("fields", masks));
        call.items().count().await
    });
    // The last mask omits the items, but another server may interpret it differently.
    assert_eq!(count, 2);
    let masks = ["nextPageToken%2Coperations", "%2A", "nextPageToken%2Ckind"];
    assert_eq!(values(&mock, "fields"), [masks, masks]);
}

#[test]
fn case_r4_a_token_in_the_body_needs_the_mask_too() {
    let mock = MockTransport::new()
        .respond(200, r#"{"items": {"a": {}}, "nextPageToken": "1"}"#)
        .respond(200, r#"{"items": {"b": {}}}"#);
    let keys: Vec<_> = run(async {
        let search = operations(&mock).await.search();
        let items = search.fields("items(code)").items();
        items.map_ok(|(key, _)| key).try_collect().await.unwrap()
    });
    assert_eq!(keys, ["a", "b"]);
    let sent = "nextPageToken%2Citems%28code%29";
    assert_eq!(values(&mock, "fields").concat(), [sent, sent]);
}

/// A method whose parameter `fields` is not a mask, and whose response has another name for its token.
mod columns {
    use super::{Client, Request, Spanner};

    pub(super) struct Rows {
        pub(super) page_token: Option<String>,
        pub(super) r#type: Option<Vec<String>>,
        pub(super) unknown_fields: gapi_runtime::UnknownFields,
    }
    gapi_runtime::schema!(Rows {
        page_token: "pageToken",
        r#type: "rows"
    });

    pub(super) struct Read(Request);

    impl Read {
        pub(super) fn new(client: &Client) -> Self {
            Self(Request::of::<Self>(client))
        }
    }
    gapi_runtime::call!(Read {
        id: "spanner.read",
        service: Spanner,
        request: Get "v1/rows",
        response: Json Rows,
        pages: Query "pageToken" = page_token but "fields",
        items: r#type as Vec<String>,
    });
}

#[test]
fn case_r4_a_parameter_that_is_no_mask_stays() {
    use gapi_runtime::Service;
    let mock = MockTransport::new()
        .respond(200, r#"{"rows": ["a"], "pageToken": "1"}"#)
        .respond(200, r#"{"rows": ["b"]}"#);
    let items: Vec<_> = run(async {
        let spanner: Spanner = recorded(&mock).await;
        let read = columns::Read::new(spanner.client());
        let read = read.map_request(|it| it.query("fields", "CLICKS").query("$fields", "rows"));
        read.items().try_collect().await.unwrap()
    });
    assert_eq!(items, ["a", "b"]);
    assert_eq!(values(&mock, "fields").concat(), ["CLICKS", "CLICKS"]);
    let sent = "pageToken%2Crows";
    assert_eq!(values(&mock, "%24fields").concat(), [sent, sent]);
}

#[test]
fn case_r4_a_mask_in_a_header_gains_the_token_too() {
    const NAME: &str = "x-goog-fieldmask";
    let sent = |mock: &MockTransport| -> Vec<Option<http::HeaderValue>> {
        let requests = mock.requests();
        let masks = requests.iter().map(|it| it.headers().get(NAME).cloned());
        masks.collect()
    };
    for (mask, expected) in [
        ("operations.name", Some("nextPageToken,operations.name")),
        ("operations", Some("nextPageToken,operations")),
        (
            "operations.name,nextPageToken",
            Some("operations.name,nextPageToken"),
        ),
        ("*", Some("*")),
        ("", None),
    ] {
        let mock = two_pages();
        let names: Vec<_> = run(async {
            let items = list(&mock).await.header("X-Goog-FieldMask", mask).items();
            let names = items.map_ok(|operation| operation.name.unwrap());
            names.try_collect().await.unwrap()
        });
        assert_eq!(names, ["a", "b"], "{mask}");
        let expected = expected.map(|mask| mask.parse().unwrap());
        assert_eq!(sent(&mock), [expected.clone(), expected], "{mask}");
    }
    // A single call keeps it. The next page by hand is never silently missing.
    let mock = MockTransport::new().respond(200, r#"{"operations": [{"name": "a"}]}"#);
    run(async {
        let call = list(&mock).await.header(NAME, "operations.name");
        let page = call.clone().send().await.unwrap();
        let error = call.next_page(&page).unwrap().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.to_string().contains(NAME), "{error}");
        let items = list(&mock).await.header(NAME, "kind").items();
        let error = items.map_ok(drop).try_collect::<()>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    });
    assert_eq!(sent(&mock)[0].as_ref().unwrap(), "operations.name");
}
