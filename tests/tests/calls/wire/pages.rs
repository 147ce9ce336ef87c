//! Results in pages.

use super::client::anonymous;
use super::server::{Server, json, status_json};
use futures_util::{StreamExt, TryStreamExt};
use gapi::gapi_runtime::ErrorKind;
use gapi::healthcare_v1::CloudHealthcare;
use gapi::healthcare_v1::schemas::EvaluateUserConsentsRequest;
use gapi::spanner_v1::projects::instances::operations::{List, Operations};
use gapi::spanner_v1::{Spanner, StandardParameters};
use serde_json::json;

const PARENT: &str = "projects/p/instances/i/operations";

/// Three pages with three operations. The second page is empty, and the third has an empty token, which ends the list.
const PAGES: [&str; 3] = [
    r#"{"operations": [{"name": "a"}, {"name": "b"}], "nextPageToken": "t/1 +"}"#,
    r#"{"nextPageToken": "t2"}"#,
    r#"{"operations": [{"name": "c"}], "nextPageToken": ""}"#,
];

async fn operations(server: &Server) -> Operations {
    anonymous::<Spanner>(server)
        .await
        .projects()
        .instances()
        .operations()
}

/// The encoded mask `operations(name),nextPageToken`.
const MASK: &str = "operations%28name%29%2CnextPageToken";

/// Returns a call with an empty parameter among others.
async fn list(server: &Server) -> List {
    operations(server)
        .await
        .list(PARENT)
        .filter("")
        .page_size(2)
}

/// Returns the request lines of a list of the three pages.
fn lines() -> [String; 3] {
    ["", "&pageToken=t%2F1+%2B", "&pageToken=t2"].map(|token| {
        format!("GET /v1/{PARENT}?filter=&pageSize=2&fields={MASK}{token}&alt=json HTTP/1.1")
    })
}

#[tokio::test]
async fn pages_follow_the_tokens_to_the_end() {
    let server = Server::start(PAGES.map(json)).await;
    let pages: Vec<_> = list(&server)
        .await
        .fields("operations(name),nextPageToken")
        .pages()
        .try_collect()
        .await
        .unwrap();
    let tokens: Vec<_> = pages
        .iter()
        .map(|page| page.next_page_token.as_deref())
        .collect();
    assert_eq!(tokens, [Some("t/1 +"), Some("t2"), Some("")]);
    assert_eq!(pages[1].operations, None);
    assert_eq!(server.lines(), lines());
}

#[tokio::test]
async fn items_leave_out_no_page_and_ask_for_none_too_early() {
    let server = Server::start(PAGES.map(json)).await;
    let mut items = list(&server)
        .await
        .fields("operations(name),nextPageToken")
        .items();
    assert_eq!(server.connections(), 0);
    let mut names = Vec::new();
    let mut requests = Vec::new();
    while let Some(operation) = items.try_next().await.unwrap() {
        names.push(operation.name.unwrap());
        requests.push(server.requests().len());
    }
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(requests, [1, 1, 3]);
    assert_eq!(server.lines(), lines());
    assert!(items.next().await.is_none(), "an ended stream stays so");
}

#[tokio::test]
async fn the_next_page_is_a_call_that_can_be_made_by_hand() {
    let server = Server::start(PAGES.map(json)).await;
    let mut call = Some(list(&server).await.fields("operations(name),nextPageToken"));
    let mut count = 0;
    while let Some(current) = call {
        let page = current.clone().send().await.unwrap();
        count += 1;
        call = current.next_page(&page);
    }
    assert_eq!(count, 3);
    assert_eq!(server.lines(), lines());
}

#[tokio::test]
async fn pages_begin_where_the_call_says_and_replace_its_token_in_place() {
    let server = Server::start(PAGES.map(json)).await;
    let call = operations(&server)
        .await
        .list(PARENT)
        .page_token("t 0")
        .page_size(1);
    assert_eq!(call.pages().count().await, 3);
    let expected = ["t+0", "t%2F1+%2B", "t2"]
        .map(|token| format!("GET /v1/{PARENT}?pageToken={token}&pageSize=1&alt=json HTTP/1.1"));
    assert_eq!(server.lines(), expected);
}

