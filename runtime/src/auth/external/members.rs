//! The members of a file of credentials. Errors name the file and the member, and never show a value.

use super::super::address::{self, Plain};
use super::super::token::Account;
use crate::credentials::{CredentialsError, DEFAULT_UNIVERSE};
use http::Uri;
use serde_json::{Map, Value};

/// The members of a JSON object, with the name that errors give it.
#[derive(Clone)]
pub(in crate::auth) struct Members<'a> {
    /// The name of the file.
    file: &'a str,
    /// The path to the object, for instance `credential_source.`, or nothing.
    path: String,
    object: &'a Map<String, Value>,
}

impl<'a> Members<'a> {
    /// Returns the members of the JSON of a whole file.
    ///
    /// # Errors
    /// The JSON is not an object.
    pub(in crate::auth) fn of(file: &'a str, json: &'a Value) -> Result<Self, CredentialsError> {
        let object = json.as_object().ok_or_else(|| {
            CredentialsError::permanent(format!("{file} is not a JSON object; help: {DOWNLOAD}"))
        })?;
        Ok(Self {
            file,
            path: String::new(),
            object,
        })
    }

    pub(in crate::auth) fn file(&self) -> &'a str {
        self.file
    }

    /// Returns a member that is a text. An empty text counts as absent.
    pub(in crate::auth) fn text(&self, name: &str) -> Result<Option<&'a str>, CredentialsError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.problem(name, "is not a string")),
        }
    }

    /// Returns a member that has to be there.
    pub(in crate::auth) fn required(&self, name: &str) -> Result<&'a str, CredentialsError> {
        self.text(name)?
            .ok_or_else(|| self.problem(name, "is missing"))
    }

    /// Returns a member that is a whole number that is not negative.
    pub(in crate::auth) fn number(&self, name: &str) -> Result<Option<u64>, CredentialsError> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) => Ok(Some(number)),
                None => Err(self.problem(name, "is not a whole number")),
            },
        }
    }

    /// Returns a member that is a list of texts. Absent ones are an empty list.
    pub(in crate::auth) fn texts(&self, name: &str) -> Result<Vec<String>, CredentialsError> {
        let problem = || self.problem(name, "is not a list of strings");
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => {
                let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
                texts.collect::<Option<_>>().ok_or_else(problem)
            }
            Some(_) => Err(problem()),
        }
    }

    /// Returns the members of a member that is an object.
    pub(in crate::auth) fn object(&self, name: &str) -> Result<Option<Self>, CredentialsError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self {
                file: self.file,
                path: format!("{}{name}.", self.path),
                object,
            })),
            Some(_) => Err(self.problem(name, "is not an object")),
        }
    }

    /// Returns the names and values of the members, if all values are texts.
    pub(in crate::auth) fn all_texts(&self) -> Result<Vec<(&'a str, &'a str)>, CredentialsError> {
        let pairs = self.object.iter().map(|(name, value)| match value {
            Value::String(text) => Ok((name.as_str(), text.as_str())),
            _ => Err(self.problem(name, "is not a string")),
        });
        pairs.collect()
    }

    pub(in crate::auth) fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns a member, unless it is null.
    pub(in crate::auth) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// Returns the parts of a URL that a member names.
    pub(in crate::auth) fn checked(
        &self,
        name: &str,
        url: &str,
        plain: Plain,
    ) -> Result<Uri, CredentialsError> {
        address::checked(url, plain).map_err(|problem| self.problem(name, problem))
    }

    /// Returns the account with a token server, whose URL was checked.
    pub(in crate::auth) fn account(&self, token_url: &str) -> Result<Account, CredentialsError> {
        let universe = self.text("universe_domain")?;
        Ok(Account {
            token_url: token_url.to_owned(),
            universe_domain: universe.unwrap_or(DEFAULT_UNIVERSE).to_owned(),
            quota_project: self.text("quota_project_id")?.map(str::to_owned),
        })
    }

    /// Returns the error for a member.
    pub(in crate::auth) fn problem(&self, name: &str, problem: &str) -> CredentialsError {
        self.problem_with_help(name, problem, DOWNLOAD)
    }

    /// Returns the error for a member, with other advice.
    pub(in crate::auth) fn problem_with_help(
        &self,
        name: &str,
        problem: &str,
        help: &str,
    ) -> CredentialsError {
        let Self { file, path, .. } = self;
        CredentialsError::permanent(format!(
            "the member `{path}{name}` of {file} {problem}; help: {help}"
        ))
    }
}

/// Returns an error of the same kind, with a text before its own one.
pub(in crate::auth) fn within(context: &str, error: &CredentialsError) -> CredentialsError {
    error.with_text(format!("{context}: {}", error.problem()))
}

/// The advice for files that cannot be used.
const DOWNLOAD: &str = "write the file again with gcloud, or fix this member";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_error_names_the_file_and_the_member() {
        let json = json!({"a": {"b": "http://example.com/secret", "c": 1, "d": null, "e": ""}});
        let members = Members::of("file.json", &json).unwrap();
        let inner = members.object("a").unwrap().unwrap();
        let url = inner.required("b").unwrap();
        let error = inner.checked("b", url, Plain::Loopback).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("`a.b` of file.json"), "{error}");
        assert!(!error.contains("secret"), "{error}");
        assert!(inner.text("c").is_err());
        assert_eq!(inner.text("d").unwrap(), None);
        assert_eq!(inner.text("e").unwrap(), None);
        assert!(inner.required("e").is_err());
        assert_eq!(inner.number("c").unwrap(), Some(1));
        assert!(members.texts("a").is_err());
        assert!(Members::of("file.json", &json!([])).is_err());
    }
}
