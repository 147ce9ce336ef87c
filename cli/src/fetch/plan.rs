//! The documents to fetch.

use std::path::PathBuf;

use gapi_generator::{diagnostics::printable, spelling::closest};

use crate::api_version::{ApiVersion, Head, fold};

/// An API version that a source has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) api: ApiVersion,
    /// `true` for the version that the directory recommends.
    pub(crate) preferred: bool,
}

/// A document in the directory of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Local {
    pub(crate) path: PathBuf,
    pub(crate) head: Head,
}

/// A document to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) api: ApiVersion,
    pub(crate) local: Option<Local>,
    /// `true` if the source must have it, because the user names it or the source lists it.
    pub(crate) expected: bool,
}

/// The choice of the user.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted<'a> {
    /// The documents in the directory.
    Here,
    /// The documents in the directory, and all of the source.
    All,
    /// The APIs with these names from the command line.
    Named(&'a [String]),
    /// The APIs with these names from the project file. It is not a failure if the source no longer has one of them.
    Followed(&'a [String]),
}

/// Returns the documents to fetch, each once, sorted.
///
/// # Errors
/// Returns an error for every unknown name, with the most similar name.
pub(crate) fn plan(
    wanted: Wanted<'_>,
    offers: &[Offer],
    here: &[Local],
) -> Result<Vec<Task>, String> {
    let offered = || offers.iter().map(|offer| &offer.api);
    let local = || here.iter().map(|local| &local.head.api);
    let (apis, asked): (Vec<&ApiVersion>, bool) = match wanted {
        Wanted::Here => (local().collect(), false),
        Wanted::All => (local().chain(offered()).collect(), false),
        Wanted::Named(names) => (named(names, offers, here)?, true),
        Wanted::Followed(names) => (named(names, offers, here)?, false),
    };
    let mut tasks: Vec<Task> = Vec::new();
    for api in apis {
        let local = here.iter().find(|local| local.head.api == *api).cloned();
        tasks.push(Task {
            api: api.clone(),
            expected: asked || local.is_none() || offered().any(|offered| offered == api),
            local,
        });
    }
    tasks.sort_by(|a, b| a.api.cmp(&b.api));
    tasks.dedup_by(|a, b| a.api == b.api);
    Ok(tasks)
}

fn named<'a>(
    names: &[String],
    offers: &'a [Offer],
    here: &'a [Local],
) -> Result<Vec<&'a ApiVersion>, String> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for name in names {
        match one(name, offers, here) {
            Ok(apis) => found.extend(apis),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(problems.join("\n"))
    }
}

/// Returns the APIs of a name. A name without a version means the versions in the directory, else the recommended version, else
/// the only version.
fn one<'a>(
    wanted: &str,
    offers: &'a [Offer],
    here: &'a [Local],
) -> Result<Vec<&'a ApiVersion>, String> {
    let name = fold(wanted);
    let all = || {
        let local = here.iter().map(|local| &local.head.api);
        local.chain(offers.iter().map(|offer| &offer.api))
    };
    if let Some(exact) = all().find(|api| fold(&api.to_string()) == name) {
        return Ok(vec![exact]);
    }
    let is_version = |api: &&ApiVersion| fold(&api.name) == name;
    let local: Vec<_> = here
        .iter()
        .map(|local| &local.head.api)
        .filter(is_version)
        .collect();
    if !local.is_empty() {
        return Ok(local);
    }
    let preferred = offers.iter().filter(|offer| offer.preferred);
    let mut preferred: Vec<_> = preferred
        .map(|offer| &offer.api)
        .filter(is_version)
        .collect();
    if preferred.is_empty() {
        preferred = all().filter(is_version).collect();
        preferred.sort();
        preferred.dedup();
    }
    match preferred[..] {
        [] => Err(unknown(wanted, all())),
        [only] => Ok(vec![only]),
        _ => {
            let names: Vec<String> = preferred.iter().map(|api| fold(&api.to_string())).collect();
            Err(format!(
                "error: `{}` has several versions\n  help: name one of them: {}",
                printable(wanted),
                names.join(", ")
            ))
        }
    }
}

