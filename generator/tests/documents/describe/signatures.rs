//! The Rust on a page is the Rust in `generated/`.

use super::{analysis, page, targets};
use gapi_generator::{Analysis, describe::MethodPage};
use gapi_tests::workspace;

/// Indents the text as it is in an `impl`.
fn in_impl(signature: &str) -> String {
    let lines: Vec<String> = signature
        .lines()
        .map(|line| format!("    {line}"))
        .collect();
    format!("{} {{\n", lines.join("\n"))
}

/// Returns the text between a line that begins with `start` and the line `end`.
fn block<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let start = format!("\n{start}");
    let Some((_, rest)) = text.split_once(&start) else {
        return "";
    };
    let (block, _) = rest.split_once(&format!("\n{end}\n")).expect("an end");
    block
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Returns the generated file of a module.
fn generated(analysis: &Analysis, module: &[String]) -> String {
    let own = std::slice::from_ref(&analysis.names.module);
    let path: Vec<&str> = own
        .iter()
        .chain(module)
        .map(|name| name.trim_start_matches("r#"))
        .collect();
    workspace::read(&workspace::root().join(format!("generated/src/{}.rs", path.join("/"))))
}

#[test]
fn every_signature_is_in_the_generated_code() {
    // Removes the blanks of the macro's layout, and uses the paths of generated code.
    let macros = workspace::read(&workspace::root().join("runtime/src/call.rs"));
    let macros = without_blanks(&macros)
        .replace("$crate", "gapi_runtime")
        .replace("::core::option::Option", "Option");
    let (mut methods, mut setters) = (0, 0);
    for source in workspace::documents() {
        let analysis = analysis(&source);
        let params = generated(&analysis, &["params".to_owned()]);
        for target in targets(&analysis.api.root) {
            let page = page(&analysis, &target);
            for method in &page.methods {
                let names = analysis
                    .api
                    .method_ids()
                    .find(|id| analysis.api[*id].id == method.id);
                let names = &analysis.names[names.expect("a method of the API")];
                let file = generated(&analysis, &names.module);
                setters += check(&file, &macros, method);
                methods += 1;
            }
            for argument in &page.standard {
                let setter = in_impl(argument.setter.as_ref().expect("a setter"));
                assert!(
                    block(&params, "pub trait StandardParameters", "}").contains(&setter),
                    "{setter}"
                );
            }
        }
    }
    assert_eq!(methods, 522, "methods of the nine documents");
    assert_eq!(setters, 352, "optional parameters of the nine documents");
}

/// Returns the number of setters of the call.
fn check(file: &str, macros: &str, method: &MethodPage) -> usize {
    let function = in_impl(&method.signature);
    assert!(file.contains(&function), "{}: {function}", method.id);
    let call = &method.call;
    assert!(
        method.signature.ends_with(&format!(" -> {call}")),
        "{}",
        method.signature
    );

    let own = block(file, &format!("impl {call} {{"), "}");
    let setters: Vec<&String> = method
        .arguments
        .iter()
        .filter_map(|argument| argument.setter.as_ref())
        .collect();
    for setter in &setters {
        assert!(own.contains(&in_impl(setter)), "{}: {setter}", method.id);
    }
    let required = method.arguments.iter().filter(|argument| argument.required);
    for argument in required {
        assert!(argument.setter.is_none(), "{}", method.id);
        let is = format!("{}: ", argument.rust);
        assert!(method.signature.contains(&is), "{}: {is}", method.id);
    }
    assert_eq!(
        own.matches("pub fn ").count(),
        setters.len(),
        "{}",
        method.id
    );

    // The rows determine the functions that the macro adds.
    let facts = block(file, &format!("gapi_runtime::call!({call} {{"), "});");
    let row = |name: &str| {
        facts
            .lines()
            .find_map(|line| line.trim().strip_prefix(name))
    };
    let (_, response) = row("response: ")
        .and_then(|row| row.split_once(' '))
        .expect("a response");
    let response = response.trim_end_matches(',');
    let mut wanted = vec!["pub fn send"];
    let message = row("stream: ").map(|row| row.trim_end_matches(','));
    if message.is_some() {
        wanted.push("pub fn stream");
    }
    if row("upload: ").is_some() {
        wanted.push("pub fn upload");
    }
    if row("download: ").is_some() {
        wanted.push("pub fn download");
    }
    if row("pages: ").is_some() {
        wanted.extend(["pub fn pages", "pub fn next_page"]);
    }
    if row("items: ").is_some() {
        wanted.push("pub fn items");
    }
    let operation = row("operation: ").and_then(|row| row.trim_end_matches(',').split_once(' '));
    let result = operation.map_or("", |(_, result)| result);
    let metadata = row("metadata: ").map(|row| format!(", {}", row.trim_end_matches(',')));
    if operation.is_some() {
        wanted.push("pub fn poller");
    }
    let names = method
        .functions
        .iter()
        .map(|function| function.split('(').next().unwrap_or_default());
    assert_eq!(names.collect::<Vec<_>>(), wanted, "{}", method.id);
    for function in &method.functions {
        let expanded = macros
            .replace("$response", &without_blanks(response))
            .replace("$message", &without_blanks(message.unwrap_or_default()))
            .replace("$result", &without_blanks(result))
            .replace(
                "$(,$metadata)?",
                &without_blanks(metadata.as_deref().unwrap_or_default()),
            );
        assert!(
            expanded.contains(&without_blanks(function)),
            "{}: {function}",
            method.id
        );
    }
    setters.len()
}
