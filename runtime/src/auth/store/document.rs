//! The JSON of the file: `{"version": 1, "tokens": [{"client_id", "token_uri", "account", "scopes", "refresh_token"}]}`.

use super::{Entry, Owner};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The version of the format.
const VERSION: u64 = 1;

/// The parsed file. Members and entries of later versions are preserved.
pub(super) struct Document {
    members: Map<String, Value>,
    tokens: Vec<Value>,
}

impl Document {
    pub(super) fn new() -> Self {
        let version = ("version".to_owned(), VERSION.into());
        Self {
            members: Map::from_iter([version]),
            tokens: Vec::new(),
        }
    }

    /// Parses the text of a file. An empty file is an empty store. The error quotes nothing of the text.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(Self::new());
        }
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            format!("it is not JSON at line {line}, column {column}")
        })?;
        let Value::Object(mut members) = value else {
            return Err("it is not a JSON object".to_owned());
        };
        match members.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(version) => return Err(format!("its version {version} is not known")),
            None => return Err("its member `version` is missing".to_owned()),
        }
        match members.remove("tokens") {
            Some(Value::Array(tokens)) => Ok(Self { members, tokens }),
            _ => Err("its member `tokens` is not an array".to_owned()),
        }
    }

    /// Returns the entries of an owner, the latest one first.
    pub(super) fn entries(&self, owner: &Owner) -> Vec<Entry> {
        let entries = self.tokens.iter().rev().filter_map(entry);
        entries.filter(|entry| entry.owner == *owner).collect()
    }

    pub(super) fn remove(&mut self, is_obsolete: impl Fn(&Entry) -> bool) {
        self.tokens
            .retain(|value| !entry(value).is_some_and(|entry| is_obsolete(&entry)));
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        self.tokens.push(json!({
            "client_id": entry.owner.client_id,
            "token_uri": entry.owner.token_uri,
            "account": entry.owner.account,
            "scopes": entry.scopes,
            "refresh_token": entry.refresh_token,
        }));
    }

    pub(super) fn into_text(self) -> String {
        let Self {
            mut members,
            tokens,
        } = self;
        members.insert("tokens".to_owned(), Value::Array(tokens));
        format!("{:#}\n", Value::Object(members))
    }
}

/// Returns the entry, or `None` if it has another form.
fn entry(value: &Value) -> Option<Entry> {
    let text = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
    let scopes = value.get("scopes")?.as_array()?.iter();
    let scopes: Option<BTreeSet<String>> = scopes
        .map(|scope| scope.as_str().map(str::to_owned))
        .collect();
    Some(Entry {
        owner: Owner {
            client_id: text("client_id")?,
            token_uri: text("token_uri")?,
            account: text("account")?,
        },
        scopes: scopes?,
        refresh_token: text("refresh_token")?,
    })
}
