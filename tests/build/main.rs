//! Turns the code in README.md, `docs/` and the front pages of the libraries into doctests and tests. Detects new fixtures, each
//! of which becomes a test.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

mod readme;

/// The front page of the repository, and those of its libraries.
const FRONT_PAGES: [&str; 4] = [
    "../README.md",
    "../generated/README.md",
    "../generator/README.md",
    "../runtime/README.md",
];

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    for path in FRONT_PAGES {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-changed=../docs");
    println!("cargo::rerun-if-changed=fixtures");
    println!("cargo::rerun-if-changed=../generator/tests/pairs");
    println!("cargo::rerun-if-changed=build");
    let mut paths = FRONT_PAGES.map(PathBuf::from).to_vec();
    for entry in fs::read_dir("../docs")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
    paths.sort();
    let (mut doctests, mut tests) = (String::new(), String::new());
    for path in paths {
        let text = fs::read_to_string(&path)?;
        doctests.push_str(&readme::doctests(&text));
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = stem.to_lowercase().replace('-', "_");
        for (number, test) in (1..).zip(readme::tests(&text)) {
            let number = number.to_string();
            tests.extend(["mod ", &name, "_", &number, " {\n", &test, "\n}\n"]);
        }
        check_quotations(&path, &text)?;
    }
    fs::write(Path::new(&out).join("readme.md"), doctests)?;
    fs::write(Path::new(&out).join("documented.rs"), tests)?;
    Ok(())
}

/// Fails if a block of code names a file of this repository and differs from it.
fn check_quotations(path: &Path, text: &str) -> Result<(), String> {
    for (name, code) in readme::quoted(text) {
        let Ok(file) = fs::read_to_string(Path::new("..").join(name)) else {
            continue;
        };
        println!("cargo::rerun-if-changed=../{name}");
        if readme::code(&file.lines().collect::<Vec<_>>()) != code {
            return Err(format!(
                "{} quotes {name}, which has other code",
                path.display()
            ));
        }
    }
    Ok(())
}
