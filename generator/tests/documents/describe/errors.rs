//! Messages for unknown resources and methods.

use super::{analysis, library};
use gapi_tests::workspace;

fn message(target: &str) -> String {
    let unknown = library().describe(target);
    unknown.expect_err(target).to_string()
}

#[test]
fn the_nearest_name_is_suggested_and_what_there_is_is_listed() {
    assert_eq!(
        message("shelves.book"),
        "error: library:v1 has no resource or method `shelves.book`\n  \
         help: did you mean `shelves.books`?\n  \
         help: there are the resources `shelves.books` and the methods `shelves.scan`"
    );
    assert_eq!(
        message("shelves.books.lsit"),
        "error: library:v1 has no resource or method `shelves.books.lsit`\n  \
         help: did you mean `shelves.books.list`?\n  \
         help: there are the methods `shelves.books.lend`, `shelves.books.list`, `shelves.books.print`"
    );
    assert_eq!(
        message("books"),
        "error: library:v1 has no resource or method `books`\n  \
         help: did you mean `shelves.books`?\n  \
         help: there are the resources `shelves`"
    );
    assert_eq!(
        message("zebra"),
        "error: library:v1 has no resource or method `zebra`\n  \
         help: there are the resources `shelves`"
    );
    // Parentheses select a method.
    assert!(message("shelves.books()").starts_with("error: "));
}

#[test]
fn a_message_hides_nothing_and_strange_targets_are_no_panic() {
    assert_eq!(
        message("a\u{1b}[2Jb"),
        "error: library:v1 has no resource or method `a\u{fffd}[2Jb`\n  help: there are the resources `shelves`"
    );
    for target in [
        ".",
        "..",
        "()",
        " ",
        "shelves.",
        ".shelves",
        "shelves..books",
        "ſhelves",
        "\u{0}",
    ] {
        assert!(message(target).starts_with("error: "), "{target:?}");
    }
    let long = message(&"shelves.".repeat(10_000));
    assert!(long.len() < 2_000, "{}", long.len());
}

#[test]
fn every_resource_and_method_of_the_nine_documents_is_found_by_its_name() {
    for source in workspace::documents() {
        let analysis = analysis(&source);
        for method in &analysis.api.methods {
            let names = [&method.resource[..], std::slice::from_ref(&method.name)].concat();
            for target in [
                names.join("."),
                format!("{}()", names.join(".")),
                method.id.clone(),
            ] {
                let page = analysis.describe(&target);
                let page = page.unwrap_or_else(|unknown| panic!("{unknown}"));
                assert_eq!(page.methods.len(), 1, "{target}");
                assert_eq!(page.methods[0].id, method.id, "{target}");
                assert_eq!(page.crumbs[1..], method.resource, "{target}");
            }
        }
    }
}
