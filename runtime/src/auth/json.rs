//! Credentials as JSON: the files that Google's console and gcloud write.

use super::small_file::{self, MAX_SIZE};
use crate::credentials::CredentialsError;
use serde_json::{Map, Value};
use std::path::Path;

/// A JSON object with credentials. It holds secrets, so it has no `Debug`, and errors never quote it.
#[derive(Clone)]
pub(super) struct Json {
    /// The name of the JSON in errors.
    name: String,
    members: Map<String, Value>,
}

impl Json {
    /// Reads a file. Errors call it by `name`.
    pub(super) fn read(path: &Path, name: &str) -> Result<Self, CredentialsError> {
        let name = format!("the credentials file {name}");
        let text = small_file::read(path, MAX_SIZE).map_err(|error| {
            CredentialsError::permanent(format!("{name} {}", small_file::unread(path, &error)))
        })?;
        Self::parse(&name, &text)
    }

    /// Reads a file. Errors call it by its path.
    pub(super) fn open(path: &Path) -> Result<Self, CredentialsError> {
        Self::read(path, &path.display().to_string())
    }

    /// Parses a text. Errors call it by `name`.
    pub(super) fn parse(name: &str, text: &str) -> Result<Self, CredentialsError> {
        // Some editors begin a file with a byte-order mark.
        let text = text.trim_start_matches('\u{feff}');
        let value: Value = serde_json::from_str(text).map_err(|error| {
            // The text of a syntax error quotes nothing.
            let place = if error.is_data() {
                String::new()
            } else {
                format!(": {error}")
            };
            CredentialsError::permanent(format!("{name} is not JSON{place}"))
        })?;
        Ok(Self::of(name, &value))
    }

    /// Takes JSON that was parsed. Errors call it by `name`.
    pub(super) fn of(name: &str, value: &Value) -> Self {
        Self {
            name: name.to_owned(),
            members: value.as_object().cloned().unwrap_or_default(),
        }
    }

    /// Returns the member `type`.
    pub(super) fn kind(&self) -> Option<&str> {
        self.members.get("type")?.as_str()
    }

    /// Returns `true` if there is a member of this name.
    pub(super) fn has(&self, member: &str) -> bool {
        self.members.contains_key(member)
    }

    /// Returns the name of the JSON in errors.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the JSON itself.
    pub(super) fn value(&self) -> Value {
        Value::Object(self.members.clone())
    }

    /// Returns a member that must be there.
    pub(super) fn required(&self, member: &str) -> Result<&str, CredentialsError> {
        let text = self.optional(member)?;
        text.ok_or_else(|| self.unusable(&format!("missing field `{member}`")))
    }

    /// Returns a member that may be missing. An empty text counts as none.
    pub(super) fn optional(&self, member: &str) -> Result<Option<&str>, CredentialsError> {
        match self.members.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.unusable(&format!("`{member}` is not a string"))),
        }
    }

    /// Returns a member that may be missing, as a `String`.
    pub(super) fn text(&self, member: &str) -> Result<Option<String>, CredentialsError> {
        Ok(self.optional(member)?.map(str::to_owned))
    }

    /// Returns the error for JSON with this problem.
    pub(super) fn problem(&self, problem: &str) -> CredentialsError {
        CredentialsError::permanent(format!("{} {problem}", self.name))
    }

    /// Returns the error for JSON that has the right type, but cannot be used.
    pub(super) fn unusable(&self, problem: &str) -> CredentialsError {
        self.problem(&format!("cannot be used: {problem}"))
    }

    /// Checks the member `type`.
    pub(super) fn of_kind(self, expected: &str) -> Result<Self, CredentialsError> {
        let kind = super::file::kind(&self)?;
        if kind == expected {
            return Ok(self);
        }
        Err(self.problem(&format!(
            "has the `type` `{kind}`, not `{expected}`; help: pass the file to `credentials_file`, which takes each kind"
        )))
    }
}
