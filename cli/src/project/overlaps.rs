//! Outputs whose files would overlap.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use gapi_generator::Package;

use super::{
    errors::ProjectErrors,
    paths,
    settings::{Flavor, OutputSettings, Position},
};
use crate::terminal::Shown as _;

const HELP: &str = "write one `[[output]]` with the documents of both, or choose another directory";

/// Reports outputs that write to the same directory, and those that write into the sources of a crate. Symbolic links are
/// followed.
pub(super) fn check(
    root: &Path,
    file: &Path,
    outputs: &[OutputSettings],
    errors: &mut ProjectErrors,
) {
    // An output without a place is invalid and already reported.
    let outputs = outputs.iter().filter(|output| output.out.place.line > 0);
    let places: Vec<(&OutputSettings, PathBuf)> = outputs
        .map(|output| (output, paths::real(&paths::joined(root, &output.out.text))))
        .collect();
    let file = file.shown();
    let at = |Position { line, column }| format!("{file}:{line}:{column}");
    let mut directories = HashMap::new();
    let mut sources = HashMap::new();
    for (output, place) in &places {
        if let Some(earlier) = directories.get(place) {
            let (out, earlier) = (output.out.text.shown(), at(*earlier));
            let message = format!("the output in {earlier} writes to `{out}`, too");
            errors.add(output.out.place, message, HELP);
            continue;
        }
        directories.insert(place, output.out.place);
        match output.flavor {
            Flavor::Module => {}
            Flavor::Crate => {
                let root = Path::new(Package::ROOT);
                sources.insert(place.join(root.parent().unwrap_or(root)), *output);
            }
            // The names of the crates are not known yet.
            Flavor::Crates => {
                sources.insert(place.clone(), *output);
            }
        }
    }
    for (output, place) in &places {
        // A crate removes all files of its sources that it did not write.
        let mut owners = place.ancestors().filter_map(|above| sources.get(above));
        if let Some(owner) = owners.find(|owner| owner.out != output.out) {
            let (out, owner_out) = (output.out.text.shown(), owner.out.text.shown());
            let place = at(owner.out.place);
            let what = match owner.flavor {
                Flavor::Crates => "the directory of crates",
                Flavor::Module | Flavor::Crate => "the sources of the crate",
            };
            let message = format!("`{out}` is inside {what} `{owner_out}`, the output in {place}");
            errors.add(output.out.place, message, "choose another directory");
        }
    }
}
