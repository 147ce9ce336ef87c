//! Page tokens that repeat.

use futures_util::TryStreamExt as _;
use gapi::gapi_runtime::{
    Bytes, ClientBuilder, Error, ErrorKind, MockTransport, Service, Value, http, serde_json,
};
use gapi::healthcare_v1::CloudHealthcare;
use gapi::healthcare_v1::schemas::EvaluateUserConsentsRequest;
use gapi::spanner_v1::Spanner;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const PARENT: &str = "projects/p/instances/i/operations";
const CONSENTS: &str = "projects/p/locations/l/datasets/d/consentStores/c";

/// The token of a request: in its query, or in its body.
fn token(request: &http::Request<Bytes>) -> Option<usize> {
    let query = request.uri().query().unwrap_or_default();
    let in_query = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("pageToken="));
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let token = in_query.or_else(|| body["pageToken"].as_str())?;
    token.parse().ok()
}

/// Returns a client whose server has `before` pages that lead into a cycle of `length` pages, and the number of requests.
async fn client<S: Service>(before: usize, length: usize) -> (S, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    let mock = MockTransport::with(move |request| {
        count.fetch_add(1, Ordering::Relaxed);
        let next = token(request).map_or(0, |token| token + 1);
        let next = if next == before + length {
            before
        } else {
            next
        };
        let body = format!(r#"{{"operations":[{{}}],"results":[{{}}],"nextPageToken":"{next}"}}"#);
        Ok(http::Response::new(body.into()))
    });
    let builder = ClientBuilder::new().anonymous().transport(mock);
    (builder.build().await.unwrap(), requests)
}

fn check(error: &Error, requests: &AtomicUsize, before: usize, length: usize) {
    let case = format!("{before} {length}: {error}");
    assert_eq!(error.kind(), ErrorKind::Page, "{case}");
    let requests = requests.load(Ordering::Relaxed);
    assert!(requests >= before + length, "{requests} {case}");
    assert!(
        requests <= before + length + 4 * length.max(before + 1),
        "{requests} {case}"
    );
}

const CIRCLES: [(usize, usize); 9] = [
    (0, 1),
    (0, 2),
    (0, 3),
    (1, 2),
    (5, 2),
    (0, 17),
    (33, 5),
    (7, 100),
    (300, 1),
];

#[tokio::test]
async fn case_r14_a_circle_ends_pages_and_items() {
    for (before, length) in CIRCLES {
        let (spanner, requests) = client::<Spanner>(before, length).await;
        let operations = spanner.projects().instances().operations();
        let pages = operations.list(PARENT).pages();
        let error = pages.try_for_each(async |_| Ok(())).await.unwrap_err();
        check(&error, &requests, before, length);

        let (spanner, requests) = client::<Spanner>(before, length).await;
        let operations = spanner.projects().instances().operations();
        let items = operations.list(PARENT).items();
        let error = items.try_for_each(async |_| Ok(())).await.unwrap_err();
        check(&error, &requests, before, length);
    }
}

#[tokio::test]
async fn case_r14_a_circle_of_tokens_in_the_body() {
    for (before, length) in CIRCLES {
        let (healthcare, requests) = client::<CloudHealthcare>(before, length).await;
        let locations = healthcare.projects().locations();
        let stores = locations.datasets().consent_stores();
        let call = stores.evaluate_user_consents(CONSENTS, EvaluateUserConsentsRequest::default());
        let error = call
            .items()
            .try_for_each(async |_| Ok(()))
            .await
            .unwrap_err();
        check(&error, &requests, before, length);
    }
}

#[tokio::test]
async fn case_r14_a_circle_of_calls_made_by_hand() {
    for (before, length) in CIRCLES {
        let (spanner, requests) = client::<Spanner>(before, length).await;
        let mut call = spanner.projects().instances().operations().list(PARENT);
        let error = loop {
            match call.clone().send().await {
                Ok(page) => call = call.next_page(&page).unwrap(),
                Err(error) => break error,
            }
        };
        check(&error, &requests, before, length);
    }
}

/// A list that the same call reads again from the start is not a cycle.
#[tokio::test]
async fn case_r14_a_list_that_is_read_again() {
    let (spanner, _) = client::<Spanner>(1000, 1).await;
    let mut call = spanner.projects().instances().operations().list(PARENT);
    for _ in 0..3 {
        for _ in 0..20 {
            let page = call.clone().send().await.unwrap();
            call = call.next_page(&page).unwrap();
        }
        call = call.page_token("0");
    }
}
