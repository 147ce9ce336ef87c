//! A report for programs.

use serde_json::{Value, json};

use super::{ApiChanges, Bump, Change, Changes, Group, Verdict, What, words};

/// Returns the report as JSON.
///
/// `{"verdict", "bump", "bump_0x", "compared", "notes", "apis": [{"id", "title", "module", "old_revision", "new_revision",
/// "verdict", "changes": [{"resource" or "schema", "kind", "name", "change", "verdict", "findings", "old", "new",
/// "with"}]}]}`. A finding has the rule, whether cargo-semver-checks has a lint of that name, and the Rust item.
#[must_use]
pub fn json(changes: &Changes) -> Value {
    let bump = changes.verdict().map(Bump::from);
    json!({
        "verdict": changes.verdict().map(Verdict::name),
        "bump": bump.map(Bump::name),
        "bump_0x": bump.map(|bump| bump.before_one().name()),
        "compared": changes.compared,
        "notes": words::notes(changes),
        "apis": changes.apis.iter().map(api).collect::<Vec<_>>(),
    })
}

fn api(api: &ApiChanges) -> Value {
    json!({
        "id": api.id,
        "title": api.title,
        "module": api.module,
        "old_revision": api.old,
        "new_revision": api.new,
        "verdict": api.verdict().map(Verdict::name),
        "changes": api.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Value {
    let findings = change.findings.iter().map(|finding| {
        json!({
            "rule": finding.rule.id(),
            "is_lint": finding.rule.is_lint(),
            "verdict": finding.rule.verdict().name(),
            "item": finding.item,
        })
    });
    let mut value = json!({
        "kind": words::noun(change),
        "name": change.name,
        "change": what(&change.what),
        "verdict": change.verdict.name(),
        "findings": findings.collect::<Vec<_>>(),
        "old": change.old,
        "new": change.new,
        "with": change.with,
    });
    match &change.group {
        Group::Api => {}
        Group::Resource(path) => value["resource"] = json!(path),
        Group::Schema(id) => value["schema"] = json!(id),
    }
    match &change.what {
        What::LooksRenamed(old) => value["renamed_from"] = json!(old),
        What::Wire(fact) => value["fact"] = json!(fact.name()),
        _ => {}
    }
    value
}

fn what(what: &What) -> &'static str {
    match what {
        What::Added => "added",
        What::Removed => "removed",
        What::LooksRenamed(_) => "looks_renamed",
        What::RustName => "rust_name",
        What::Type => "type",
        What::Signature => "signature",
        What::BecameRequired => "became_required",
        What::BecameOptional => "became_optional",
        What::Deprecated => "deprecated",
        What::NotDeprecated => "not_deprecated",
        What::Wire(_) => "wire",
        What::Description => "description",
    }
}
