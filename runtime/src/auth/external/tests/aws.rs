//! Subject tokens from AWS.

use super::super::aws::Aws;
use super::super::members::Members;
use super::super::sigv4::Keys;
use super::super::testing::{WORKLOAD, form, header, issued, of_url, token, with};
use super::super::{ExternalAccount, Machine};
use super::problem;
use crate::transport::MockTransport;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::time::{Duration, UNIX_EPOCH};

const IMDS: &str = "http://169.254.169.254/latest";

fn file(source: Value) -> Value {
    let source = with(
        json!({
            "environment_id": "aws1",
            "region_url": format!("{IMDS}/meta-data/placement/availability-zone"),
            "url": format!("{IMDS}/meta-data/iam/security-credentials"),
            "imdsv2_session_token_url": format!("{IMDS}/api/token"),
            "regional_cred_verification_url":
                "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
        }),
        source,
    );
    with(
        of_url(),
        json!({
            "subject_token_type": "urn:ietf:params:aws:token-type:aws4_request",
            "credential_source": source,
        }),
    )
}

fn account(file: &Value, environment: fn(&str) -> Option<String>) -> ExternalAccount {
    let machine = Machine {
        environment,
        ..Machine::default()
    };
    ExternalAccount::parse("aws.json", file, &machine).unwrap()
}

fn keys_of_environment(name: &str) -> Option<String> {
    let value = match name {
        "AWS_REGION" => "us-east-1",
        "AWS_DEFAULT_REGION" => "eu-west-1",
        "AWS_ACCESS_KEY_ID" => "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY" => "secret-access-key",
        "AWS_SESSION_TOKEN" => "session/token",
        _ => return None,
    };
    Some(value.to_owned())
}

fn nothing(_: &str) -> Option<String> {
    None
}