fn unknown<'a>(wanted: &str, all: impl Iterator<Item = &'a ApiVersion>) -> String {
    let names: Vec<String> = all
        .flat_map(|api| [fold(&api.name), fold(&api.to_string())])
        .collect();
    let help = match closest(names, &fold(wanted)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "`gapi fetch --all --dry-run` lists all APIs".to_owned(),
    };
    format!(
        "error: neither the source nor the directory of documents has an API `{}`\n  help: {help}",
        printable(wanted)
    )
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn api(text: &str) -> ApiVersion {
        let (name, version) = text.split_once(':').expect("name:version");
        ApiVersion::new(name, version).expect("a name")
    }

    /// `a:v2!` is preferred.
    fn offers(texts: &[&str]) -> Vec<Offer> {
        let offer = |text: &&str| Offer {
            api: api(text.trim_end_matches('!')),
            preferred: text.ends_with('!'),
        };
        texts.iter().map(offer).collect()
    }

    fn here(texts: &[&str]) -> Vec<Local> {
        let local = |text: &&str| Local {
            path: PathBuf::from(api(text).file()),
            head: Head {
                api: api(text),
                title: String::new(),
                revision: "1".into(),
            },
        };
        texts.iter().map(local).collect()
    }

    fn planned(wanted: Wanted<'_>) -> Result<Vec<String>, String> {
        let offers = offers(&[
            "spanner:v1!",
            "drive:v2",
            "drive:v3!",
            "pubsub:v1",
            "pubsub:v1beta2",
            "admin:directory_v1",
        ]);
        let here = here(&["spanner:v1", "genomics:v1", "drive:v2"]);
        let tasks = plan(wanted, &offers, &here)?;
        let line = |task: &Task| {
            let local = if task.local.is_some() { " here" } else { "" };
            let expected = if task.expected { " expected" } else { "" };
            format!("{}{local}{expected}", task.api)
        };
        Ok(tasks.iter().map(line).collect())
    }

    #[test]
    fn without_names_it_is_what_is_here() {
        let wanted = [
            "drive:v2 here expected",
            "genomics:v1 here",
            "spanner:v1 here expected",
        ];
        assert_eq!(planned(Wanted::Here), Ok(wanted.map(str::to_owned).into()));
        assert_eq!(planned(Wanted::All).map(|tasks| tasks.len()), Ok(7));
    }

    #[test]
    fn a_project_follows_apis_until_they_are_gone() {
        let names = ["genomics:v1", "drive:v3", "drive:v2"].map(str::to_owned);
        let wanted = [
            "drive:v2 here expected",
            "drive:v3 expected",
            "genomics:v1 here",
        ];
        assert_eq!(
            planned(Wanted::Followed(&names)),
            Ok(wanted.map(str::to_owned).into())
        );
        let unknown = ["spaner".to_owned()];
        assert!(planned(Wanted::Followed(&unknown)).is_err());
    }

    #[test]
    fn names_are_written_in_any_form_and_twice_is_once() {
        for (names, wanted) in [
            (
                &["spanner", "spanner:v1", "Spanner-V1"][..],
                &["spanner:v1 here expected"][..],
            ),
            (&["drive"], &["drive:v2 here expected"]),
            (&["drive:v3"], &["drive:v3 expected"]),
            (&["genomics.v1"], &["genomics:v1 here expected"]),
            (&["admin"], &["admin:directory_v1 expected"]),
        ] {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            assert_eq!(planned(Wanted::Named(&names)), Ok(wanted), "{names:?}");
        }
    }

    #[test]
    fn all_names_that_are_none_are_told_with_what_may_be_meant() {
        let names = ["spaner", "pubsub", "zebra", "drive:v4"].map(str::to_owned);
        let error = planned(Wanted::Named(&names)).expect_err("no such names");
        let nothing = "error: neither the source nor the directory of documents has an API";
        let lines = [
            &format!("{nothing} `spaner`"),
            "  help: did you mean `spanner`?",
            "error: `pubsub` has several versions",
            "  help: name one of them: pubsub-v1, pubsub-v1beta2",
            &format!("{nothing} `zebra`"),
            "  help: `gapi fetch --all --dry-run` lists all APIs",
            &format!("{nothing} `drive:v4`"),
            "  help: did you mean `drive-v2`?",
        ];
        assert_eq!(error, lines.join("\n"));
    }
}
