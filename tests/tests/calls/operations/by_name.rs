//! AIP-151: the schedule, and the method that reads an operation by its name.

use crate::operations::{
    Server,
    named::operations_read_by_name_v1::{
        OperationsReadByName, StandardParameters,
        schemas::{Operation, Thing},
    },
    seconds,
};
use gapi_runtime::{Call, ErrorKind, Poller};

const RUNNING: &str = r#"{"name": "things/t/operations/o"}"#;
const DONE: &str = r#"{"name": "things/t/operations/o", "done": true, "response": {"size": 1}}"#;

async fn begin(server: &Server) -> Poller<Operation> {
    let api: OperationsReadByName = server.client().await;
    api.things().create(Thing::default()).poller()
}

#[tokio::test(start_paused = true)]
async fn delays_double_from_one_second_to_a_minute() {
    let server = Server::new([
        RUNNING, RUNNING, RUNNING, RUNNING, RUNNING, RUNNING, RUNNING, RUNNING, RUNNING, DONE,
    ]);
    let operation = begin(&server).await.until_done().await.unwrap();
    assert_eq!(operation.done, Some(true));
    let get = "GET v1/things/t/operations/o";
    let wanted: Vec<String> = [1, 3, 7, 15, 31, 63, 123, 183, 243]
        .iter()
        .map(|second| format!("{second} {get}"))
        .collect();
    assert_eq!(server.seen()[0], "0 POST v1/things");
    assert_eq!(server.seen()[1..], wanted);
}

#[tokio::test(start_paused = true)]
async fn the_schedule_is_a_matter_of_settings() {
    let server = Server::new([RUNNING, RUNNING, RUNNING, RUNNING, RUNNING, DONE]);
    let poller = begin(&server).await;
    let poller = poller
        .initial_delay(seconds(2))
        .max_delay(seconds(4))
        .delay_factor(1.5);
    poller.until_done().await.unwrap();
    let times: Vec<String> = server.seen();
    let times: Vec<&str> = times
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(times, ["0", "2", "5", "9", "13", "17"]);
}

#[tokio::test(start_paused = true)]
async fn settings_without_sense_neither_panic_nor_hurry() {
    for factor in [f64::NAN, -1.0, 0.0, f64::INFINITY] {
        let server = Server::new([RUNNING, RUNNING, DONE]);
        begin(&server)
            .await
            .delay_factor(factor)
            .until_done()
            .await
            .unwrap();
        let second = if factor.is_infinite() { 61 } else { 2 };
        assert_eq!(
            server.seen()[2],
            format!("{second} GET v1/things/t/operations/o")
        );
    }
    let server = Server::new([RUNNING, DONE]);
    let endless = begin(&server).await.initial_delay(std::time::Duration::MAX);
    endless
        .timeout(std::time::Duration::MAX)
        .until_done()
        .await
        .unwrap();
    assert_eq!(server.seen()[1], "60 GET v1/things/t/operations/o");
}

