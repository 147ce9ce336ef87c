//! The response of a program that provides subject tokens, version 1.

use super::super::advice;
use serde_json::Value;

/// The newest version of the format.
const VERSION: u64 = 1;

/// The response of a program. Its `Debug` is not implemented, because it holds a token.
pub(super) struct Response(Value);

/// The problem of a program. The text completes a sentence that begins with the program, and contains no token.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) text: String,
    pub(super) is_transient: bool,
}

impl Problem {
    pub(super) fn permanent(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_transient: false,
        }
    }

    pub(super) fn transient(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_transient: true,
        }
    }

    pub(super) fn of(self, introduction: &str) -> Self {
        Self {
            text: format!("{introduction} {}", self.text),
            ..self
        }
    }
}

impl Response {
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// Returns the token of a response that was kept in a file. `None` if it is a failure, expired, of another version, or does
    /// not say when it expires.
    ///
    /// # Errors
    /// The response is malformed. The program would only write it again.
    pub(super) fn cached(&self, now: u64) -> Result<Option<String>, Problem> {
        let version = self.version()?;
        if version > VERSION || !self.is_success()? {
            return Ok(None);
        }
        match self.expiration()? {
            Some(expiration) if expiration >= now => self.of_type().map(Some),
            _ => Ok(None),
        }
    }

    /// Returns the token of a response that was just printed.
    ///
    /// # Errors
    /// The program failed, or the response is malformed, expired, or of another version.
    pub(super) fn token(&self, now: u64) -> Result<String, Problem> {
        let version = self.version()?;
        if version > VERSION {
            return Err(Problem::permanent(format!(
                "has the version {version}; help: let the program print version {VERSION}"
            )));
        }
        if !self.is_success()? {
            let code = self.text("code").ok_or_else(|| missing("code"))?;
            let message = self.text("message").ok_or_else(|| missing("message"))?;
            return Err(Problem::permanent(format!(
                "is a failure: code {}, message {}",
                shown(code),
                shown(message)
            )));
        }
        if self
            .expiration()?
            .is_some_and(|expiration| expiration < now)
        {
            return Err(Problem::permanent(
                "has expired; help: check the program and the clock of this machine",
            ));
        }
        self.of_type()
    }

    fn version(&self) -> Result<u64, Problem> {
        let version = self.0.get("version").and_then(Value::as_u64);
        version.ok_or_else(|| missing("version"))
    }

    fn is_success(&self) -> Result<bool, Problem> {
        let success = self.0.get("success").and_then(Value::as_bool);
        success.ok_or_else(|| missing("success"))
    }

    fn expiration(&self) -> Result<Option<u64>, Problem> {
        match self.0.get("expiration_time") {
            None | Some(Value::Null) => Ok(None),
            Some(time) => match time.as_u64() {
                Some(seconds) => Ok(Some(seconds)),
                None => Err(Problem::permanent(
                    "has an `expiration_time` that is not in seconds since 1970",
                )),
            },
        }
    }

    fn of_type(&self) -> Result<String, Problem> {
        let name = match self.text("token_type") {
            None => return Err(missing("token_type")),
            Some(
                "urn:ietf:params:oauth:token-type:jwt"
                | "urn:ietf:params:oauth:token-type:id_token",
            ) => "id_token",
            Some("urn:ietf:params:oauth:token-type:saml2") => "saml_response",
            Some(_) => {
                return Err(Problem::permanent(
                    "has a `token_type` that is not supported; supported are jwt, id_token and saml2",
                ));
            }
        };
        let token = self.text(name).filter(|token| !token.is_empty());
        token.map(str::to_owned).ok_or_else(|| missing(name))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }
}

fn missing(name: &str) -> Problem {
    Problem::permanent(format!("has no valid member `{name}`"))
}

/// The longest text of a program in an error, in characters.
const LONGEST: usize = 200;

fn shown(text: &str) -> String {
    format!("\"{}\"", advice::shown(text, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
    const SAML: &str = "urn:ietf:params:oauth:token-type:saml2";

    #[test]
    fn a_printed_response() {
        for (json, expected) in [
            (
                json!({"version": 1, "success": true, "token_type": JWT, "id_token": "token"}),
                Ok("token"),
            ),
            (
                json!({"version": 1, "success": true, "token_type": SAML, "saml_response": "token",
                       "expiration_time": 101}),
                Ok("token"),
            ),
            (
                json!({"version": 1, "success": true, "token_type": JWT, "id_token": "token", "expiration_time": 99}),
                Err("has expired"),
            ),
            (
                json!({"version": 1, "success": true, "token_type": SAML, "id_token": "token"}),
                Err("has no valid member `saml_response`"),
            ),
            (
                json!({"version": 2, "success": true, "token_type": JWT, "id_token": "token"}),
                Err("has the version 2"),
            ),
            (
                json!({"version": 1, "success": false, "code": "401", "message": "log\u{1b}[2J in"}),
                Err("is a failure: code \"401\", message \"log[2J in\""),
            ),
            (
                json!({"version": 1, "success": false}),
                Err("has no valid member `code`"),
            ),
            (
                json!({"success": true}),
                Err("has no valid member `version`"),
            ),
            (json!({"version": 1}), Err("has no valid member `success`")),
            (
                json!({"version": 1, "success": true, "id_token": "token"}),
                Err("has no valid member `token_type`"),
            ),
            (
                json!({"version": 1, "success": true, "token_type": "x", "id_token": "token"}),
                Err("has a `token_type` that is not supported"),
            ),
            (json!([]), Err("has no valid member `version`")),
        ] {
            match (Response(json.clone()).token(100), expected) {
                (Ok(token), Ok(expected)) => assert_eq!(token, expected),
                (Err(problem), Err(expected)) => {
                    assert!(problem.text.starts_with(expected), "{json}: {problem:?}");
                }
                (other, _) => panic!("{json}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_kept_response() {
        let valid = json!({"version": 1, "success": true, "token_type": JWT, "id_token": "token",
                           "expiration_time": 100});
        let with = |name: &str, value: Value| {
            let mut json = valid.clone();
            json[name] = value;
            Response(json).cached(100)
        };
        assert_eq!(
            with("id_token", json!("kept")).unwrap().as_deref(),
            Some("kept")
        );
        assert_eq!(with("expiration_time", json!(99)).unwrap(), None);
        assert_eq!(with("expiration_time", Value::Null).unwrap(), None);
        assert_eq!(with("success", json!(false)).unwrap(), None);
        assert_eq!(with("version", json!(2)).unwrap(), None);
        assert!(with("version", Value::Null).is_err());
        assert!(with("token_type", Value::Null).is_err());
    }
}