/// The signed request in the subject token of the last request.
fn signed(mock: &MockTransport) -> Value {
    let form = form(&mock.requests().pop().unwrap()).into_iter();
    let mut tokens = form.filter(|(name, _)| name == "subject_token");
    let token = tokens.next().unwrap().1;
    let json = percent_decode_str(&token).decode_utf8().unwrap();
    assert!(
        json.starts_with(r#"{"headers":[{"key":"Authorization","value":"AWS4-HMAC-SHA256 Cred"#)
    );
    assert!(!token.contains(['{', '"', ' ', ':']));
    serde_json::from_str(&json).unwrap()
}

#[tokio::test]
async fn the_environment_comes_first() {
    let mock = MockTransport::new().respond(200, issued("google"));
    let account = account(&file(json!({})), keys_of_environment);
    assert_eq!(token(&account, &mock).await.unwrap(), "Bearer google");
    assert_eq!(mock.requests().len(), 1);
    let request = signed(&mock);
    assert_eq!(request["method"], "POST");
    assert_eq!(
        request["url"],
        "https://sts.us-east-1.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"
    );
    let headers = request["headers"].as_array().unwrap();
    let pairs: Vec<(&str, &str)> = headers
        .iter()
        .map(|header| {
            (
                header["key"].as_str().unwrap(),
                header["value"].as_str().unwrap(),
            )
        })
        .collect();
    let [authorization, host, date, session, target] = &pairs[..] else {
        panic!("{pairs:?}");
    };
    assert!(authorization.1.contains(
        "/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, "
    ));
    assert_eq!(*host, ("host", "sts.us-east-1.amazonaws.com"));
    assert_eq!((date.0, date.1.len()), ("x-amz-date", 16));
    assert_eq!(*session, ("x-amz-security-token", "session/token"));
    assert_eq!(*target, ("x-goog-cloud-target-resource", WORKLOAD));
}

/// The subject token of google-auth 2.63.0 for the same time, keys and file.
#[test]
fn the_token_of_google_auth() {
    let file = file(json!({}));
    let members = Members::of("aws.json", &file).unwrap();
    let source = members.object("credential_source").unwrap().unwrap();
    let aws = Aws::new(&source, &Machine::default()).unwrap();
    let keys = Keys {
        access_key_id: "ASIA".to_owned(),
        secret_access_key: "secret-access-key".to_owned(),
        session_token: Some("session/of role".to_owned()),
    };
    let time = UNIX_EPOCH + Duration::from_hours(498_843);
    assert_eq!(
        aws.signed("us-east-2", &keys, WORKLOAD, time).unwrap(),
        concat!(
            "%7B%22headers%22%3A%5B%7B%22key%22%3A%22Authorization%22%2C%22value%22%3A%22AWS4-HMAC-SHA256%20",
            "Credential%3DASIA/20261128/us-east-2/sts/aws4_request%2C%20",
            "SignedHeaders%3Dhost%3Bx-amz-date%3Bx-amz-security-token%2C%20",
            "Signature%3D8826bd5cc49d51aa9340de6bd5e3f2fea2b15afa8051288d4873daf232bd03ad%22%7D%2C",
            "%7B%22key%22%3A%22host%22%2C%22value%22%3A%22sts.us-east-2.amazonaws.com%22%7D%2C",
            "%7B%22key%22%3A%22x-amz-date%22%2C%22value%22%3A%2220261128T030000Z%22%7D%2C",
            "%7B%22key%22%3A%22x-amz-security-token%22%2C%22value%22%3A%22session/of%20role%22%7D%2C",
            "%7B%22key%22%3A%22x-goog-cloud-target-resource%22%2C%22value%22%3A%22//iam.googleapis.com/projects/1/",
            "locations/global/workloadIdentityPools/p/providers/q%22%7D%5D%2C%22method%22%3A%22POST%22%2C",
            "%22url%22%3A%22https%3A//sts.us-east-2.amazonaws.com%3FAction%3DGetCallerIdentity%26Version%3D2011-06-15%22%7D"
        )
    );
}

#[tokio::test]
async fn the_metadata_server_comes_second() {
    let role = json!({
        "AccessKeyId": "ASIA", "SecretAccessKey": "secret-access-key", "Token": "session-of-role",
    });
    let mock = MockTransport::new()
        .respond(200, "imds-1")
        .respond(200, "us-east-2b")
        .respond(200, "imds-2")
        .respond(200, "role-name")
        .respond(200, role.to_string())
        .respond(200, issued("google"));
    token(&account(&file(json!({})), nothing), &mock)
        .await
        .unwrap();
    let requests = mock.requests();
    let seen: Vec<(&str, String, &str, &str)> = requests
        .iter()
        .take(5)
        .map(|request| {
            let path = request.uri().path().to_owned();
            let session = header(request, "x-aws-ec2-metadata-token");
            let lifetime = header(request, "x-aws-ec2-metadata-token-ttl-seconds");
            (request.method().as_str(), path, session, lifetime)
        })
        .collect();
    let expected = [
        ("PUT", "/latest/api/token", "", "300"),
        (
            "GET",
            "/latest/meta-data/placement/availability-zone",
            "imds-1",
            "",
        ),
        ("PUT", "/latest/api/token", "", "300"),
        (
            "GET",
            "/latest/meta-data/iam/security-credentials",
            "imds-2",
            "",
        ),
        (
            "GET",
            "/latest/meta-data/iam/security-credentials/role-name",
            "imds-2",
            "",
        ),
    ];
    let expected = expected.map(|(verb, path, token, time)| (verb, path.to_owned(), token, time));
    assert_eq!(seen, expected);
    let request = signed(&mock);
    assert_eq!(
        request["headers"][1]["value"],
        "sts.us-east-2.amazonaws.com"
    );
    assert_eq!(request["headers"][3]["value"], "session-of-role");
}

/// Version 1 of the metadata server has no session.
#[tokio::test]
async fn a_session_is_optional() {
    let file = file(json!({"imdsv2_session_token_url": null}));
    let mock = MockTransport::new()
        .respond(200, "us-east-2b")
        .respond(200, "role-name")
        .respond(
            200,
            json!({"AccessKeyId": "AKID", "SecretAccessKey": "secret"}).to_string(),
        )
        .respond(200, issued("google"));
    token(&account(&file, nothing), &mock).await.unwrap();
    assert_eq!(mock.requests().len(), 4);
    assert_eq!(
        signed(&mock)["headers"][3]["key"],
        "x-goog-cloud-target-resource"
    );
}

/// The signed request and the errors of the token server have words in common.
#[tokio::test]
async fn errors_show_the_words_of_the_token_server_and_no_signature() {
    let said =
        |text: &str| json!({"error": "invalid_grant", "error_description": text}).to_string();
    let words = "Received invalid AWS response of type InvalidClientTokenId with error message: \
                 The security token included in the request is invalid.";
    let mock = MockTransport::new().respond(400, said(words));
    let account = || account(&file(json!({})), keys_of_environment);
    let error = token(&account(), &mock).await.unwrap_err();
    assert!(error.contains(words), "{error}");
    let parts: [fn(&str) -> String; 3] = [
        str::to_owned,
        |token| percent_decode_str(token).decode_utf8_lossy().into_owned(),
        |token| token.split("Signature%3D").nth(1).unwrap()[..64].to_owned(),
    ];
    for part in parts {
        let mock = MockTransport::with(move |request| {
            let mut fields = form(request).into_iter();
            let token = fields.find(|(name, _)| name == "subject_token").unwrap().1;
            let body = said(&part(&token)).into();
            Ok(http::Response::builder().status(400).body(body).unwrap())
        });
        let error = token(&account(), &mock).await.unwrap_err();
        assert!(error.contains("[hidden]"), "{error}");
    }
}

#[tokio::test]
async fn failures_of_the_metadata_server() {
    let with_region = |name: &str| (name == "AWS_REGION").then(|| "us-east-1".to_owned());
    let error = token(
        &account(&file(json!({"url": null})), with_region),
        &MockTransport::new(),
    )
    .await;
    let error = error.unwrap_err();
    assert!(
        error.contains("aws.json: no AWS credentials") && error.contains("help: set"),
        "{error}"
    );
    let error = token(
        &account(&file(json!({"region_url": null})), nothing),
        &MockTransport::new(),
    )
    .await;
    let error = error.unwrap_err();
    assert!(
        error.contains("aws.json: no region") && error.contains("AWS_REGION"),
        "{error}"
    );
    for (responses, expected) in [
        (
            vec![(403, "")],
            "(`credential_source.imdsv2_session_token_url` of aws.json)",
        ),
        (
            vec![(200, "imds"), (404, "")],
            "(`credential_source.region_url` of aws.json): the server 169.254.169.254:80 returned",
        ),
        (
            vec![(200, "imds"), (200, "evil.example/b")],
            "is not the name of an AWS region",
        ),
        (
            vec![(200, "imds"), (200, "")],
            "is not the name of an AWS region",
        ),
        (
            vec![
                (200, "imds"),
                (200, "us-east-1a"),
                (200, "imds"),
                (200, "a/../b"),
            ],
            "named no role",
        ),
        (
            vec![(200, "imds"), (200, "us-east-1a"), (200, "imds"), (200, "")],
            "named no role",
        ),
        (
            vec![
                (200, "imds"),
                (200, "us-east-1a"),
                (200, "imds"),
                (200, "r"),
                (200, "{}"),
            ],
            "returned no credentials",
        ),
        (vec![(200, "a\nb")], "is not text"),
    ] {
        let mut mock = MockTransport::new();
        for (status, body) in responses {
            mock = mock.respond(status, body);
        }
        let error = token(&account(&file(json!({})), nothing), &mock)
            .await
            .unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

/// A signature is worth as much as the keys, if it is for another action.
#[test]
fn only_get_caller_identity_is_signed() {
    const NAME: &str = "regional_cred_verification_url";
    for (url, is_valid) in [
        (
            "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
            true,
        ),
        (
            "https://sts.{region}.amazonaws.com/?Version=2011-06-15&Action=GetCallerIdentity",
            true,
        ),
        (
            "https://sts-fips.{region}.amazonaws.com?Action=GetCallerIdentity",
            true,
        ),
        (
            "https://sts.cn-north-1.amazonaws.com.cn?Action=GetCallerIdentity",
            true,
        ),
        (
            "http://sts.{region}.amazonaws.com?Action=GetCallerIdentity",
            false,
        ),
        ("https://iam.amazonaws.com?Action=GetCallerIdentity", false),
        (
            "https://sts.{region}.amazonaws.com?Action=AssumeRole",
            false,
        ),
        (
            "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Action=AssumeRole",
            false,
        ),
        (
            "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&action=AssumeRole",
            false,
        ),
        (
            "https://sts.{region}.amazonaws.com/x?Action=GetCallerIdentity",
            false,
        ),
        ("https://sts.{region}.amazonaws.com", false),
        ("https://sts.example.com?Action=GetCallerIdentity", false),
    ] {
        let file = file(json!({NAME: url}));
        match ExternalAccount::parse("aws.json", &file, &Machine::default()) {
            Ok(_) => assert!(is_valid, "{url}"),
            Err(error) => {
                assert!(!is_valid, "{url}");
                let error = error.to_string();
                assert!(
                    error.contains(&format!("`credential_source.{NAME}` of aws.json")),
                    "{error}"
                );
            }
        }
    }
}

#[test]
fn the_metadata_server_is_that_of_aws() {
    for name in ["region_url", "url", "imdsv2_session_token_url"] {
        let with = |url: &str| file(json!({name: url}));
        for url in ["https://metadata.example/", "http://10.0.0.1/"] {
            let error = problem(&with(url));
            assert!(
                error.contains(&format!("`credential_source.{name}`")),
                "{error}"
            );
        }
        for url in ["http://[fd00:ec2::254]/a", "http://127.0.0.1:80/a"] {
            assert!(
                ExternalAccount::from_json(&with(url).to_string()).is_ok(),
                "{url}"
            );
        }
    }
    let error = problem(&file(json!({"environment_id": "aws2"})));
    assert!(error.contains("is not `aws1`"), "{error}");
}
