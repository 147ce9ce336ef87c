//! Documents from directories and archives, including hostile archives.

use std::io::{Cursor, Write as _};

use flate2::{Compression, write::GzEncoder};
use gapi_tests::command;
use zip::write::SimpleFileOptions;

use super::{
    documents::document,
    project::Project,
    server::{Reply, Server},
};

fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Creates an archive with these names, which the library would not all accept.
fn tar_gz(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, text) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append(&header, text.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

#[test]
fn directories_and_archives_are_read() {
    let (a, b) = (document("a", "2"), document("b", "2"));
    let entries = [
        ("pkg/documents/a.v1.json", a.as_str()),
        ("pkg/documents/b.v1.json", &b),
        ("pkg/documents/index.json", "{}"),
        ("pkg/a.v1.py", "no document"),
    ];
    let directory = Project::new(&[("a", "2"), ("b", "2")]);
    let directory = directory.path("discovery");
    for (name, bytes, source) in [
        ("documents.zip", zip(&entries), "documents.zip"),
        (
            "some_package-1.2.0-py3-none-any.whl",
            zip(&entries),
            "some-package 1.2.0",
        ),
        (
            "some_package-1.2.0.tar.gz",
            tar_gz(&entries),
            "some-package 1.2.0",
        ),
        ("x.tgz", tar_gz(&entries), "x.tgz"),
        (
            directory.to_str().unwrap(),
            Vec::new(),
            "directory discovery",
        ),
    ] {
        let project = Project::new(&[("a", "1")]);
        if !bytes.is_empty() {
            project.write(name, bytes);
        }
        let statuses = project.statuses(&["--from", name, "--all"]);
        assert_eq!(
            statuses,
            (vec!["a updated".to_owned(), "b added".to_owned()], 0),
            "{name}"
        );
        assert_eq!(project.read("discovery/a.v1.json"), a);
        assert_eq!(project.read("discovery/b.v1.json"), b);
        let readme = project.read("discovery/README.md");
        let row = |name| format!("| `{name}.v1.json` | The {name} API v1 | 2 | {source} |\n");
        assert!(readme.contains(&(row("a") + &row("b"))), "{readme}");
        // The second run finds nothing newer.
        let statuses = project.statuses(&["--from", name, "--all"]);
        assert_eq!(
            statuses,
            (vec!["a unchanged".to_owned(), "b unchanged".to_owned()], 0),
            "{name}"
        );
    }
}

#[test]
fn an_archive_may_come_from_a_server() {
    let server = Server::start(|request, _| match request.target.as_str() {
        "/p/some-1.0-py3-none-any.whl?x=1" => Reply::ok(zip(&[("a.v1.json", &document("a", "2"))])),
        other => panic!("{other}"),
    });
    let project = Project::new(&[("a", "1"), ("b", "1")]);
    let url = format!("{}/p/some-1.0-py3-none-any.whl?x=1", server.url());
    assert_eq!(
        project.statuses(&["--from", &url]),
        (vec!["a updated".to_owned(), "b gone".to_owned()], 0)
    );
    let (statuses, code) = project.statuses(&["--from", &url, "b"]);
    assert_eq!((statuses, code), (vec!["b failed".to_owned()], 1));
}

#[test]
fn an_archive_with_escaping_names_is_rejected() {
    let text = document("a", "2");
    for name in [
        "../a.v1.json",
        "x/../../a.v1.json",
        "/tmp/a.v1.json",
        "x\\..\\a.v1.json",
    ] {
        let entries = [("a.v1.json", text.as_str()), (name, &text)];
        for (file, bytes) in [("x.tar.gz", tar_gz(&entries)), ("x.whl", zip(&entries))] {
            let project = Project::new(&[("a", "1")]);
            project.write(file, bytes);
            let before = project.contents();
            project.fetch(&["--from", file]).failure(&format!(
                "error: cannot fetch from {file}: it has names that lead out of it: {name}"
            ));
            assert_eq!(project.contents(), before);
        }
    }
}

#[test]
fn invalid_and_large_archives_are_errors() {
    let project = Project::new(&[("a", "1")]);
    project.write("no.zip", "no zip");
    project.write("no.tar.gz", "no tar");
    project.write("empty.zip", zip(&[("README", "")]));
    project.write("notes.txt", "");
    let mut cut = tar_gz(&[("a.v1.json", &document("a", "2"))]);
    cut.truncate(cut.len() / 2);
    project.write("cut.tar.gz", cut);
    let large = " ".repeat((32 << 20) + 1);
    project.write("large.zip", zip(&[("a.v1.json", &large)]));
    project.write("large.tgz", tar_gz(&[("a.v1.json", &large)]));
    for (file, message) in [
        ("no.zip", "it cannot be read: "),
        ("no.tar.gz", "it cannot be read: "),
        ("cut.tar.gz", "cannot read a.v1.json in it: "),
        (
            "empty.zip",
            "it contains no document (<name>.<version>.json)",
        ),
        (
            "notes.txt",
            "it is not a directory, a .whl, .zip, .tar.gz or .tgz, or a URL",
        ),
        ("large.zip", "a.v1.json in it has more than 32 MiB"),
        ("large.tgz", "a.v1.json in it has more than 32 MiB"),
        ("nowhere", "No such file or directory (os error 2)"),
        ("nowhere.zip", "cannot read nowhere.zip: No such file"),
    ] {
        let outcome = project.fetch(&["--from", file]);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        let start = format!("error: cannot fetch from {file}: {message}");
        assert!(outcome.err.starts_with(&start), "{start}: {outcome:?}");
    }
    assert_eq!(project.read("discovery/a.v1.json"), document("a", "1"));
}

#[test]
fn what_an_archive_says_under_another_name_is_found_and_said_to_be_broken_only_when_asked_for() {
    let project = Project::new(&[("a", "1")]);
    let text = document("a", "2");
    project.write(
        "x.zip",
        zip(&[("a.one.json", &text), ("broken.v1.json", "{")]),
    );
    assert_eq!(
        project.statuses(&["--from", "x.zip"]),
        (vec!["a updated".to_owned()], 0)
    );
    let outcome = project.fetch(&["--from", "x.zip", "--all"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome
            .err
            .contains("error: broken:v1 was not fetched\n  x.zip: not JSON: EOF"),
        "{outcome:?}"
    );
}

/// Returns a tar whose entries have these types, declared sizes and contents.
fn raw_tar_gz(entries: &[(tar::EntryType, u64, &[u8])]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    for (kind, size, contents) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_path("a").unwrap();
        header.set_entry_type(*kind);
        header.set_size(*size);
        header.set_mode(0o644);
        header.set_cksum();
        gz.write_all(header.as_bytes()).unwrap();
        gz.write_all(contents).unwrap();
        let rest = contents.len().next_multiple_of(512) - contents.len();
        gz.write_all(&vec![0; rest]).unwrap();
    }
    gz.write_all(&[0; 1024]).unwrap();
    gz.finish().unwrap()
}

#[test]
fn case_s7_names_of_any_length_are_read_or_rejected() {
    use tar::EntryType;
    let text = document("a", "2");
    let file = (EntryType::Regular, text.len() as u64, text.as_bytes());
    let long = format!("{}/a.v1.json", "x".repeat(300));
    let gnu = format!("{long}\0");
    let record = |path: &str| {
        let end = format!(" path={path}\n");
        let mut length = end.len();
        while format!("{length}{end}").len() != length {
            length += 1;
        }
        format!("{length}{end}")
    };
    let pax = record(&long);
    for (kind, name) in [(EntryType::GNULongName, &gnu), (EntryType::XHeader, &pax)] {
        let project = Project::new(&[("a", "1")]);
        let size = name.len() as u64;
        let archive = raw_tar_gz(&[(kind, size, name.as_bytes()), file]);
        project.write("x.tgz", archive);
        let statuses = project.statuses(&["--from", "x.tgz"]);
        assert_eq!(statuses, (vec!["a updated".to_owned()], 0), "{kind:?}");
    }
    // The other name counts, wherever it is.
    let project = Project::new(&[("a", "1")]);
    let escaping = record("../a.v1.json");
    let header = (
        EntryType::XHeader,
        escaping.len() as u64,
        escaping.as_bytes(),
    );
    project.write("x.tgz", raw_tar_gz(&[header, file]));
    project
        .fetch(&["--from", "x.tgz"])
        .failure("error: cannot fetch from x.tgz: it has names that lead out of it: ../a.v1.json");
    for kind in [
        EntryType::GNULongName,
        EntryType::GNULongLink,
        EntryType::XHeader,
        EntryType::XGlobalHeader,
    ] {
        for size in [1 << 30, (64 << 10) + 1, u64::from(u32::MAX)] {
            project.write("x.tgz", raw_tar_gz(&[(kind, size, &[b'x'; 4096])]));
            project
                .fetch(&["--from", "x.tgz"])
                .failure("error: cannot fetch from x.tgz: a name in it has more than 64 KiB");
        }
    }
}

/// Runs the program with 1 GiB of memory.
fn with_little_memory(project: &Project, arguments: &[&str]) -> command::Outcome {
    let limited = [
        "-c",
        "ulimit -v 1048576 && exec \"$@\"",
        "sh",
        crate::PROGRAM,
        "fetch",
    ];
    let arguments = [&limited, arguments].concat();
    command::outcome(&mut command::command("sh", project.directory(), &arguments))
}

#[test]
fn case_s7_documents_of_tiny_members_are_rejected_with_little_memory() {
    for member in ["\"a\":{}", "\"a\":0", "\"a\":[[],[],[],[],[],[],[],[]]"] {
        // Each member has its own name.
        let mut text = document("a", "2")
            .trim_end()
            .trim_end_matches('}')
            .to_owned();
        text += ",\"schemas\":{\"a\":{}";
        let mut index = 0_u64;
        while text.len() < 28 << 20 {
            text.push(',');
            text.push_str(&member.replace("\"a\"", &format!("\"{index:x}\"")));
            index += 1;
        }
        text += "}}";
        let project = Project::new(&[("a", "1")]);
        std::fs::create_dir(project.path("newer")).unwrap();
        project.write("newer/a.v1.json", &text);
        let outcome = with_little_memory(&project, &["--from", "newer"]);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        let message = "a:v1: the document has more than 1,000,000 values";
        assert!(outcome.err.contains(message), "{}", outcome.err);
        assert_eq!(project.read("discovery/a.v1.json"), document("a", "1"));
        // The same revision is compared as JSON.
        project.write("discovery/a.v1.json", document("a", "2"));
        let outcome = with_little_memory(&project, &["--from", "newer"]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
    }
}

#[test]
fn case_s7_archives_of_too_many_files_are_rejected() {
    let project = Project::new(&[("a", "1")]);
    let entries = vec![("a.v1.json", ""); 20_001];
    project.write("x.tgz", tar_gz(&entries));
    project
        .fetch(&["--from", "x.tgz"])
        .failure("error: cannot fetch from x.tgz: it has more than 20000 documents");
    let mut list = zip(&[("a.v1.json", "")]);
    list.extend(b"PK\x01\x02".repeat(200_001));
    project.write("x.zip", list);
    project
        .fetch(&["--from", "x.zip"])
        .failure("error: cannot fetch from x.zip: it has more than 200000 files");
}

/// Text of a document is not Markdown in the table of documents.
#[test]
fn case_s5_the_table_of_documents_has_no_markdown_of_a_document() {
    for (title, cell) in [
        ("The a API", "The a API"),
        ("![x](https://example.com)", "`![x](https://example.com)`"),
        ("@octocat", "`@octocat`"),
        ("a | b\n| c", "`a \\| b \\| c`"),
        ("<img src=x> `b`", "`<img src=x> b`"),
        ("", "a"),
    ] {
        let text = document("a", "2").replace("The a API", &title.replace('\n', "\\n"));
        let project = Project::new(&[("a", "1")]);
        project.write("x.zip", zip(&[("a.v1.json", &text)]));
        project.fetch(&["--from", "x.zip"]).success();
        let readme = project.read("discovery/README.md");
        let row = format!("\n| `a.v1.json` | {cell} v1 | 2 | x.zip |\n");
        assert!(readme.contains(&row), "{title}: {readme}");
    }
    let text = document("a", "2").replace("\"2\"", "\"[a](https://example.com)\"");
    let project = Project::new(&[]);
    project.write("x.zip", zip(&[("a.v1.json", &text)]));
    project.fetch(&["--from", "x.zip", "--all"]).success();
    let readme = project.read("discovery/README.md");
    assert!(
        readme.contains("| The a API v1 | `[a](https://example.com)` | x.zip |"),
        "{readme}"
    );
}
