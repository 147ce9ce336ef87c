//! The steps of `client.py`, taken by our client with typed calls. The steps are listed in both programs, so that a
//! shared list cannot hide a difference.

mod databases;
mod instances;
mod read;
mod rows;

use gapi::gapi_runtime::Result;
use gapi::spanner_v1::Spanner;
use serde::Serialize;
use serde_json::{Value, json};

/// The steps that were taken in one project.
pub(super) struct Steps {
    spanner: Spanner,
    pub(super) project: String,
    /// The results of the steps, as `client.py` prints them.
    lines: Vec<Value>,
    /// `true` if one of the steps is deliberately wrong.
    is_mistaken: bool,
}

impl Steps {
    pub(super) fn new(spanner: Spanner, project: &str) -> Self {
        Self {
            spanner,
            project: project.to_owned(),
            lines: Vec::new(),
            is_mistaken: false,
        }
    }

    /// Makes one step deliberately wrong: the second instance gets another display name.
    pub(super) fn mistaken(self) -> Self {
        Self {
            is_mistaken: true,
            ..self
        }
    }

    /// Creates instances, databases, rows; changes, lists and deletes them; makes mistakes.
    pub(super) async fn make(mut self) -> Vec<Value> {
        self.make_instances().await;
        self.make_databases().await;
        self.make_rows().await;
        self.lines
    }

    /// Takes a step and records the result. Returns the response; `None` after an error.
    async fn step<T: Serialize>(
        &mut self,
        name: &str,
        call: impl Future<Output = Result<T>>,
    ) -> Option<T> {
        let outcome = call.await;
        self.lines.push(match &outcome {
            Ok(result) => json!({"step": name, "result": result}),
            Err(error) => {
                let status = error.status().unwrap_or_else(|| panic!("{name}: {error}"));
                json!({"step": name, "error": {
                    "http": error.http_status().map(|status| status.as_u16()),
                    "code": status.code,
                    "message": status.message,
                }})
            }
        });
        outcome.ok()
    }
}
