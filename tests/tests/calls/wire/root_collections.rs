//! Names that a service accepts although its document rejects them: corrected patterns, and calls and clients that skip
//! patterns.

use super::client::anonymous;
use super::server::{Server, json, response};
use futures_util::StreamExt;
use gapi::gapi_runtime::{Call, ErrorKind, Result};
use gapi_test_clients::firestore_v1::Firestore;
use gapi_test_clients::firestore_v1::projects::databases::documents::Documents;
use gapi_test_clients::securitycenter_v1::SecurityCommandCenter;

const ROOT: &str = "projects/p/databases/(default)/documents";

/// Parents in the bindings of `google/firestore/v1/firestore.proto`.
const PARENTS: [&str; 4] = [
    ROOT,
    "projects/p/databases/(default)/documents/rooms/r",
    "projects/p/databases/d-1/documents/rooms/r/messages/m",
    "projects/example.com:p/databases/d/documents",
];

/// Names that are not parents.
const OTHERS: [&str; 6] = [
    "projects/p/databases/(default)",
    "projects/p/databases/(default)/document",
    "projects/p/databases/(default)/documentsrooms/r",
    "projects/p/documents",
    "databases/(default)/documents",
    "(default)",
];

/// Names that would change the path.
const HOSTILE: [&str; 11] = [
    "",
    "projects/p/databases/../documents",
    "projects/p/databases/(default)/documents/..",
    "projects/p/databases/(default)/documents/rooms/%2e%2e",
    "projects/p/databases/(default)/documents/rooms/..;x",
    "projects/p/databases/(default)/documents/rooms/a\\..\\b",
    "projects/p/databases/(default)/documents/rooms//r",
    "projects/p/databases/(default)/documents/",
    "/projects/p/databases/(default)/documents",
    "projects/p/databases/(default)/documents/rooms/a%2Fb",
    "projects/p/databases/(default)/documents/rooms/a%0Ab",
];

async fn documents(server: &Server) -> Documents {
    let firestore: Firestore = anonymous(server).await;
    firestore.projects().databases().documents()
}

async fn unchecked(server: &Server) -> Firestore {
    let builder = Firestore::builder().endpoint(server.url());
    builder.skip_pattern_checks().build().await.unwrap()
}

/// Calls each method that takes a parent, and compares its request.
macro_rules! each_method {
    ($documents:expr, $parent:expr, $change:expr) => {{
        let (documents, parent) = (&$documents, $parent);
        let sent = [
            format!("GET /v1/{parent}/c?alt=json HTTP/1.1"),
            format!("GET /v1/{parent}/c?alt=json HTTP/1.1"),
            format!("POST /v1/{parent}/c?alt=json HTTP/1.1"),
            format!("POST /v1/{parent}:listCollectionIds?alt=json HTTP/1.1"),
            format!("POST /v1/{parent}:partitionQuery?alt=json HTTP/1.1"),
            format!("POST /v1/{parent}:runQuery?alt=json HTTP/1.1"),
            format!("POST /v1/{parent}:runAggregationQuery?alt=json HTTP/1.1"),
        ];
        let results: [Result<()>; 7] = [
            $change(documents.list(parent, "c")).send().await.map(drop),
            $change(documents.list_documents(parent, "c"))
                .send()
                .await
                .map(drop),
            $change(documents.create_document(parent, "c", None))
                .send()
                .await
                .map(drop),
            $change(documents.list_collection_ids(parent, None))
                .send()
                .await
                .map(drop),
            $change(documents.partition_query(parent, None))
                .send()
                .await
                .map(drop),
            $change(documents.run_query(parent, None))
                .send()
                .await
                .map(drop),
            $change(documents.run_aggregation_query(parent, None))
                .send()
                .await
                .map(drop),
        ];
        (results, sent)
    }};
}

#[tokio::test]
async fn case_r1_firestore_takes_the_root_and_documents_as_parents() {
    let server = Server::start([]).await;
    let documents = documents(&server).await;
    let mut expected = Vec::new();
    for parent in PARENTS {
        let (results, sent) = each_method!(documents, parent, |call| call);
        for result in results {
            result.unwrap();
        }
        expected.extend(sent);
    }
    assert_eq!(server.lines(), expected);
}

