//! The golden code of documents with awkward names, used as a user would. Names that are changed in Rust stay the same
//! on the wire.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

use crate::golden::{
    deprecated_items, digit_leading_values, global_parameter, mutually_recursive_schemas,
    obstacle_course, own_parameters,
};
use futures_util::FutureExt;
use gapi_runtime::{Call, ClientBuilder, MockTransport, OpenEnum, Schema, Service};
use gapi_tests::fixture;
use serde_json::{Value, json};

use obstacle_course::obstacle_course_v1::{
    self as course_v1, ObstacleCourse, StandardParameters, schemas, things::params,
};

fn client<S: Service>(builder: ClientBuilder<S>) -> S {
    let built = builder
        .transport(MockTransport::new())
        .build()
        .now_or_never();
    built.expect("nothing to wait for").expect("a client")
}

/// Returns `GET path` and the query parameters.
fn request(call: &impl Call) -> (String, BTreeMap<String, Vec<String>>) {
    let request = call.request().to_http().expect("a request");
    let mut query: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for pair in request.uri().query().unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').expect("name=value");
        query
            .entry(name.to_owned())
            .or_default()
            .push(value.to_owned());
    }
    query.remove("alt");
    (
        format!("{} {}", request.method(), request.uri().path()),
        query,
    )
}

fn document(name: &str) -> Value {
    serde_json::from_str(&fixture::named(name).source.text).expect("JSON")
}

/// Reads an object that has every property of the schema and writes it again.
fn round_trip<T: Schema + serde::Serialize + serde::de::DeserializeOwned>(
    document: &Value,
    schema: &str,
) {
    let properties = document["schemas"][schema]["properties"]
        .as_object()
        .expect("properties");
    let value: Value = properties
        .keys()
        .map(|name| (name.clone(), json!(format!("a {name}"))))
        .collect();
    let read: T = serde_json::from_value(value.clone()).expect("it can be read");
    assert!(
        read.unknown_fields().is_empty(),
        "{schema}: {:?}",
        read.unknown_fields()
    );
    assert_eq!(
        serde_json::to_value(&read).expect("it can be written"),
        value
    );
}

#[test]
fn a_field_is_read_and_written_by_its_wire_name() {
    let document = document("obstacle_course");
    round_trip::<schemas::Keywords>(&document, "Keywords");
    round_trip::<schemas::Signs>(&document, "Signs");
    let signs = schemas::Signs {
        r#type: Some("t".into()),
        r#ref: Some("r".into()),
        self_field: Some("s".into()),
        ..Default::default()
    };
    let written = serde_json::to_value(&signs).expect("it can be written");
    assert_eq!(written, json!({"@type": "t", "$ref": "r", "self": "s"}));
}

#[test]
fn every_allowed_value_is_a_variant_and_keeps_its_text() {
    fn check<T: OpenEnum + for<'t> From<&'t str> + std::fmt::Debug>(
        document: &Value,
        schema: &str,
    ) {
        let values = document["schemas"][schema]["enum"]
            .as_array()
            .expect("values");
        assert!(values.len() > 50, "{schema}");
        for value in values {
            let text = value.as_str().expect("a string");
            let variant = T::from(text);
            assert_eq!(variant.as_text(), text);
            assert!(
                !format!("{variant:?}").starts_with("UnknownValue("),
                "{text} is unknown"
            );
        }
    }
    let document = document("obstacle_course");
    check::<schemas::KeywordValues>(&document, "KeywordValues");
    check::<schemas::PreludeValues>(&document, "PreludeValues");
    assert_eq!(
        schemas::KeywordValues::from("UNKNOWN_VALUE"),
        schemas::KeywordValues::UnknownValueValue
    );
    let unknown = schemas::KeywordValues::from("NEW");
    assert_eq!(unknown, schemas::KeywordValues::UnknownValue("NEW".into()));
    assert_eq!(unknown.as_str(), "NEW");
}

