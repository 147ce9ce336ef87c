//! Lists of real APIs with a mask (`fields`): no page is lost.

use super::client::anonymous;
use super::server::{Server, json};
use futures_util::{StreamExt, TryStreamExt};
use gapi::gapi_runtime::{Call, ErrorKind};
use gapi_test_clients::bigquery_v2::{self, Bigquery};
use gapi_test_clients::drive_v3::{Drive, StandardParameters as _, files};
use gapi_test_clients::storage_v1::{self, Storage};

/// Two pages of Drive, as a server sends them if the mask includes the token.
const FILES: [&str; 2] = [
    r#"{"files": [{"id": "1", "name": "a"}], "nextPageToken": "t"}"#,
    r#"{"files": [{"id": "2", "name": "b"}]}"#,
];

async fn files(server: &Server) -> files::List {
    anonymous::<Drive>(server).await.files().list()
}

/// Returns the values of `fields` that were sent.
fn masks(server: &Server) -> Vec<String> {
    let lines = server.lines();
    let masks = lines.iter().filter_map(|line| {
        let (_, query) = line.split_once("fields=")?;
        query.split(['&', ' ']).next().map(str::to_owned)
    });
    masks.collect()
}

#[tokio::test]
async fn case_r4_drive_lists_all_files_whatever_the_mask() {
    for (mask, sent) in [
        ("files(id,name)", "nextPageToken%2Cfiles%28id%2Cname%29"),
        ("files/id", "nextPageToken%2Cfiles%2Fid"),
        ("kind,files", "nextPageToken%2Ckind%2Cfiles"),
        (
            "files(id,nextPageToken)",
            "nextPageToken%2Cfiles%28id%2CnextPageToken%29",
        ),
        (
            "files(owners(emailAddress),name),kind",
            "nextPageToken%2Cfiles%28owners%28emailAddress%29%2Cname%29%2Ckind",
        ),
        (
            "nextPageToken, files(id, name)",
            "nextPageToken%2C+files%28id%2C+name%29",
        ),
        ("files(id),nextPageToken", "files%28id%29%2CnextPageToken"),
        ("*", "%2A"),
    ] {
        let server = Server::start(FILES.map(json)).await;
        let list = files(&server).await.fields(mask);
        let ids = list.items().map_ok(|file| file.id.unwrap());
        let ids: Vec<_> = ids.try_collect().await.unwrap();
        assert_eq!(ids, ["1", "2"], "{mask}");
        assert_eq!(masks(&server), [sent, sent], "{mask}");
        let second = &server.lines()[1];
        assert_eq!(
            *second,
            format!("GET /drive/v3/files?fields={sent}&pageToken=t&alt=json HTTP/1.1")
        );
    }
}

