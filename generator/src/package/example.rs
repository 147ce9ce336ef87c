//! A short example for a README, which compiles.

use crate::{
    Analysis,
    emit::{example, manifest::Layout},
    items::Tree,
};

/// A call of the first API, by name, that has an example, and the feature that it needs.
pub(super) struct Example {
    pub(super) feature: Option<String>,
    pub(super) code: String,
}

/// Returns the example in the documentation of one of these APIs as a function; `None` if no method is simple enough.
pub(super) fn first(apis: &[Analysis], layout: Layout) -> Option<Example> {
    let mut apis: Vec<&Analysis> = apis.iter().collect();
    apis.sort_by_key(|api| &api.names.module);
    apis.into_iter().find_map(|api| {
        let feature = api.names.feature.clone();
        Some(Example {
            feature: (layout == Layout::Features).then_some(feature),
            code: function(api)?,
        })
    })
}

fn function(api: &Analysis) -> Option<String> {
    let (items, types) = (api.items(), Tree::default());
    let cx = api.cx(&items, &types);
    let statements = example::statements(cx)?;
    let lines: Vec<String> = statements
        .iter()
        .map(|line| format!("    {line}\n"))
        .collect();
    Some(format!(
        "{}\n\nasync fn example() -> {}::gapi_runtime::Result<()> {{\n{}    Ok(())\n}}\n",
        example::import(cx),
        example::crate_name(cx),
        lines.concat()
    ))
}