#[tokio::test(start_paused = true)]
async fn what_is_done_at_once_is_not_polled() {
    let server = Server::new([r#"{"done": true, "response": {}}"#]);
    let operation = begin(&server).await.until_done().await.unwrap();
    assert_eq!(operation.name, None);
    assert_eq!(server.seen(), ["0 POST v1/things"]);
}

#[tokio::test(start_paused = true)]
async fn the_name_says_which_method_reads_it() {
    for (name, path) in [
        ("projects/p/operations/o", "v1/projects/p/operations/o"),
        ("things/t/operations/o", "v1/things/t/operations/o"),
        ("parts/p/operations/o 1", "v1/parts/p/operations/o%201"),
    ] {
        let running = format!(r#"{{"name": "{name}"}}"#);
        let server = Server::new([running.leak(), DONE]);
        begin(&server).await.until_done().await.unwrap();
        assert_eq!(server.seen()[1], format!("1 GET {path}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_no_method_reads_is_an_error() {
    for name in [
        "folders/f/operations/o",
        "things/t/operations/o/more",
        "../secrets",
    ] {
        let running = format!(r#"{{"name": "{name}"}}"#);
        let server = Server::new([running.leak()]);
        let error = begin(&server).await.until_done().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{name}");
        assert_eq!(error.operation_name(), Some(name));
        assert!(
            error.to_string().contains("no method of the API reads"),
            "{error}"
        );
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn case_r1_without_pattern_checks_the_template_says_which_method_reads_a_name() {
    for (name, path) in [
        ("folders/f/operations/o", Some("folders/f/operations/o")),
        (
            "things/t/operations/o/more",
            Some("things/t/operations/o/more"),
        ),
        ("things/t/operations/o", Some("things/t/operations/o")),
        ("../secrets", None),
        ("things/t/../x", None),
    ] {
        let running = format!(r#"{{"name": "{name}"}}"#);
        let server = Server::new([running.leak(), DONE]);
        let api: OperationsReadByName = server.client().await;
        let create = api.things().create(Thing::default());
        let result = create.skip_pattern_checks().poller().until_done().await;
        let polled = path.map(|path| format!("1 GET v1/{path}"));
        assert_eq!(server.seen().get(1), polled.as_ref(), "{name}");
        match path {
            Some(_) => assert_eq!(result.unwrap().done, Some(true)),
            None => assert_eq!(result.unwrap_err().kind(), ErrorKind::InvalidArgument),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_calls_is_said_with_each_poll_and_nothing_else() {
    let server = Server::new([RUNNING, DONE]);
    let api: OperationsReadByName = server.client().await;
    let call = api.things().create(Thing::default());
    let call = call.quota_user("q").fields("name,done");
    call.poller().until_done().await.unwrap();
    assert_eq!(
        server.seen(),
        [
            "0 POST v1/things?quotaUser=q&fields=name%2Cdone",
            "1 GET v1/things/t/operations/o?quotaUser=q",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_operation_is_taken_up_by_its_name() {
    let server = Server::new([RUNNING, RUNNING, DONE]);
    let api: OperationsReadByName = server.client().await;
    let call = api.things().operations().get("things/t/operations/o");
    let thing: Thing = call
        .fields("done,response")
        .poller()
        .with_response()
        .until_done()
        .await
        .unwrap();
    assert_eq!(thing.size, Some(1));
    let get = "GET v1/things/t/operations/o?fields=done%2Cresponse";
    assert_eq!(
        server.seen(),
        [format!("0 {get}"), format!("1 {get}"), format!("3 {get}")]
    );
}

#[tokio::test(start_paused = true)]
async fn an_operation_needs_no_name_in_the_response() {
    let server = Server::new([r#"{"done": false}"#, "{}", DONE]);
    let api: OperationsReadByName = server.client().await;
    let call = api.things().operations().get("things/t/operations/o");
    call.poller().until_done().await.unwrap();
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_get_that_begins_an_operation_is_not_its_reader() {
    let server = Server::new([RUNNING, DONE]);
    let api: OperationsReadByName = server.client().await;
    api.things()
        .start("things/t")
        .poller()
        .until_done()
        .await
        .unwrap();
    assert_eq!(
        server.seen(),
        ["0 GET v1/things/t:start", "1 GET v1/things/t/operations/o"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_can_wait_is_asked_to() {
    let running = r#"{"name": "projects/p/operations/o"}"#;
    let server = Server::new([running, running, running, DONE]);
    begin(&server).await.long_poll().until_done().await.unwrap();
    // It responds at once, which must not cause more requests than polling.
    let wait = "POST v1/projects/p/operations/o:wait";
    assert_eq!(
        server.seen(),
        [
            "0 POST v1/things".to_owned(),
            format!("0 {wait}"),
            format!("1 {wait}"),
            format!("3 {wait}")
        ]
    );
    let server = Server::new([RUNNING, DONE]);
    begin(&server).await.long_poll().until_done().await.unwrap();
    assert_eq!(server.seen()[1], "1 GET v1/things/t/operations/o");
}
