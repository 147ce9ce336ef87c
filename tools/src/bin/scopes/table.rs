//! The check of the table against documents.

use std::collections::{BTreeMap, BTreeSet};

use gapi_generator::facts::ScopeTable;
use serde_json::Value;

use super::Analysis;

/// Returns the name of a scope without the usual prefix.
pub(crate) fn short(url: &str) -> &str {
    let prefix = "https://www.googleapis.com/auth/";
    url.strip_prefix(prefix).unwrap_or(url)
}

/// Returns the scopes of each method, as the document lists them.
pub(crate) fn methods(resource: &Value) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    let members = |name: &str| resource[name].as_object().into_iter().flatten();
    for (_, method) in members("methods") {
        let scopes = method["scopes"].as_array().into_iter().flatten();
        let scopes = scopes.filter_map(|url| url.as_str().map(str::to_owned));
        let id = method["id"].as_str().unwrap_or_default();
        found.insert(id.to_owned(), scopes.collect());
    }
    for (_, child) in members("resources") {
        found.extend(methods(child));
    }
    found
}

/// The facts of documents that the table states.
#[derive(Default)]
pub(crate) struct Corpus {
    /// The descriptions of scopes, by document and name.
    descriptions: BTreeMap<String, BTreeMap<String, String>>,
    methods: BTreeSet<String>,
    scopes: BTreeSet<String>,
    /// The number of methods that accept a scope, by scope and service. If a service has several versions, this is the largest
    /// number.
    accepting: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Corpus {
    /// Adds the facts of a document.
    pub(crate) fn add(&mut self, analysis: &Analysis, document: &Value) {
        let api = &analysis.api;
        let scopes = api.scopes.iter();
        let described = scopes.map(|scope| (short(&scope.url).to_owned(), scope.docs.clone()));
        let described: BTreeMap<String, String> = described.collect();
        self.scopes.extend(described.keys().cloned());
        self.descriptions.insert(api.id.clone(), described);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (id, scopes) in methods(document) {
            self.methods.insert(id);
            for url in scopes {
                *counts.entry(short(&url).to_owned()).or_default() += 1;
            }
        }
        for (scope, count) in counts {
            let services = self.accepting.entry(scope).or_default();
            let largest = services.entry(api.name.clone()).or_default();
            *largest = count.max(*largest);
        }
    }

    /// Returns the number of methods in all services, for each scope of several services.
    pub(crate) fn breadth(&self) -> BTreeMap<&str, usize> {
        let several = self
            .accepting
            .iter()
            .filter(|(scope, services)| services.len() > 1 && scope.as_str() != "cloud-platform");
        several
            .map(|(scope, services)| (scope.as_str(), services.values().sum()))
            .collect()
    }

    /// Returns the rows of the table that the documents contradict. Useless rows are reported only if all documents are checked.
    pub(crate) fn check(&self, table: &ScopeTable, is_complete: bool) -> Vec<String> {
        let mut findings = Vec::new();
        for row in &table.partial {
            let Some(described) = self.descriptions.get(&row.source) else {
                continue;
            };
            let mut matching = described.iter().filter(|(name, _)| fits(&row.scope, name));
            let says_so = |(_, docs): (&String, &String)| docs.contains(&row.says);
            let is_known = described.keys().any(|name| fits(&row.scope, name));
            if !is_known || !matching.all(says_so) {
                findings.push(format!("{}: {} says otherwise", row.scope, row.source));
            }
        }
        if is_complete {
            findings.extend(self.useless(table));
        }
        findings
    }

    fn useless(&self, table: &ScopeTable) -> Vec<String> {
        let no_scope = |scope: &str| !self.scopes.iter().any(|name| fits(scope, name));
        let no_method = |methods: &str| !self.methods.iter().any(|id| fits(methods, id));
        let partial = table.partial.iter().map(|row| row.scope.as_str());
        let first = table.first.iter().map(|row| row.scope.as_str());
        let reading = table.reading.iter().map(String::as_str);
        let scopes = partial.chain(first).chain(reading);
        let complete = table.partial.iter().flat_map(|row| &row.complete_for);
        let listed = table.first.iter().flat_map(|row| &row.methods);
        let depends = table.depends.iter().map(|row| &row.methods);
        let methods = complete.chain(listed).chain(depends);
        let scopes = scopes.filter(|scope| no_scope(scope));
        let scopes = scopes.map(|scope| format!("{scope}: no document has this scope"));
        let methods = methods.filter(|methods| no_method(methods));
        let methods = methods.map(|methods| format!("{methods}: no document has this method"));
        let mut findings: Vec<String> = scopes.chain(methods).collect();
        let stated = table
            .breadth
            .iter()
            .map(|(scope, count)| (scope.as_str(), *count));
        if stated.collect::<BTreeMap<_, _>>() != self.breadth() {
            findings.push("breadth: other numbers, which `--breadth` prints".to_owned());
        }
        findings
    }
}

/// Returns `true` if a name is the pattern, or begins as a pattern that ends in `*`.
fn fits(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |start| name.starts_with(start))
}
