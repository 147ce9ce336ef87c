//! Finds the document of a recorded call, because versions of an API share the ids of their methods.

use std::collections::HashMap;

use serde_json::Value;

use super::recording::{Line, Sent};

/// The properties of a method that identify it in a call.
#[derive(Clone, Debug)]
struct Candidate {
    /// Index of the document.
    document: usize,
    /// The URL up to the first variable, with and without `upload/`.
    starts: [String; 2],
    /// The number of slashes and the end, which distinguish longer paths with the same beginning.
    end: String,
    api_version: Option<String>,
}

/// The methods of some documents.
#[derive(Clone, Debug, Default)]
pub struct Methods {
    by_id: HashMap<String, Vec<Candidate>>,
    documents: HashMap<String, usize>,
    count: usize,
}

impl Methods {
    /// Adds a document as the next one.
    pub fn add(&mut self, document: &Value) {
        let index = self.documents.len();
        let text = |name: &str| document[name].as_str().unwrap_or_default();
        self.documents.insert(text("id").to_owned(), index);
        let (root, service) = (text("rootUrl"), text("servicePath"));
        let bases = [
            format!("{root}{service}"),
            format!("{root}upload/{service}"),
        ];
        self.visit(document, index, &bases);
    }

    fn visit(&mut self, resource: &Value, document: usize, bases: &[String; 2]) {
        for method in members(resource, "methods") {
            let path = method["path"].as_str().unwrap_or_default();
            let start = path.split('{').next().unwrap_or_default();
            let candidate = Candidate {
                document,
                starts: bases.clone().map(|base| base + start),
                end: path.rsplit('}').next().unwrap_or_default().to_owned(),
                api_version: method["apiVersion"].as_str().map(str::to_owned),
            };
            let id = method["id"].as_str().unwrap_or_default().to_owned();
            self.by_id.entry(id).or_default().push(candidate);
            self.count += 1;
        }
        for child in members(resource, "resources") {
            self.visit(child, document, bases);
        }
    }

    /// Returns the number of methods.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Returns the index of the document whose method a line calls; `None` if no document has it.
    #[must_use]
    pub fn document(&self, line: &Line) -> Option<usize> {
        let named = line.document.as_ref();
        let named = named.and_then(|id| self.documents.get(id)).copied();
        let Some(candidates) = self.by_id.get(&line.id) else {
            // A batch is not a method.
            return named.or_else(|| {
                let call = line.args.calls.first()?;
                Some(self.by_id.get(&call.id)?.first()?.document)
            });
        };
        let is_it =
            |candidate: &&Candidate| line.sent.as_ref().is_none_or(|sent| candidate.sends(sent));
        let fitting = || candidates.iter().filter(is_it).map(|found| found.document);
        fitting()
            .find(|document| Some(*document) == named)
            .or_else(|| fitting().next())
            .or(named)
            .or_else(|| candidates.first().map(|found| found.document))
    }
}

impl Candidate {
    fn sends(&self, sent: &Sent) -> bool {
        let path = sent.url.split(['?', '#']).next().unwrap_or_default();
        self.starts
            .iter()
            .any(|start| path.starts_with(start.as_str()))
            && path.ends_with(&self.end)
            && sent.header("x-goog-api-version") == self.api_version
    }
}

fn members<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name]
        .as_object()
        .into_iter()
        .flat_map(|members| members.values())
}
