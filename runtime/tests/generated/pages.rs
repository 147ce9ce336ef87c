//! Pages and items.

use crate::api::schemas::{CancelOperationRequest, Status};
use crate::api::{Spanner, Translate};
use crate::{recorded, run};
use futures_util::{StreamExt, TryStreamExt};
use gapi_runtime::{ErrorKind, MockTransport};

const PARENT: &str = "projects/p/instances/i/operations";

fn queries(mock: &MockTransport) -> Vec<String> {
    mock.requests()
        .iter()
        .map(|request| request.uri().query().unwrap().to_owned())
        .collect()
}

fn bodies(mock: &MockTransport) -> Vec<String> {
    mock.requests()
        .iter()
        .map(|request| String::from_utf8(request.body().to_vec()).unwrap())
        .collect()
}

#[test]
fn items_of_all_pages() {
    let mock = MockTransport::new()
        .respond(
            200,
            r#"{"operations": [{"name": "a"}, {"name": "b"}], "nextPageToken": "t+1"}"#,
        )
        .respond(200, r#"{"nextPageToken": "t2"}"#)
        .respond(200, r#"{"operations": [], "nextPageToken": "t3"}"#)
        .respond(
            200,
            r#"{"operations": [{"name": "c"}], "nextPageToken": ""}"#,
        );
    let names: Vec<_> = run(async {
        let spanner: Spanner = recorded(&mock).await;
        let list = spanner
            .projects()
            .instances()
            .operations()
            .list(PARENT)
            .filter("")
            .names(["x", "y"]);
        list.items()
            .map_ok(|operation| operation.name.unwrap())
            .try_collect()
            .await
            .unwrap()
    });
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(
        queries(&mock),
        [
            "filter=&names=x&names=y&alt=json",
            "filter=&names=x&names=y&pageToken=t%2B1&alt=json",
            "filter=&names=x&names=y&pageToken=t2&alt=json",
            "filter=&names=x&names=y&pageToken=t3&alt=json",
        ]
    );
}

#[test]
fn pages_are_lazy_and_start_where_the_call_says() {
    let mock = MockTransport::new()
        .respond(200, r#"{"nextPageToken": "2"}"#)
        .respond(200, "{}");
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let mut pages = spanner
            .projects()
            .instances()
            .operations()
            .list(PARENT)
            .page_token("1")
            .page_size(5)
            .pages();
        assert!(mock.requests().is_empty());
        assert!(pages.try_next().await.unwrap().is_some());
        assert_eq!(mock.requests().len(), 1);
        assert!(pages.try_next().await.unwrap().is_some());
        assert!(pages.try_next().await.unwrap().is_none());
        assert!(pages.try_next().await.unwrap().is_none());
    });
    assert_eq!(
        queries(&mock),
        [
            "pageToken=1&pageSize=5&alt=json",
            "pageToken=2&pageSize=5&alt=json"
        ]
    );
}

#[test]
fn a_repeated_token_is_an_error() {
    let page = r#"{"operations": [{"name": "a"}], "nextPageToken": "same"}"#;
    let mock = MockTransport::new()
        .respond(200, page)
        .respond(200, page)
        .respond(200, page);
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let list = spanner.projects().instances().operations().list(PARENT);
        let results: Vec<_> = list.clone().items().collect().await;
        assert_eq!(results.len(), 3);
        let error = results[2].as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Page);
        assert_eq!(
            error.to_string(),
            "spanner.projects.instances.operations.list: the server returned the same page token again"
        );
        assert_eq!(mock.requests().len(), 2);

        let second = list.page_token("same");
        let response = second.clone().send().await.unwrap();
        let third = second.next_page(&response).unwrap();
        assert_eq!(third.send().await.unwrap_err().kind(), ErrorKind::Page);
    });
    assert_eq!(mock.requests().len(), 3);
}

#[test]
fn the_first_error_ends_the_stream() {
    let mock = MockTransport::new()
        .respond(200, r#"{"nextPageToken": "1"}"#)
        .respond(500, "")
        .respond(200, "{}");
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let results: Vec<_> = spanner
            .projects()
            .instances()
            .operations()
            .list(PARENT)
            .pages()
            .collect()
            .await;
        assert_eq!(
            results.iter().map(Result::is_ok).collect::<Vec<_>>(),
            [true, false]
        );
    });
    assert_eq!(mock.requests().len(), 2);
}

