//! The functions that the macros add to generated code.

/// The sources with the macros, and the macros that generated code calls.
const SOURCES: [(&str, &[&str]); 5] = [
    (include_str!("../../src/call.rs"), &["call"]),
    (include_str!("../../src/client/service.rs"), &["service"]),
    (include_str!("../../src/open_enum.rs"), &["open_enum"]),
    (include_str!("../../src/operation.rs"), &["operation"]),
    (include_str!("../../src/schema.rs"), &["schema", "boxed"]),
];

/// Returns the functions of a macro for which rustc emits machine code in the crate that calls the macro: those that are neither
/// generic nor `#[inline]`.
fn compiled<'a>(source: &'a str, name: &str) -> Vec<&'a str> {
    let (_, body) = source
        .split_once(&format!("macro_rules! {name} {{\n"))
        .unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let lines: Vec<&str> = body.lines().map(str::trim).collect();
    let function = |line: &str| line.strip_prefix("pub ").unwrap_or(line).starts_with("fn ");
    let is_generic = |line: &str| {
        let (name, rest) = line.split_once('(').unwrap();
        name.contains('<') || rest.contains("impl ")
    };
    let is_inline = |index: usize| {
        let before = lines[..index].iter().rev();
        let mut attributes = before.take_while(|line| line.starts_with("#["));
        attributes.any(|line| *line == "#[inline]")
    };
    let functions = lines.iter().enumerate();
    let functions = functions.filter(|(_, line)| function(line));
    let functions = functions.filter(|(index, line)| !is_generic(line) && !is_inline(*index));
    functions.map(|(_, line)| *line).collect()
}

#[test]
fn every_function_is_generic_or_inline() {
    for (source, names) in SOURCES {
        for name in names {
            assert_eq!(compiled(source, name), [""; 0], "{name}!");
        }
    }
}

#[test]
fn other_functions_are_found() {
    let source = "macro_rules! m {\n    () => {\n        fn a<T>() {}\n        #[inline]\n        fn b() {}\n        pub \
                  fn c() {}\n    };\n}\n";
    assert_eq!(compiled(source, "m"), ["pub fn c() {}"]);
}
