//! The same checks through the generated functions of every `operations` method.

use super::hostile::{Fate, HOSTILE};
use super::methods::{self, Method};
use super::urls::{self, MARK};
use crate::{calls, given};
use gapi_runtime::{Bytes, http};
use gapi_tests::parity::compare::CallOutcome;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Calls a generated function with a value for one of its path parameters.
fn outcome(function: given::Method, method: &Method, variable: &str, value: &str) -> CallOutcome {
    let path: Map<String, Value> = method
        .variables
        .iter()
        .map(|known| {
            let text = if known.name == variable {
                value.to_owned()
            } else {
                known.plain()
            };
            (known.name.to_owned(), text.into())
        })
        .collect();
    let outcome = function(&mut given::Given::new(json!({"path": path})));
    serde_json::from_value(outcome.unwrap_or_else(|error| error)).expect("a response")
}

fn segments(url: &str) -> Vec<String> {
    let mut request = http::Request::new(Bytes::new());
    // The host is that of the API, and the URL parser checks the rest.
    let path = url.split('/').skip(3).collect::<Vec<_>>().join("/");
    let url = format!("https://spanner.googleapis.com/{path}");
    *request.uri_mut() = url.parse().unwrap();
    urls::segments(&urls::parsed(&request))
}

#[test]
fn generated_functions_reject_the_same() {
    let methods = methods::all();
    let by_id: HashMap<_, _> = methods.iter().map(|m| (m.info.id, m)).collect();
    let (mut rejected, mut arrived) = (0, 0);
    for (_, functions) in calls::ALL {
        for (id, function) in *functions {
            let method = by_id[id];
            for variable in &method.variables {
                // The last slot ends at the end of the path.
                let Some(slot) = variable.slots().last() else {
                    continue;
                };
                let is_open = variable.is_open(slot);
                let CallOutcome::Sent(marked) = outcome(
                    *function,
                    method,
                    variable.name,
                    &variable.value(slot, MARK),
                ) else {
                    panic!("{id} rejects a plain value");
                };
                for hostile in HOSTILE {
                    let value = variable.value(slot, hostile.text);
                    let fate = match (variable.is_reserved, is_open) {
                        (false, _) => hostile.alone,
                        (true, false) => hostile.in_segment,
                        (true, true) => hostile.in_anything,
                    };
                    match (fate, outcome(*function, method, variable.name, &value)) {
                        (Fate::Rejected(reason), CallOutcome::Rejected(said)) => {
                            let start = format!("{id}: {} ", variable.name);
                            assert!(said.starts_with(&start), "{value:?}: {said}");
                            assert!(said.contains(reason), "{value:?}: {said}");
                            rejected += 1;
                        }
                        (Fate::Arrives, CallOutcome::Sent(sent)) => {
                            let pattern = segments(&marked.url);
                            let text = hostile.text;
                            let expected = urls::expected(&pattern, text, variable.is_reserved);
                            assert_eq!(segments(&sent.url), expected, "{value:?}");
                            arrived += 1;
                        }
                        (fate, outcome) => panic!("{id} {value:?}: {fate:?}, {outcome:?}"),
                    }
                }
            }
        }
    }
    println!("{rejected} rejected, {arrived} arrived");
    assert!(rejected > 2_000 && arrived > 2_000, "{rejected} {arrived}");
}
