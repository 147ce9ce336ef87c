//! The encoding of values in the path, in the query and in the body.

use super::client::anonymous;
use super::server::Server;
use gapi::healthcare_v1::CloudHealthcare;
use gapi::servicemanagement_v1::ServiceManagement;
use gapi::spanner_v1::params::Xgafv;
use gapi::spanner_v1::schemas::{Backup, SetIamPolicyRequest, instance};
use gapi::spanner_v1::{Spanner, StandardParameters};

#[tokio::test]
async fn query_values_are_form_encoded() {
    let server = Server::start([]).await;
    let spanner: Spanner = anonymous(&server).await;
    let operations = spanner.projects().instances().operations();
    let parent = "projects/p/instances/i/operations";
    let cases = [
        ("a b  c", "a+b++c"),
        ("a+b", "a%2Bb"),
        ("*", "%2A"),
        ("é 日本", "%C3%A9+%E6%97%A5%E6%9C%AC"),
        ("100%", "100%25"),
        ("%2F", "%252F"),
        ("a=b&c=d#e?f", "a%3Db%26c%3Dd%23e%3Ff"),
        ("-._~", "-._~"),
        ("a'b\"c<d>", "a%27b%22c%3Cd%3E"),
        ("a\r\nb\0", "a%0D%0Ab%00"),
        ("", ""),
    ];
    for (filter, _) in cases {
        operations.list(parent).filter(filter).send().await.unwrap();
    }
    let expected = cases.map(|(_, filter)| {
        format!("GET /v1/projects/p/instances/i/operations?filter={filter}&alt=json HTTP/1.1")
    });
    assert_eq!(server.lines(), expected);
}

