//! `init`: a file that is useful right away, and never in the place of another.

use std::fs;

use super::Place;

#[test]
fn a_new_file_is_useful_right_away() {
    // A separate crate, because there is no package.
    let place = Place::new("");
    let said = place.run(&["init"]).success();
    assert!(said.starts_with("wrote gapi.toml\nnext: "), "{said}");
    let text = place.read("gapi.toml");
    let apis = "apis = [\"paging_query_token:v1\", \"recursive_schema:v1\"]\n";
    assert!(text.contains(apis), "{text}");
    let said = place.run(&["generate"]).success();
    assert!(said.starts_with("google-clients: 2 documents, "), "{said}");
    assert_eq!(place.run(&["check"]).code, 0);

    // Modules of a package.
    let place = Place::new("");
    place.write("Cargo.toml", "[package]\nname = \"mine\"\n");
    place.write("src/main.rs", "fn main() {}\n");
    place.run(&["init", "drive:v3", "--quiet"]).success();
    assert!(place.read("gapi.toml").contains("apis = [\"drive:v3\", "));
    place.run(&["generate"]).success();
    assert!(place.exists("src/recursive_schema_v1.rs"));

    // A crate that was generated.
    let place = Place::new("");
    let generate = [
        "generate",
        "recursive-schema-v1",
        "--flavor",
        "crate",
        "--out",
        "generated",
    ];
    place.run(&generate).success();
    fs::remove_file(place.path("discovery/paging_query_token.v1.json")).expect("remove");
    place.run(&["init"]).success();
    assert_eq!(place.run(&["check"]).code, 1);
    // Only the command in the README differs.
    assert!(place.run(&["check"]).out.starts_with("--- README.md\n"));
    place.run(&["generate"]).success();

    // A build script generates, so that only `fetch` uses the file.
    let place = Place::new("");
    place.write("Cargo.toml", "[package]\n");
    place.write(
        "build.rs",
        "fn main() { gapi_generator::build(\"a\").unwrap() }\n",
    );
    place.run(&["init"]).success();
    assert_eq!(place.run(&["generate"]).code, 1);
    assert_eq!(place.run(&["list"]).code, 0);
}

#[test]
fn a_file_that_exists_stays() {
    let place = Place::new("# Mine.\n");
    let message = "error: gapi.toml exists\n  help: edit it, or remove it first";
    place.run(&["init"]).failure(message);
    assert_eq!(place.read("gapi.toml"), "# Mine.\n");
    #[cfg(unix)]
    {
        fs::remove_file(place.path("gapi.toml")).expect("remove");
        std::os::unix::fs::symlink("victim", place.path("gapi.toml")).expect("link");
        place.run(&["init"]).failure(message);
        assert!(!place.exists("victim"));
    }
    assert_eq!(place.run(&["init", "drive"]).code, 2);
}
