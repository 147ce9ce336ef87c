//! The methods of `genomics:v2alpha1`. Written by `tests/src/parity/driver.rs`.

use crate::given::{Called, Given, Method};
use gapi::genomics_v2alpha1 as api;
use gapi_runtime::Call;

/// By id.
#[rustfmt::skip]
pub(crate) const METHODS: &[(&str, Method)] = &[
    ("genomics.projects.operations.cancel", m1),
    ("genomics.projects.operations.get", m2),
    ("genomics.projects.operations.list", m3),
];

#[rustfmt::skip]
fn standard<C: Call<Service = api::Genomics>>(given: &mut Given, mut call: C) -> Called<C> {
    use api::StandardParameters as _;
    if let Some(value) = given.one("query", "$.xgafv")? { call = call.xgafv(value); }
    if let Some(value) = given.one::<String>("query", "access_token")? { call = call.access_token(value); }
    given.form_is_decided();
    if let Some(value) = given.one::<String>("query", "callback")? { call = call.callback(value); }
    if let Some(value) = given.one::<String>("query", "fields")? { call = call.fields(value); }
    if let Some(value) = given.one::<String>("query", "key")? { call = call.key(value); }
    if let Some(value) = given.one::<String>("query", "oauth_token")? { call = call.oauth_token(value); }
    if let Some(value) = given.one("query", "prettyPrint")? { call = call.pretty_print(value); }
    if let Some(value) = given.one::<String>("query", "quotaUser")? { call = call.quota_user(value); }
    if let Some(value) = given.one::<String>("query", "uploadType")? { call = call.upload_type(value); }
    if let Some(value) = given.one::<String>("query", "upload_protocol")? { call = call.upload_protocol(value); }
    Ok(call)
}

#[rustfmt::skip]
fn m1(given: &mut Given) -> Called {
    let api = given.client::<api::Genomics>()?;
    let a0 = given.required::<String>("path", "name")?;
    let a1 = given.body()?;
    let mut call = api.projects().operations().cancel(a0, a1);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m2(given: &mut Given) -> Called {
    let api = given.client::<api::Genomics>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().operations().get(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m3(given: &mut Given) -> Called {
    let api = given.client::<api::Genomics>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}
