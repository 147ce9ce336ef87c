//! Sent requests and received responses.

use crate::api::schemas::{CancelOperationRequest, Empty, Operation, State, Status};
use crate::api::{Spanner, StandardParameters, Translate, params};
use crate::{recorded, run};
use gapi_runtime::codegen::Verb;
use gapi_runtime::{Bytes, MockTransport, RawBody, http, set_null};

const PARENT: &str = "projects/p/instances/i/operations";

/// Returns the request line and the headers, sorted, and the body.
fn text(request: &http::Request<Bytes>) -> String {
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let body = str::from_utf8(request.body()).unwrap();
    format!(
        "{} {}\n{}{body}",
        request.method(),
        request.uri(),
        headers.concat()
    )
}

const COMMON: &str = concat!(
    "user-agent: gapi/",
    env!("CARGO_PKG_VERSION"),
    " (gzip)\nx-goog-api-client: gl-rust/",
    env!("CARGO_PKG_RUST_VERSION"),
    " gdcl/",
    env!("CARGO_PKG_VERSION"),
    "\n"
);

#[test]
fn a_get_that_is_too_long_for_a_url_is_a_post() {
    let mock = MockTransport::new()
        .respond(200, "{}")
        .respond(200, "{}")
        .respond(200, "{}");
    let longest = |filter: usize| {
        run(async {
            let spanner: Spanner = recorded(&mock).await;
            let list = spanner.projects().instances().operations().list(PARENT);
            list.filter("f".repeat(filter)).send().await.unwrap();
        });
        mock.requests().pop().unwrap()
    };
    let rest =
        "https://spanner.googleapis.com/v1/projects/p/instances/i/operations?filter=&alt=json";
    let get = longest(2048 - rest.len());
    assert_eq!(get.method(), http::Method::GET);
    assert_eq!(get.uri().to_string().len(), 2048);

    let post = longest(2049 - rest.len());
    assert_eq!(post.method(), http::Method::POST);
    assert_eq!(post.uri().to_string(), rest.split_once('?').unwrap().0);
    assert_eq!(post.headers()["x-http-method-override"], "GET");
    assert_eq!(
        post.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    let body = str::from_utf8(post.body()).unwrap();
    assert!(body.starts_with("filter=fff") && body.ends_with("f&alt=json"));

    // Longer than any URL.
    assert_eq!(
        longest(100_000).body().len(),
        "filter=&alt=json".len() + 100_000
    );
}

#[test]
fn a_get_with_parameters() {
    let mock = MockTransport::new().respond(200, "{}");
    let list = run(async {
        let spanner: Spanner = recorded(&mock).await;
        let list = spanner.projects().instances().operations().list(PARENT);
        let list = list
            .filter("")
            .page_size(1)
            .filter("done=false AND x")
            .view(State::Ready)
            .names(["a", "b c", ""]);
        let list = list
            .xgafv(params::Xgafv::V1)
            .alt("json")
            .fields("items(id)");
        list.clone().send().await.unwrap();
        list
    });
    let expected = format!(
        "GET https://spanner.googleapis.com/v1/projects/p/instances/i/operations?filter=done%3Dfalse+AND+x&pageSize=1&view=READY\
         &names=a&names=b+c&names=&%24.xgafv=1&alt=json&fields=items%28id%29\naccept: application/json\n{COMMON}"
    );
    assert_eq!(text(&mock.requests()[0]), expected);
    let debug = format!("{list:?}");
    assert!(
        debug.contains("pageSize")
            && !debug.contains("done=false")
            && !debug.contains("projects/p"),
        "{debug}"
    );
}

#[test]
fn repeated_parameters_are_replaced_where_they_stand() {
    let mock = MockTransport::new();
    let spanner: Spanner = run(recorded(&mock));
    let list = spanner.projects().instances().operations().list(PARENT);
    let list = list.names(["a", "b"]).filter("f").names(["c", "d"]);
    let none = list.clone().names(Vec::<String>::new());
    for (call, query) in [
        (list, "names=c&names=d&filter=f&alt=json"),
        (none, "filter=f&alt=json"),
    ] {
        let request = gapi_runtime::Call::request(&call).to_http().unwrap();
        assert_eq!(request.uri().query(), Some(query));
    }
}

#[test]
fn bodies() {
    let mock = MockTransport::with(|_| Ok(http::Response::new(Bytes::from_static(b"{}"))));
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let operations = spanner.projects().instances().operations();
        let mut body = CancelOperationRequest::default();
        set_null!(body.next_page_token);
        operations.cancel(PARENT, body).send().await.unwrap();
        operations.search().send().await.unwrap();
        operations
            .raw(RawBody::new("text/plain; charset=utf-8", "hi {}"))
            .send()
            .await
            .unwrap();
        operations.delete(PARENT, i64::MIN).send().await.unwrap();
        let translate: Translate = recorded(&mock).await;
        let status = Status {
            code: Some(1),
            ..Status::default()
        };
        translate.translate(status.clone()).send().await.unwrap();
        let mut wrapped = Status::default();
        wrapped.unknown_fields.insert("data", 1);
        translate.translate(wrapped).send().await.unwrap();
        let exact = serde_json::from_str::<Status>(r#"{"code":1,"big":1e999}"#).unwrap();
        translate.translate(exact).send().await.unwrap();
    });
    let root = "https://spanner.googleapis.com/v1/";
    let json = "content-type: application/json\n";
    for (request, expected) in mock.requests().iter().zip([
        format!("POST {root}{PARENT}:cancel?alt=json\naccept: application/json\n{json}{COMMON}{{\"pageToken\":null}}"),
        format!("POST {root}search?alt=json\naccept: application/json\ncontent-length: 0\n{COMMON}x-goog-api-version: 2026-11-01\n"),
        format!("PUT {root}raw?alt=json\naccept: */*\ncontent-type: text/plain; charset=utf-8\n{COMMON}hi {{}}"),
        format!("DELETE {root}{PARENT}/parts/-9223372036854775808\naccept: */*\n{COMMON}"),
        format!(
            "POST https://translation.googleapis.com/language/translate/v2?alt=json\naccept: application/json\n{json}{COMMON}\
             {{\"data\":{{\"code\":1}}}}"
        ),
        format!(
            "POST https://translation.googleapis.com/language/translate/v2?alt=json\naccept: application/json\n{json}{COMMON}\
             {{\"data\":1}}"
        ),
        format!(
            "POST https://translation.googleapis.com/language/translate/v2?alt=json\naccept: application/json\n{json}{COMMON}\
             {{\"data\":{{\"code\":1,\"big\":1e999}}}}"
        ),
    ]) {
        assert_eq!(text(request), expected);
    }
    assert_eq!(mock.requests().len(), 7);
}

