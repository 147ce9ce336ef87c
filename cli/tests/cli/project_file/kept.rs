//! Files that must not change: hand-written parts, directories outside the project, and outputs of a project with an invalid one.

use std::fs;

use super::{Place, TWO_OUTPUTS};

const CRATE: &str = "\
[[output]]
out = \"c\"
flavor = \"crate\"
name = \"clients\"
";

#[test]
fn text_that_mentions_the_marker_of_the_readme_stays() {
    let place = Place::new(CRATE);
    place.run(&["generate"]).success();
    let readme = place.read("c/README.md");
    let marker = readme.lines().find(|line| line.starts_with("<!-- Gen"));
    let marker = marker.expect("the marker");
    let by_hand = format!("Below `{marker}` it is generated.\n\n```\n{marker}\n```\n\nBy hand.\n");
    let kept = by_hand.clone() + &readme;
    place.write("c/README.md", &kept);
    assert!(place.run(&["generate"]).success().contains(" 0 changed"));
    assert_eq!(place.read("c/README.md"), kept);
}

#[test]
fn a_feature_of_the_user_in_the_list_of_all_is_an_error() {
    let place = Place::new(CRATE);
    place.run(&["generate"]).success();
    let manifest = place.read("c/Cargo.toml");
    let own = manifest.replace("all = [\n", "all = [\n    \"mine\",\n") + "mine = []\n";
    place.write("c/Cargo.toml", &own);
    let outcome = place.run(&["generate"]);
    assert_eq!(outcome.code, 1);
    let message = "has `mine = []`, which is not generated, among the generated features";
    assert!(outcome.err.contains(message), "{}", outcome.err);
    assert_eq!(place.read("c/Cargo.toml"), own);

    // The feature of a removed document is deleted.
    place.write("c/Cargo.toml", &manifest);
    fs::remove_file(place.path("discovery/recursive_schema.v1.json")).expect("remove");
    place.run(&["generate"]).success();
    assert!(!place.read("c/Cargo.toml").contains("recursive"));
}

#[test]
fn no_output_is_written_if_another_one_has_hand_written_files_in_the_way() {
    let place = Place::new(TWO_OUTPUTS);
    place.write("clients/src/lib.rs", "// By hand.\n");
    let before = place.contents();
    let outcome = place.run(&["generate"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.err.contains("clients/src/lib.rs"),
        "{}",
        outcome.err
    );
    assert_eq!(place.contents(), before);
    place.run(&["generate", "--force"]).success();
}

#[test]
fn a_directory_that_a_run_needs_is_no_output() {
    let place = Place::new("[[output]]\nout = \"src/.gapi-run\"\n");
    let before = place.contents();
    for command in ["generate", "check"] {
        let outcome = place.run(&[command]);
        assert_eq!(outcome.code, 1);
        let message = "gapi-generator keeps its own files in this directory";
        assert!(outcome.err.contains(message), "{}", outcome.err);
    }
    assert_eq!(place.contents(), before);
}

#[cfg(unix)]
#[test]
fn the_default_directory_of_documents_lies_in_the_project() {
    let place = Place::new("[[output]]\nout = \"src\"\n");
    let outside = tempfile::tempdir().expect("a temporary directory");
    let target = outside.path().join("documents");
    fs::rename(place.path("discovery"), &target).expect("rename");
    std::os::unix::fs::symlink(&target, place.path("discovery")).expect("a link");
    let outcome = place.run(&["generate"]);
    assert_eq!(outcome.code, 1);
    let message = "discovery leads out of the project through a symbolic link";
    assert!(outcome.err.contains(message), "{}", outcome.err);
}

#[test]
fn a_rename_to_a_name_that_generated_code_needs_is_an_error() {
    for (place, name) in [
        ("/schemas/Type", "String"),
        ("/schemas/Type", "option"),
        ("/schemas/Type/properties/name", "unknownFields"),
        ("/resources/things", "schemas"),
        ("/resources/things", "std"),
    ] {
        let document = if place.contains("things") {
            "paging_query_token:v1"
        } else {
            "recursive_schema:v1"
        };
        let project = Place::new(&format!(
            "[[output]]\nout = \"src\"\nrenames = {{ \"{document}#{place}\" = \"{name}\" }}\n"
        ));
        let outcome = project.run(&["generate"]);
        assert_eq!(outcome.code, 1, "{place} {name}");
        let message = "generated code needs this name in ";
        assert!(outcome.err.contains(message), "{}", outcome.err);
        assert!(!project.exists("src"));
    }
}
