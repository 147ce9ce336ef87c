//! Calls and clients that skip the checks of patterns.

use crate::api::Spanner;
use crate::api::projects::instances::operations::Operations;
use crate::{recorded, run};
use futures_util::StreamExt;
use gapi_runtime::{Call, ErrorKind, MockTransport};

/// Names that match no pattern of the API, and their encoded forms.
const NAMES: [(&str, &str); 4] = [
    ("projects/p/operations", "projects/p/operations"),
    ("emulator", "emulator"),
    ("Projects/p (1)", "Projects/p%20(1)"),
    ("a/b/c:d@e", "a/b/c:d@e"),
];

/// Names that are always rejected.
const DANGEROUS: [&str; 13] = [
    "", ".", "..", "a/../b", "a/%2e%2E", "a//b", "/a", "a/", "..\n", "a%0Ab", "a%2Fb", "a\\..",
    "..;x",
];

async fn checked(mock: &MockTransport) -> Operations {
    let spanner: Spanner = recorded(mock).await;
    spanner.projects().instances().operations()
}

async fn unchecked(mock: &MockTransport) -> Operations {
    let builder = Spanner::builder().skip_pattern_checks();
    let spanner = builder.transport(mock.clone()).build().await.unwrap();
    spanner.projects().instances().operations()
}

fn paths(mock: &MockTransport) -> Vec<String> {
    let requests = mock.requests();
    let paths = requests.iter().map(|request| request.uri().path());
    paths.map(str::to_owned).collect()
}

#[test]
fn case_r1_the_error_says_what_to_do() {
    let mock = MockTransport::new();
    let error = run(async {
        let list = checked(&mock).await.list("projects/p");
        list.send().await.unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(
        error.to_string(),
        "spanner.projects.instances.operations.list: name does not match ^projects/[^/]+/instances/[^/]+/operations$: \
         correct the value, or, if you know that the service accepts it, send the call with `Call::skip_pattern_checks()`"
    );
    assert!(mock.requests().is_empty());
}

#[test]
fn case_r1_a_call_or_a_client_skips_pattern_checks() {
    for (name, sent) in NAMES {
        let mock = MockTransport::new()
            .respond(200, r#"{"nextPageToken": "t"}"#)
            .respond(200, "{}")
            .respond(200, "{}")
            .respond(200, "{}");
        run(async {
            let operations = checked(&mock).await;
            assert!(operations.list(name).send().await.is_err());
            let list = operations.list(name).skip_pattern_checks();
            assert_eq!(list.pages().count().await, 2);
            assert!(operations.list(name).send().await.is_err());

            let operations = unchecked(&mock).await;
            operations.list(name).send().await.unwrap();
            operations
                .cancel(name, crate::api::schemas::CancelOperationRequest::default())
                .send()
                .await
                .unwrap();
        });
        let list = format!("/v1/{sent}");
        let cancel = format!("/v1/{sent}:cancel");
        assert_eq!(paths(&mock), [list.as_str(), &list, &list, cancel.as_str()]);
    }
}

#[test]
fn case_r1_what_would_change_the_path_is_rejected_all_the_same() {
    let mock = MockTransport::new();
    run(async {
        for name in DANGEROUS {
            let list = checked(&mock).await.list(name).skip_pattern_checks();
            let error = list.send().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name:?}");
            let text = error.to_string();
            assert!(!text.contains("does not match"), "{name:?}: {text}");
            assert!(unchecked(&mock).await.list(name).send().await.is_err());
        }
    });
    assert!(mock.requests().is_empty());
}