#[test]
fn client_settings() {
    let mock = MockTransport::new().respond(200, "{}");
    let spanner = run(async {
        let builder = Spanner::builder()
            .endpoint("http://localhost:9020/gateway/")
            .api_key("SECRET-1")
            .bearer_token("SECRET-2");
        let builder = builder
            .quota_project("p")
            .user_agent("application/1.0")
            .transport(mock.clone());
        assert!(!format!("{builder:?}").contains("SECRET"));
        let spanner = builder.build().await.unwrap();
        spanner
            .projects()
            .instances()
            .operations()
            .stream()
            .send()
            .await
            .unwrap();
        spanner
    });
    assert!(!format!("{spanner:?}").contains("SECRET"));
    let request = &mock.requests()[0];
    assert_eq!(
        request.uri(),
        "http://localhost:9020/gateway/v1/stream?alt=json"
    );
    let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("authorization"), "Bearer SECRET-2");
    assert_eq!(header("x-goog-api-key"), "SECRET-1");
    assert_eq!(header("x-goog-user-project"), "p");
    assert_eq!(
        header("user-agent"),
        format!("application/1.0 gapi/{} (gzip)", env!("CARGO_PKG_VERSION"))
    );
    assert!(
        request.headers()["authorization"].is_sensitive()
            && request.headers()["x-goog-api-key"].is_sensitive()
    );
    assert!(!format!("{:?} {mock:?}", request.headers()).contains("SECRET"));
}

#[test]
fn endpoint_replaces_the_root_and_keeps_the_service_path() {
    let mock = MockTransport::new().respond(200, "{}");
    run(async {
        let builder = gapi_runtime::ClientBuilder::<Translate>::new()
            .endpoint("HTTPS://Example.com")
            .transport(mock.clone());
        builder
            .build()
            .await
            .unwrap()
            .translate(Status::default())
            .send()
            .await
            .unwrap();
    });
    assert_eq!(mock.requests()[0].uri().path(), "/language/translate/v2");
}

#[test]
fn responses() {
    let mock = MockTransport::new()
        .respond(204, "")
        .respond(200, " \n")
        .respond(200, r#"[{"code": 1}, {"code": 2}]"#)
        .respond(200, r#"{"code": 3}"#)
        .respond(200, "")
        .respond(200, "not JSON")
        .respond(206, r#"{"nextPageToken": "t"}"#)
        .respond(200, r#"{"data": {"code": 4}}"#)
        .respond(200, r#"{"code": 5}"#);
    run(async {
        let spanner: Spanner = recorded(&mock).await;
        let operations = spanner.projects().instances().operations();
        let cancel = operations.cancel(PARENT, CancelOperationRequest::default());
        assert_eq!(cancel.clone().send().await.unwrap(), Empty::default());
        assert_eq!(cancel.send().await.unwrap(), Empty::default());
        let codes = |list: Vec<Status>| {
            list.iter()
                .map(|status| status.code.unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(operations.stream().send().await.unwrap()), [1, 2]);
        assert_eq!(codes(operations.stream().send().await.unwrap()), [3]);
        assert_eq!(codes(operations.stream().send().await.unwrap()), [0; 0]);
        assert_eq!(
            operations.delete(PARENT, 1).send().await.unwrap(),
            "not JSON"
        );
        let response = operations.list(PARENT).send_with_headers().await.unwrap();
        assert_eq!(response.status(), 206);
        assert_eq!(
            response.headers()["content-type"],
            "application/json; charset=UTF-8"
        );
        assert_eq!(response.into_body().next_page_token.as_deref(), Some("t"));
        let translate: Translate = recorded(&mock).await;
        assert_eq!(
            translate
                .translate(Status::default())
                .send()
                .await
                .unwrap()
                .code,
            Some(4)
        );
        assert_eq!(
            translate
                .translate(Status::default())
                .send()
                .await
                .unwrap()
                .code,
            Some(5)
        );
    });
}

#[test]
fn futures_can_be_spawned_and_moved() {
    fn check<T: Send + Unpin>(_: &T) {}
    let spanner: Spanner = run(recorded(&MockTransport::new()));
    let operations = spanner.projects().instances().operations();
    check(&operations.list(PARENT).send());
    check(&operations.list(PARENT).pages());
    check(&operations.list(PARENT).items());
    check(&operations.search().items());
    assert_eq!(Verb::Patch.as_str(), "PATCH");
    let operation = Operation::default();
    assert_eq!(operation, Operation::default());
}