#[tokio::test]
async fn case_r4_a_single_call_keeps_its_mask() {
    let server = Server::start([json(FILES[1])]).await;
    let list = files(&server).await.fields("files(id,name)");
    let page = list.clone().send().await.unwrap();
    assert_eq!(masks(&server), ["files%28id%2Cname%29"]);

    // It is unknown whether there is a second page.
    let error = list.next_page(&page).unwrap().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.to_string().contains("leaves out nextPageToken"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn case_r4_a_list_without_its_items_is_an_error() {
    let server = Server::start([]).await;
    for mask in ["nextPageToken", "nextPageToken,kind", "incompleteSearch"] {
        let list = files(&server).await.fields(mask);
        let results: Vec<_> = list.items().collect().await;
        assert_eq!(results.len(), 1);
        let error = results[0].as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(
            error.to_string(),
            "drive.files.list: `fields` leaves out files, so there would be no items: add files to it, or read the pages \
             with `pages()`"
        );
    }
    assert_eq!(server.connections(), 0);
    let pages = files(&server).await.fields("incompleteSearch").pages();
    assert_eq!(pages.count().await, 1);
}

#[tokio::test]
async fn case_r4_the_token_is_called_as_the_response_calls_it() {
    use bigquery_v2::StandardParameters as _;
    let server = Server::start(
        [
            r#"{"rows": [{"f": [{"v": "1"}]}], "pageToken": "t"}"#,
            r#"{"rows": [{"f": [{"v": "2"}]}]}"#,
        ]
        .map(json),
    )
    .await;
    let bigquery: Bigquery = anonymous(&server).await;
    let list = bigquery.tabledata().list("p", "d", "t").fields("rows/f/v");
    assert_eq!(list.pages().count().await, 2);
    let sent = "pageToken%2Crows%2Ff%2Fv";
    assert_eq!(masks(&server), [sent, sent]);
}

#[tokio::test]
async fn case_r4_other_parameters_with_fields_in_their_name_stay() {
    let server = Server::start([r#"{"pageToken": "t"}"#, "{}"].map(json)).await;
    let bigquery: Bigquery = anonymous(&server).await;
    let list = bigquery.tabledata().list("p", "d", "t");
    assert_eq!(list.selected_fields("a,b.c").pages().count().await, 2);
    let expected = ["", "&pageToken=t"].map(|token| {
        format!(
            "GET /bigquery/v2/projects/p/datasets/d/tables/t/data?selectedFields=a%2Cb.c{token}&alt=json HTTP/1.1"
        )
    });
    assert_eq!(server.lines(), expected);
}

#[tokio::test]
async fn case_r4_the_mask_of_a_long_request_is_amended_in_its_body() {
    use storage_v1::StandardParameters as _;
    let server = Server::start(
        [
            r#"{"items": [{"name": "a"}], "nextPageToken": "t"}"#,
            r#"{"items": [{"name": "b"}]}"#,
        ]
        .map(json),
    )
    .await;
    let storage: Storage = anonymous(&server).await;
    let list = storage.objects().list("b").fields("items(name)");
    let long = list.map_request(|request| request.query("prefix", "x".repeat(2_048)));
    let items: Vec<_> = long.items().try_collect().await.unwrap();
    assert_eq!(items.len(), 2);
    for request in server.requests() {
        assert_eq!(request.line, "POST /storage/v1/b/b/o HTTP/1.1");
        let form = String::from_utf8(request.body).unwrap();
        assert!(form.starts_with("fields=nextPageToken%2Citems%28name%29&"));
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn case_r4_parameters_that_are_only_named_like_masks_stay() {
    use crate::golden::paging_masks::paging_masks_and_parameters_named_so_v1 as api;
    let server = Server::start(
        [r#"{"things": [{}], "nextPageToken": "t"}"#, "{}"]
            .iter()
            .cycle()
            .take(10)
            .map(|body| json(body)),
    )
    .await;
    let client: api::PagingMasksAndParametersNamedSo = anonymous(&server).await;
    let things = client.things();
    let count = [
        things.copied().fields("things").items().count().await,
        things.undescribed().fields("things").items().count().await,
        things.described().fields("a").items().count().await,
        things.repeated().fields(["a", "b"]).items().count().await,
        {
            let cost = api::things::params::listed::Fields::Cost;
            things.listed().fields(cost).items().count().await
        },
    ];
    assert_eq!(count, [1; 5]);
    let lines = server.lines();
    let first = lines.iter().step_by(2).map(String::as_str);
    assert_eq!(
        first.collect::<Vec<_>>(),
        [
            "GET /v1/copied?fields=nextPageToken%2Cthings&alt=json HTTP/1.1",
            "GET /v1/undescribed?%24fields=nextPageToken%2Cthings&alt=json HTTP/1.1",
            "GET /v1/described?fields=a&alt=json HTTP/1.1",
            "GET /v1/repeated?%24fields=a&%24fields=b&alt=json HTTP/1.1",
            "GET /v1/listed?fields=COST&alt=json HTTP/1.1",
        ]
    );
}
