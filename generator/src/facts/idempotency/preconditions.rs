//! Preconditions that are false for a repeated request.

use super::described::{Described, Place, described, member, of_field};
use crate::ir::{Api, Method, Owner, TypeRef, Verb};

/// The preconditions of a method.
#[derive(Debug, Default)]
pub(super) struct Preconditions {
    /// The places of values that let the server execute a request at most once.
    pub(super) conditions: Vec<Place>,
    /// The idempotency without them, if it is not that of the verb.
    pub(super) idempotent: Option<bool>,
}

/// The member with the version of a resource.
const ETAG: &str = "etag";

/// The rules of a method of Cloud Storage: the conditions, and the idempotency without them.
type Rule = (&'static str, &'static [Condition], Option<bool>);

/// A condition of Cloud Storage.
#[derive(Clone, Copy)]
enum Condition {
    Generation,
    Metageneration,
    /// The `etag` in the body.
    Etag,
    /// A version of the object. A deleted version never exists again.
    Version,
}

/// The retry strategy that Cloud Storage publishes (<https://cloud.google.com/storage/docs/retry-strategy>, "Idempotency of
/// operations"). `If-Match` is a header, which the runtime handles for every method. Moving and restoring objects is not in that
/// list. Both create a new generation, so they are like copying.
const STORAGE: [Rule; 24] = [
    ("buckets.insert", &[], Some(true)),
    ("buckets.lockRetentionPolicy", &[], Some(true)),
    ("buckets.patch", &[Condition::Metageneration], None),
    ("buckets.update", &[Condition::Metageneration], Some(false)),
    ("buckets.setIamPolicy", &[Condition::Etag], Some(false)),
    (
        "managedFolders.setIamPolicy",
        &[Condition::Etag],
        Some(false),
    ),
    ("objects.setIamPolicy", &[Condition::Etag], Some(false)),
    ("projects.hmacKeys.update", &[Condition::Etag], Some(false)),
    ("objects.compose", &[Condition::Generation], None),
    ("objects.copy", &[Condition::Generation], None),
    ("objects.insert", &[Condition::Generation], None),
    ("objects.move", &[Condition::Generation], None),
    ("objects.restore", &[Condition::Generation], None),
    ("objects.rewrite", &[Condition::Generation], None),
    (
        "objects.delete",
        &[Condition::Generation, Condition::Version],
        Some(false),
    ),
    ("objects.patch", &[Condition::Metageneration], None),
    ("objects.update", &[Condition::Metageneration], Some(false)),
    ("bucketAccessControls.delete", &[], Some(false)),
    ("bucketAccessControls.update", &[], Some(false)),
    ("defaultObjectAccessControls.delete", &[], Some(false)),
    ("defaultObjectAccessControls.update", &[], Some(false)),
    ("objectAccessControls.delete", &[], Some(false)),
    ("objectAccessControls.update", &[], Some(false)),
    ("managedFolders.update", &[Condition::Metageneration], None),
];

impl Condition {
    fn place(self) -> Place {
        match self {
            Self::Generation => Place::Query("ifGenerationMatch".to_owned()),
            Self::Metageneration => Place::Query("ifMetagenerationMatch".to_owned()),
            Self::Etag => Place::Body(ETAG.to_owned()),
            Self::Version => Place::Query("generation".to_owned()),
        }
    }
}

/// Returns the preconditions of a method.
pub(super) fn of(api: &Api, method: &Method) -> Preconditions {
    if api.name == "storage" {
        return of_storage(&method.id);
    }
    if matches!(method.verb, Verb::Put | Verb::Delete) {
        // Idempotent in any case.
        return Preconditions::default();
    }
    let own = described(api, method, ETAG);
    let own = own.filter(|etag| is_compared(method, etag) && is_of_the_target(api, method, etag));
    let conditions = own.or_else(|| of_policy(api, method));
    Preconditions {
        conditions: conditions.into_iter().map(|etag| etag.place).collect(),
        ..Preconditions::default()
    }
}

fn of_storage(id: &str) -> Preconditions {
    let name = id.strip_prefix("storage.").unwrap_or(id);
    let rule = STORAGE.iter().find(|(known, ..)| *known == name);
    rule.map_or_else(Preconditions::default, |(_, conditions, idempotent)| {
        Preconditions {
            conditions: conditions
                .iter()
                .map(|condition| condition.place())
                .collect(),
            idempotent: *idempotent,
        }
    })
}

/// Returns the etag of a policy that replaces another one, such as an IAM policy.
fn of_policy<'a>(api: &'a Api, method: &Method) -> Option<Described<'a>> {
    let policy = member(api, method.request.as_ref()?, "policy")?;
    let etag = member(api, &policy.ty, ETAG)?;
    let etag = of_field(etag, "policy.etag");
    let replaces = method.name.starts_with("set") || method.verb != Verb::Post;
    (replaces && is_compared(method, &etag)).then_some(etag)
}

/// The beginnings of names of methods that create. They ignore the version, because the resource does not exist yet.
const CREATING: [&str; 5] = ["create", "insert", "import", "copy", "add"];

/// The words for a comparison with the version on the server.
const COMPARES: [&str; 14] = [
    "read-modify-write",
    "up-to-date value",
    "optimistic",
    "concurrency control",
    "aip.dev/154",
    "aip 154",
    "aip-154",
    "aborted",
    "simultaneous updates",
    "modification conflict",
    "on update or delete",
    "succeeds if it matches",
    "will be rejected if",
    "prevent stale",
];

/// Returns whether a version is that of the resource that the method changes. The body of a POST can be a resource that it
/// creates, whatever the method is called, but not if it is a message for the request.
fn is_of_the_target(api: &Api, method: &Method, etag: &Described<'_>) -> bool {
    if method.verb != Verb::Post || matches!(etag.place, Place::Query(_)) {
        return true;
    }
    let Some(TypeRef::Named(id)) = method.request else {
        return false;
    };
    matches!(&api[id].owner, Owner::Schema(name) if name.ends_with("Request"))
}

/// Returns whether the document states that the server compares the version with the current one.
fn is_compared(method: &Method, etag: &Described<'_>) -> bool {
    let name = method.name.to_lowercase();
    let creates = CREATING.iter().any(|start| name.starts_with(start));
    !creates && !etag.is_deprecated && !etag.has("deprecated") && etag.has_any(&COMPARES)
}
