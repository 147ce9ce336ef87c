//! A smaller document with the same finding.

use serde_json::Value;

use super::tree;
use crate::oracle::{Finding, Verdict};

/// The maximum number of attempts for a document.
const TRIES: usize = 3_000;

/// Removes everything from the document that the first finding does not need.
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
    // A text that is not JSON, or loses its finding when it is reformatted, stays as it is.
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