#[tokio::test]
async fn reserved_characters_and_triplets_stay_in_a_resource_name() {
    let server = Server::start([]).await;
    let spanner: Spanner = anonymous(&server).await;
    let operations = spanner.projects().instances().operations();
    let cases = [
        ("a b", "a%20b"),
        ("!$&'()*+,;=:@[]", "!$&'()*+,;=:@[]"),
        ("é", "%C3%A9"),
        ("a%3Ab", "a%3Ab"),
        ("a%3ab%20c", "a%3ab%20c"),
        ("a%3Ab c é", "a%3Ab%20c%20%C3%A9"),
        ("a%252Fb", "a%252Fb"),
        ("100%", "100%25"),
        ("%zz%4", "%25zz%254"),
        ("\"<>\\^`{|}", "%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ("...", "..."),
        ("-._~", "-._~"),
    ];
    for (id, _) in cases {
        let name = format!("projects/p/instances/i/operations/{id}");
        operations.get(name).send().await.unwrap();
    }
    let expected = cases
        .map(|(_, id)| format!("GET /v1/projects/p/instances/i/operations/{id}?alt=json HTTP/1.1"));
    assert_eq!(server.lines(), expected);
}

#[tokio::test]
async fn nothing_but_unreserved_characters_stays_in_a_single_segment() {
    let server = Server::start([]).await;
    let services = anonymous::<ServiceManagement>(&server).await.services();
    for name in ["a/b?c#d", "a%2Fb é", "-._~", "!$&'()*+,;=:@[]"] {
        services.get(name).send().await.unwrap();
    }
    assert_eq!(
        server.lines(),
        [
            "GET /v1/services/a%2Fb%3Fc%23d?alt=json HTTP/1.1",
            "GET /v1/services/a%252Fb%20%C3%A9?alt=json HTTP/1.1",
            "GET /v1/services/-._~?alt=json HTTP/1.1",
            "GET /v1/services/%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A%40%5B%5D?alt=json HTTP/1.1",
        ]
    );
}

#[tokio::test]
async fn a_repeated_parameter_is_sent_once_for_each_value() {
    let server = Server::start([]).await;
    let locations = anonymous::<CloudHealthcare>(&server)
        .await
        .projects()
        .locations();
    let list = locations.list("projects/p");
    for values in [vec!["a b", "", "a b"], vec!["c"], vec![]] {
        let list = list
            .clone()
            .filter("f")
            .extra_location_types(values)
            .page_size(1);
        list.send().await.unwrap();
    }
    assert_eq!(
        server.lines(),
        [
            "GET /v1/projects/p/locations?filter=f&extraLocationTypes=a+b&extraLocationTypes=&extraLocationTypes=a+b&\
             pageSize=1&alt=json HTTP/1.1",
            "GET /v1/projects/p/locations?filter=f&extraLocationTypes=c&pageSize=1&alt=json HTTP/1.1",
            "GET /v1/projects/p/locations?filter=f&pageSize=1&alt=json HTTP/1.1",
        ]
    );
}

#[tokio::test]
async fn dotted_and_dollar_names_are_sent_as_the_document_has_them() {
    use gapi::spanner_v1::projects::instances::backups::params::create::EncryptionConfigEncryptionType as Type;
    let server = Server::start([]).await;
    let backups = anonymous::<Spanner>(&server)
        .await
        .projects()
        .instances()
        .backups();
    backups
        .create("projects/p/instances/i", Backup::default())
        .backup_id("b")
        .encryption_config_kms_key_names(["k/1", "k/2"])
        .encryption_config_encryption_type(Type::UseDatabaseEncryption)
        .xgafv(Xgafv::V1)
        .send()
        .await
        .unwrap();
    assert_eq!(
        server.lines(),
        [
            "POST /v1/projects/p/instances/i/backups?backupId=b&encryptionConfig.kmsKeyNames=k%2F1&\
          encryptionConfig.kmsKeyNames=k%2F2&encryptionConfig.encryptionType=USE_DATABASE_ENCRYPTION&\
          %24.xgafv=1&alt=json HTTP/1.1"
        ]
    );
}

#[tokio::test]
async fn a_parameter_set_twice_is_sent_once_where_it_was_first() {
    let server = Server::start([]).await;
    let operations = anonymous::<Spanner>(&server)
        .await
        .projects()
        .instances()
        .operations();
    let list = operations.list("projects/p/instances/i/operations");
    list.page_size(1)
        .filter("a")
        .page_size(2)
        .send()
        .await
        .unwrap();
    assert_eq!(
        server.lines(),
        ["GET /v1/projects/p/instances/i/operations?pageSize=2&filter=a&alt=json HTTP/1.1"]
    );
}

#[tokio::test]
async fn an_unknown_enum_value_is_sent_back_unchanged() {
    use super::server::json;
    use gapi::spanner_v1::schemas::UpdateInstanceRequest;
    let server = Server::start([json(
        r#"{"name":"projects/p/instances/i","edition":"PLATINUM_2030","state":"READY"}"#,
    )])
    .await;
    let instances = anonymous::<Spanner>(&server).await.projects().instances();
    let name = "projects/p/instances/i";
    let instance = instances.get(name).send().await.unwrap();
    assert_eq!(instance.state, Some(instance::State::Ready));
    assert_eq!(
        instance.edition,
        Some(instance::Edition::UnknownValue("PLATINUM_2030".to_owned()))
    );
    let request = UpdateInstanceRequest {
        instance: Some(instance),
        field_mask: Some("edition".into()),
        ..Default::default()
    };
    let update = instances.patch(name, request).xgafv(Xgafv::from("3 é"));
    update.send().await.unwrap();

    let requests = server.requests();
    assert_eq!(
        requests[1].line,
        "PATCH /v1/projects/p/instances/i?%24.xgafv=3+%C3%A9&alt=json HTTP/1.1"
    );
    assert_eq!(
        requests[1].json(),
        serde_json::json!({
            "fieldMask": "edition",
            "instance": {"name": "projects/p/instances/i", "edition": "PLATINUM_2030", "state": "READY"},
        })
    );
}

#[tokio::test]
async fn a_body_without_members_is_an_empty_object() {
    let server = Server::start([]).await;
    let instances = anonymous::<Spanner>(&server).await.projects().instances();
    let call = instances.set_iam_policy("projects/p/instances/i", SetIamPolicyRequest::default());
    call.send().await.unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.body, b"{}");
    assert_eq!(request.header("content-type"), ["application/json"]);
    assert_eq!(request.header("content-length"), ["2"]);
}
