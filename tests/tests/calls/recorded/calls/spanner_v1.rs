//! The methods of `spanner:v1`. Written by `tests/src/parity/driver.rs`.

use crate::given::{Called, Given, Method};
use gapi::spanner_v1 as api;
use gapi_runtime::Call;

/// By id.
#[rustfmt::skip]
pub(crate) const METHODS: &[(&str, Method)] = &[
    ("spanner.projects.instanceConfigOperations.list", m0),
    ("spanner.projects.instanceConfigs.operations.cancel", m6),
    ("spanner.projects.instanceConfigs.operations.delete", m7),
    ("spanner.projects.instanceConfigs.operations.get", m8),
    ("spanner.projects.instanceConfigs.operations.list", m9),
    ("spanner.projects.instanceConfigs.ssdCaches.operations.cancel", m10),
    ("spanner.projects.instanceConfigs.ssdCaches.operations.delete", m11),
    ("spanner.projects.instanceConfigs.ssdCaches.operations.get", m12),
    ("spanner.projects.instanceConfigs.ssdCaches.operations.list", m13),
    ("spanner.projects.instances.backupOperations.list", m23),
    ("spanner.projects.instances.backups.operations.cancel", m33),
    ("spanner.projects.instances.backups.operations.delete", m34),
    ("spanner.projects.instances.backups.operations.get", m35),
    ("spanner.projects.instances.backups.operations.list", m36),
    ("spanner.projects.instances.databaseOperations.list", m37),
    ("spanner.projects.instances.databases.operations.cancel", m62),
    ("spanner.projects.instances.databases.operations.delete", m63),
    ("spanner.projects.instances.databases.operations.get", m64),
    ("spanner.projects.instances.databases.operations.list", m65),
    ("spanner.projects.instances.instancePartitionOperations.list", m84),
    ("spanner.projects.instances.instancePartitions.operations.cancel", m90),
    ("spanner.projects.instances.instancePartitions.operations.delete", m91),
    ("spanner.projects.instances.instancePartitions.operations.get", m92),
    ("spanner.projects.instances.instancePartitions.operations.list", m93),
    ("spanner.projects.instances.operations.cancel", m94),
    ("spanner.projects.instances.operations.delete", m95),
    ("spanner.projects.instances.operations.get", m96),
    ("spanner.projects.instances.operations.list", m97),
];

#[rustfmt::skip]
fn standard<C: Call<Service = api::Spanner>>(given: &mut Given, mut call: C) -> Called<C> {
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
fn m0(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "parent")?;
    let mut call = api.projects().instance_config_operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}

#[rustfmt::skip]
fn m6(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instance_configs().operations().cancel(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m7(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instance_configs().operations().delete(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m8(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instance_configs().operations().get(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m9(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instance_configs().operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    if let Some(value) = given.one("query", "returnPartialSuccess")? { call = call.return_partial_success(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}

#[rustfmt::skip]
fn m10(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instance_configs().ssd_caches().operations().cancel(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m11(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instance_configs().ssd_caches().operations().delete(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m12(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instance_configs().ssd_caches().operations().get(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m13(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instance_configs().ssd_caches().operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    if let Some(value) = given.one("query", "returnPartialSuccess")? { call = call.return_partial_success(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}

#[rustfmt::skip]
fn m23(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "parent")?;
    let mut call = api.projects().instances().backup_operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}

#[rustfmt::skip]
fn m33(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().backups().operations().cancel(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m34(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().backups().operations().delete(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m35(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().backups().operations().get(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m36(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().backups().operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    if let Some(value) = given.one("query", "returnPartialSuccess")? { call = call.return_partial_success(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}

#[rustfmt::skip]
fn m37(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "parent")?;
    let mut call = api.projects().instances().database_operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}

#[rustfmt::skip]
fn m62(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().databases().operations().cancel(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m63(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().databases().operations().delete(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m64(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().databases().operations().get(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m65(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().databases().operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    if let Some(value) = given.one("query", "returnPartialSuccess")? { call = call.return_partial_success(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}

#[rustfmt::skip]
fn m84(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "parent")?;
    let mut call = api.projects().instances().instance_partition_operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one::<gapi_runtime::DateTime>("query", "instancePartitionDeadline")? { call = call.instance_partition_deadline(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}

#[rustfmt::skip]
fn m90(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().instance_partitions().operations().cancel(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m91(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().instance_partitions().operations().delete(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m92(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().instance_partitions().operations().get(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m93(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().instance_partitions().operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    if let Some(value) = given.one("query", "returnPartialSuccess")? { call = call.return_partial_success(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}

#[rustfmt::skip]
fn m94(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().operations().cancel(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m95(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().operations().delete(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m96(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().operations().get(a0);
    let call = standard(given, call)?;
    given.is_used_up()?;
    given.send(&call)
}

#[rustfmt::skip]
fn m97(given: &mut Given) -> Called {
    let api = given.client::<api::Spanner>()?;
    let a0 = given.required::<String>("path", "name")?;
    let mut call = api.projects().instances().operations().list(a0);
    if let Some(value) = given.one::<String>("query", "filter")? { call = call.filter(value); }
    if let Some(value) = given.one("query", "pageSize")? { call = call.page_size(value); }
    if let Some(value) = given.one::<String>("query", "pageToken")? { call = call.page_token(value); }
    if let Some(value) = given.one("query", "returnPartialSuccess")? { call = call.return_partial_success(value); }
    let call = standard(given, call)?;
    given.is_used_up()?;
    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }
    given.send(&call)
}