#[tokio::test]
async fn a_single_page_without_a_token_is_the_last() {
    for body in [
        "{}",
        r#"{"nextPageToken": null}"#,
        r#"{"nextPageToken": ""}"#,
        "",
    ] {
        let server = Server::start([json(body)]).await;
        let call = list(&server).await;
        assert_eq!(call.clone().pages().count().await, 1, "{body}");
        assert_eq!(server.requests().len(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_repeated_token_is_an_error_and_not_a_loop() {
    let same = r#"{"operations": [{"name": "a"}], "nextPageToken": "same"}"#;
    let server = Server::start([same, same, same].map(json)).await;
    let call = list(&server).await;

    let mut items = call.clone().items();
    assert_eq!(
        items.try_next().await.unwrap().unwrap().name.as_deref(),
        Some("a")
    );
    assert!(items.try_next().await.unwrap().is_some());
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Page);
    assert_eq!(
        error.method_id(),
        Some("spanner.projects.instances.operations.list")
    );
    assert!(!error.to_string().contains("\"same\""), "{error}");
    assert!(items.next().await.is_none());
    assert_eq!(server.requests().len(), 2);

    let call = call.page_token("same");
    let page = call.clone().send().await.unwrap();
    let error = call.next_page(&page).unwrap().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Page);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn the_first_error_ends_the_stream() {
    let server = Server::start([
        json(PAGES[0]),
        status_json(
            "503 Service Unavailable",
            r#"{"code": 14, "message": "later"}"#,
        ),
        json(PAGES[2]),
    ])
    .await;
    let results: Vec<_> = list(&server).await.items().collect().await;
    assert_eq!(results.len(), 3);
    assert!(results[0].is_ok() && results[1].is_ok());
    let error = results[2].as_ref().unwrap_err();
    assert_eq!(
        (error.kind(), error.http_status().unwrap().as_u16()),
        (ErrorKind::Http, 503)
    );
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn repeated_and_blank_parameters_are_on_every_page() {
    let server =
        Server::start([r#"{"nextPageToken": "t1"}"#, r#"{"nextPageToken": "t2"}"#].map(json)).await;
    let locations = anonymous::<CloudHealthcare>(&server)
        .await
        .projects()
        .locations();
    let list = locations
        .list("projects/p")
        .extra_location_types(["a", "", "a"])
        .filter("");
    assert_eq!(list.pages().count().await, 3);
    let expected = ["", "&pageToken=t1", "&pageToken=t2"].map(|token| {
        format!(
            "GET /v1/projects/p/locations?extraLocationTypes=a&extraLocationTypes=&extraLocationTypes=a&filter={token}\
             &alt=json HTTP/1.1"
        )
    });
    assert_eq!(server.lines(), expected);
}

#[tokio::test]
async fn a_token_in_the_body_replaces_nothing_else_there() {
    let server = Server::start(
        [
            r#"{"results": [{"dataId": "1"}], "nextPageToken": "t1"}"#,
            r#"{"nextPageToken": "t2"}"#,
            r#"{"results": [{"dataId": "2"}]}"#,
        ]
        .map(json),
    )
    .await;
    let stores = anonymous::<CloudHealthcare>(&server)
        .await
        .projects()
        .locations()
        .datasets()
        .consent_stores();
    let mut request = EvaluateUserConsentsRequest {
        user_id: Some("u é".to_owned()),
        page_size: Some(0),
        request_attributes: Some([("b".to_owned(), String::new())].into()),
        ..Default::default()
    };
    request.unknown_fields.insert("future", json!([null, 1]));
    let name = "projects/p/locations/l/datasets/d/consentStores/c";
    let call = stores.evaluate_user_consents(name, request);
    let items: Vec<_> = call.items().try_collect().await.unwrap();
    let ids: Vec<_> = items.iter().map(|item| item.data_id.as_deref()).collect();
    assert_eq!(ids, [Some("1"), Some("2")]);

    let mut body = json!({"userId": "u é", "pageSize": 0, "requestAttributes": {"b": ""}, "future": [null, 1]});
    for (request, token) in server.requests().iter().zip([None, Some("t1"), Some("t2")]) {
        assert_eq!(
            request.line,
            format!("POST /v1/{name}:evaluateUserConsents?alt=json HTTP/1.1")
        );
        if let Some(token) = token {
            body["pageToken"] = token.into();
        }
        assert_eq!(request.json(), body);
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_repeated_token_in_the_body_is_an_error_too() {
    let same = r#"{"nextPageToken": "same"}"#;
    let server = Server::start([same, same].map(json)).await;
    let stores = anonymous::<CloudHealthcare>(&server)
        .await
        .projects()
        .locations()
        .datasets()
        .consent_stores();
    let name = "projects/p/locations/l/datasets/d/consentStores/c";
    let call = stores.evaluate_user_consents(name, EvaluateUserConsentsRequest::default());
    let results: Vec<_> = call.pages().collect().await;
    assert_eq!(results.len(), 3);
    assert_eq!(results[2].as_ref().unwrap_err().kind(), ErrorKind::Page);
    assert_eq!(server.requests().len(), 2);
}