#[test]
fn next_page_by_hand() {
    let mock = MockTransport::new()
        .respond(200, r#"{"nextPageToken": "t"}"#)
        .respond(200, "{}");
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let list = spanner
            .projects()
            .instances()
            .operations()
            .list(PARENT)
            .filter("f");
        let page = list.clone().send().await.unwrap();
        let next = list.next_page(&page).unwrap();
        let response = next.clone().send().await.unwrap();
        assert!(next.next_page(&response).is_none());
    });
    assert_eq!(queries(&mock)[1], "filter=f&pageToken=t&alt=json");
}

#[test]
fn a_token_in_the_body() {
    let mock = MockTransport::new()
        .respond(
            200,
            r#"{"items": {"b": {"code": 2}, "a": {}}, "nextPageToken": "1"}"#,
        )
        .respond(200, r#"{"nextPageToken": "2"}"#)
        .respond(200, r#"{"nextPageToken": "2"}"#);
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let mut items = spanner.projects().instances().operations().search().items();
        let (key, status) = items.try_next().await.unwrap().unwrap();
        assert_eq!((key.as_str(), status.code), ("a", None));
        assert_eq!(items.try_next().await.unwrap().unwrap().1.code, Some(2));
        assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Page);
        assert!(items.try_next().await.unwrap().is_none());
    });
    assert_eq!(
        bodies(&mock),
        ["", r#"{"pageToken":"1"}"#, r#"{"pageToken":"2"}"#]
    );
    assert!(!mock.requests()[1].headers().contains_key("content-length"));
    assert_eq!(
        mock.requests()[1].headers()["content-type"],
        "application/json"
    );
}

#[test]
fn a_token_in_the_body_keeps_the_other_members() {
    let mock = MockTransport::new()
        .respond(200, r#"{"nextPageToken": "2"}"#)
        .respond(200, "{}");
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let mut body = CancelOperationRequest {
            next_page_token: Some("1".to_owned()),
            ..Default::default()
        };
        body.unknown_fields.insert("n", 1.5);
        body.unknown_fields
            .insert("none", gapi_runtime::Value::Null);
        let search = spanner
            .projects()
            .instances()
            .operations()
            .search()
            .body(body);
        assert_eq!(search.pages().count().await, 2);
    });
    let expected = [
        r#"{"pageToken":"1","n":1.5,"none":null}"#,
        r#"{"n":1.5,"none":null,"pageToken":"2"}"#,
    ];
    assert_eq!(bodies(&mock), expected);
}

#[test]
fn case_r20_the_values_of_a_body_are_the_same_on_the_next_page() {
    for members in [
        r#""n":123456789012345678901234567890"#,
        r#""n":[1e999,1.50,-0]"#,
        r#""n":"\ud800""#,
    ] {
        let mock = MockTransport::new()
            .respond(200, r#"{"nextPageToken": "2"}"#)
            .respond(200, "{}");
        run(async {
            let spanner: Spanner = recorded(&mock).await;
            let body = format!(r#"{{"pageToken":"1",{members}}}"#);
            let body: CancelOperationRequest = serde_json::from_str(&body).unwrap();
            let search = spanner.projects().instances().operations().search();
            assert_eq!(search.body(body).pages().count().await, 2);
        });
        let expected = [
            format!(r#"{{"pageToken":"1",{members}}}"#),
            format!(r#"{{{members},"pageToken":"2"}}"#),
        ];
        assert_eq!(bodies(&mock), expected);
        // The same in the member `data`.
        let mock = MockTransport::new().respond(200, "{}");
        run(async {
            let translate: Translate = recorded(&mock).await;
            let body: Status = serde_json::from_str(&format!("{{{members}}}")).unwrap();
            translate.translate(body).send().await.unwrap();
        });
        assert_eq!(bodies(&mock), [format!(r#"{{"data":{{{members}}}}}"#)]);
    }
}