#[tokio::test]
async fn case_r1_firestore_rejects_other_parents_and_says_what_to_do() {
    let server = Server::start([]).await;
    let documents = documents(&server).await;
    for parent in OTHERS {
        let (results, _) = each_method!(documents, parent, |call| call);
        for result in results {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{parent}");
            let (id, text) = (error.method_id().unwrap(), error.to_string());
            let start =
                format!("{id}: parent does not match ^projects/[^/]+/databases/[^/]+/documents(");
            assert!(text.starts_with(&start), "{text}");
            assert!(
                text.ends_with("send the call with `Call::skip_pattern_checks()`"),
                "{text}"
            );
        }
    }
    // Names of documents have no other form.
    for name in [ROOT, "projects/p/databases/(default)/documents/rooms"] {
        assert!(documents.get(name).send().await.is_err());
        assert!(documents.delete(name).send().await.is_err());
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn case_r1_a_call_or_a_client_can_send_other_parents() {
    let server = Server::start([]).await;
    let documents = documents(&server).await;
    let mut expected = Vec::new();
    for parent in OTHERS {
        let (results, sent) = each_method!(documents, parent, unchecked_call);
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        expected.extend(sent);
        let client = unchecked(&server).await;
        let of_client = client.projects().databases().documents();
        let (results, sent) = each_method!(of_client, parent, |call| call);
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        expected.extend(sent);
    }
    assert_eq!(server.lines(), expected);
}

fn unchecked_call<C: Call>(call: C) -> C {
    call.skip_pattern_checks()
}

#[tokio::test]
async fn case_r1_hostile_parents_reach_no_socket_whatever_is_skipped() {
    let server = Server::start([]).await;
    let documents = documents(&server).await;
    let client = unchecked(&server).await;
    let of_client = client.projects().databases().documents();
    for parent in HOSTILE {
        let (plain, _) = each_method!(documents, parent, |call| call);
        let (by_call, _) = each_method!(documents, parent, unchecked_call);
        let (by_client, _) = each_method!(of_client, parent, |call| call);
        for result in plain.into_iter().chain(by_call).chain(by_client) {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{parent}");
            assert!(!error.to_string().contains("does not match"), "{error}");
        }
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn case_r1_pages_and_batches_skip_patterns_too() {
    let pages = [r#"{"nextPageToken": "t"}"#, "{}"];
    let server = Server::start(pages.map(json)).await;
    let documents = documents(&server).await;
    let list = documents.list("(default)", "c").skip_pattern_checks();
    assert_eq!(list.pages().count().await, 2);
    let lines =
        ["", "pageToken=t&"].map(|token| format!("GET /v1/(default)/c?{token}alt=json HTTP/1.1"));
    assert_eq!(server.lines(), lines);

    let parts = (0..3).map(|number| {
        format!(
            "--b\r\nContent-Type: application/http\r\nContent-ID: <response-call-{number}>\r\n\r\nHTTP/1.1 200 OK\r\n\
             Content-Type: application/json\r\n\r\n{{}}\r\n"
        )
    });
    let body = format!("{}--b--\r\n", parts.collect::<String>());
    let head = ["content-type: multipart/mixed; boundary=b"];
    let server = Server::start([response("200 OK", &head, body)]).await;
    let firestore: Firestore = anonymous(&server).await;
    let documents = firestore.projects().databases().documents();
    let mut batch = firestore.batch();
    let root = batch.add(documents.list(ROOT, "c"));
    let skipped = batch.add(documents.run_query("(default)", None).skip_pattern_checks());
    let rejected = batch.add(documents.run_query("(default)", None));
    let hostile = batch.add(documents.run_query("..", None).skip_pattern_checks());
    let mut responses = batch.send().await.unwrap();
    let sent = String::from_utf8(server.requests()[0].body.clone()).unwrap();
    let targets: Vec<_> = sent
        .lines()
        .filter(|line| line.ends_with("HTTP/1.1"))
        .collect();
    assert_eq!(
        targets,
        [
            format!("GET /v1/{ROOT}/c?alt=json HTTP/1.1"),
            "POST /v1/(default):runQuery?alt=json HTTP/1.1".to_owned()
        ]
    );
    responses.take(root).unwrap();
    responses.take(skipped).unwrap();
    let error = responses.take(rejected).unwrap_err();
    assert!(error.to_string().contains("does not match"), "{error}");
    let error = responses.take(hostile).unwrap_err();
    assert!(error.to_string().contains("path segment"), "{error}");
}

#[tokio::test]
async fn case_r1_mute_configs_are_created_below_locations() {
    let server = Server::start([]).await;
    let center: SecurityCommandCenter = anonymous(&server).await;
    let (folders, organizations, projects) = (
        center.folders().mute_configs(),
        center.organizations().mute_configs(),
        center.projects().mute_configs(),
    );
    let mut expected = Vec::new();
    for below in ["", "/locations/global"] {
        let [folder, organization, project] =
            ["folders/1", "organizations/2", "projects/p"].map(|parent| format!("{parent}{below}"));
        folders.create(&folder, None).send().await.unwrap();
        organizations
            .create(&organization, None)
            .send()
            .await
            .unwrap();
        projects.create(&project, None).send().await.unwrap();
        let sent = [folder, organization, project]
            .map(|parent| format!("POST /v1/{parent}/muteConfigs?alt=json HTTP/1.1"));
        expected.extend(sent);
    }
    assert_eq!(server.lines(), expected);
    for parent in [
        "folders/1/locations",
        "folders/1/locations/global/x",
        "projects/p",
    ] {
        assert!(
            folders.create(parent, None).send().await.is_err(),
            "{parent}"
        );
    }
    assert_eq!(server.requests().len(), 6);
}
