//! A smaller document with the same finding.

use serde_json::Value;

use super::tree;
use crate::oracle::{Finding, Verdict};

/// Tries that a document is worth.
const TRIES: usize = 3_000;

/// Takes out of the document whatever the first finding does not need.
#[must_use]
pub fn shrink(document: &str, findings: &[Finding], judge: impl Fn(&str) -> Verdict) -> String {
    let Some(property) = findings.first().map(|finding| finding.property) else {
        return document.to_owned();
    };
    let still = |text: &str| match judge(text) {
        Verdict::Broken(findings) => findings.iter().any(|finding| finding.property == property),
        _ => false,
    };
    let Ok(mut smallest) = serde_json::from_str::<Value>(document) else {
        return document.to_owned();
    };
    // What is no JSON any more when it is written again stays as it is.
    if !still(&smallest.to_string()) {
        return document.to_owned();
    }
    let mut tries = 0;
    let mut at = 0;
    while at < tree::size(&smallest) && tries < TRIES {
        let children = children(&mut smallest, at);
        let mut child = children;
        while child > 0 && tries < TRIES {
            child -= 1;
            tries += 1;
            let mut smaller = smallest.clone();
            remove(&mut smaller, at, child);
            if still(&smaller.to_string()) {
                smallest = smaller;
            }
        }
        at += 1;
    }
    format!("{smallest:#}")
}

fn children(value: &mut Value, at: usize) -> usize {
    match tree::nth(value, at) {
        Some(Value::Object(members)) => members.len(),
        Some(Value::Array(elements)) => elements.len(),
        _ => 0,
    }
}

fn remove(value: &mut Value, at: usize, child: usize) {
    match tree::nth(value, at) {
        Some(Value::Object(members)) => {
            if let Some(name) = members.keys().nth(child).cloned() {
                members.remove(&name);
            }
        }
        Some(Value::Array(elements)) if child < elements.len() => {
            elements.remove(child);
        }
        _ => {}
    }
}