#[test]
fn a_setter_sends_its_wire_name() {
    let course: ObstacleCourse = client(ObstacleCourse::builder());
    let call = course
        .things()
        .list()
        .send_with_headers_param(params::list::SendWithHeaders::SelfValue)
        .items_param(params::list::Items::V1)
        .pages_param("new".into())
        .body_param("a b".into())
        .clone_param("c".into())
        .super_param("s")
        .r#match("m")
        .page_token("p");
    let (line, query) = request(&call);
    assert_eq!(line, "GET /v1/things");
    let wanted = [
        ("body", "a+b"),
        ("clone", "c"),
        ("items", "1"),
        ("match", "m"),
        ("pageToken", "p"),
        ("pages", "new"),
        ("send_with_headers", "SELF"),
        ("super", "s"),
    ];
    let found: Vec<_> = query
        .iter()
        .map(|(name, values)| (name.as_str(), values[0].as_str()))
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn an_api_wide_parameter_is_set_on_any_call() {
    let course: ObstacleCourse = client(ObstacleCourse::builder());
    let send = course_v1::params::Send::None;
    let call = course
        .value()
        .get()
        .fields("name")
        .self_param("s")
        .xgafv("2".into())
        .send_param(send);
    let (line, query) = request(&call);
    assert_eq!(line, "GET /v1/value");
    let names: Vec<&str> = query.keys().map(String::as_str).collect();
    assert_eq!(names, ["%24.xgafv", "fields", "self", "send"]);
}

#[test]
fn a_method_and_a_child_resource_of_one_name_can_both_be_called() {
    let course: ObstacleCourse = client(ObstacleCourse::builder());
    let things = course.things();
    assert_eq!(request(&things.accounts_method()).0, "GET /v1/accounts");
    assert_eq!(request(&things.accounts().get()).0, "GET /v1/get");
    assert_eq!(
        request(&course.keywords().self_method()).0,
        "GET /v1/kw/self"
    );
    assert_eq!(
        request(&course.modules().self_resource().get()).0,
        "GET /v1/get"
    );
}

#[test]
fn names_that_begin_with_a_digit_get_a_letter_in_rust_only() {
    use digit_leading_values::digit_leading_values_v1::{
        DigitLeadingValues, StandardParameters, params::Xgafv, schemas::video, scopes,
    };
    let api: DigitLeadingValues = client(DigitLeadingValues::builder());
    let (line, query) = request(&StandardParameters::xgafv(
        api.v1st().v2fa().v2nd("x"),
        Xgafv::V2,
    ));
    assert_eq!(line, "GET /v1/2fa");
    let names: Vec<&str> = query.keys().map(String::as_str).collect();
    assert_eq!(names, ["%24.xgafv", "2nd"]);
    assert_eq!(video::Rate::V30fps.as_str(), "30fps");
    assert!(scopes::SCOPE_2FA.ends_with("/2fa"));
}

#[test]
fn a_path_parameter_called_key_is_not_the_api_key() {
    use api::{GlobalParameterShadowedByPathParameter as Api, StandardParameters};
    use global_parameter::global_parameter_shadowed_by_path_parameter_v1 as api;
    let api: Api = client(Api::builder());
    let call = api
        .things()
        .retrieve_legacy_secret_key("projects/p/keys/k")
        .key("secret");
    let (line, query) = request(&call);
    assert_eq!(line, "GET /v1/projects/p/keys/k:retrieveLegacySecretKey");
    assert_eq!(query["key"], ["secret"]);
}

#[test]
fn a_type_that_contains_itself_is_built_and_read_like_any_other() {
    use mutually_recursive_schemas::mutually_recursive_schemas_v1::schemas::{
        Page, Slide, page::Properties,
    };
    let page = Page {
        properties: Some(Box::new(Properties {
            layout: Some(Box::new(Slide {
                page: Some(Box::default()),
                ..Default::default()
            })),
            ..Default::default()
        })),
        ..Default::default()
    };
    let json = serde_json::to_value(&page).expect("it can be written");
    assert_eq!(json, json!({"properties": {"layout": {"page": {}}}}));
    assert_eq!(
        serde_json::from_value::<Page>(json).expect("it can be read"),
        page
    );
}

#[test]
fn a_parameter_of_the_method_counts_before_an_api_wide_one_of_its_name() {
    use api::{
        OwnParametersNamedLikeApiWideOnes as Api, StandardParameters, reports::params::list,
    };
    use own_parameters::own_parameters_named_like_api_wide_ones_v1 as api;
    let api: Api = client(Api::builder());
    let columns = [list::Fields::Clicks, list::Fields::Cost];
    let (_, query) = request(&api.reports().list("me").fields(columns).trace("t"));
    assert_eq!(query["fields"], ["CLICKS", "COST"]);
    assert_eq!(query["quotaUser"], ["me"]);
    let (_, query) = request(&api.reports().get("r").fields("text").quota_user("you"));
    assert_eq!(query["fields"], ["text"]);
    assert_eq!(query["quotaUser"], ["you"]);
}

/// Every use causes a warning. Otherwise the expected warning would itself be one.
#[test]
fn what_is_deprecated_warns_and_works() {
    use deprecated_items::deprecated_items_v1::{DeprecatedItems, StandardParameters, schemas};
    let api: DeprecatedItems = client(DeprecatedItems::builder());
    #[expect(deprecated, reason = "that it is deprecated is what this tests")]
    let things = api.things();
    #[expect(deprecated, reason = "that it is deprecated is what this tests")]
    let call = things.get("things/t");
    #[expect(deprecated, reason = "that it is deprecated is what this tests")]
    let call = call.old("o");
    #[expect(deprecated, reason = "that it is deprecated is what this tests")]
    let call = call.old_global("g");
    let (line, query) = request(&call);
    assert_eq!(line, "GET /v1/things/t");
    assert_eq!(query["old"], ["o"]);
    assert_eq!(query["oldGlobal"], ["g"]);
    #[expect(deprecated, reason = "that it is deprecated is what this tests")]
    let gone = schemas::Gone::default();
    let json = serde_json::to_value(gone).expect("it can be written");
    assert_eq!(json, json!({}));
    #[expect(deprecated, reason = "that it is deprecated is what this tests")]
    let state = schemas::thing::State::A;
    assert_eq!(state.as_str(), "A");
}
