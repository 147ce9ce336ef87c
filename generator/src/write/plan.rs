//! Compares a directory with its new contents.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    BANNER, Difference, Files, Owner, WriteError, Writer, adopt,
    file_list::{FILE_LIST, FileList, HEADER},
    is_generated,
    journal::Journal,
    place,
};
use crate::parallel;

impl Writer {
    /// Returns the necessary changes. The files of an unfinished run may be in any state. If `first_only`, the result may end after
    /// the first difference.
    pub(super) fn plan<'a>(
        &self,
        files: &'a Files,
        unfinished: &Journal,
        first_only: bool,
    ) -> Result<Vec<Difference<'a>>, WriteError> {
        let paths = files.0.keys().map(PathBuf::as_path);
        place::check_directories(&self.root, paths.chain([Path::new(FILE_LIST)]))?;
        let mut found = self.changed(files, first_only)?;
        if first_only && !found.is_empty() {
            return Ok(found);
        }
        let listed = self.listed()?;
        let own = self.own(files, &listed)?;
        let stale = own.iter().chain(&unfinished.files);
        let stale: BTreeSet<&PathBuf> = stale.filter(|path| !files.0.contains_key(*path)).collect();
        for path in stale {
            found.extend(self.stale(path)?);
        }
        found.extend(self.list(files, &listed, &own)?);
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// Returns the root files of the output.
    pub(super) fn roots(&self, files: &Files) -> BTreeSet<PathBuf> {
        match &self.owner {
            Owner::Root(root) => [root.clone()].into(),
            Owner::Modules => {
                let paths = files.0.keys();
                paths.filter_map(|path| module_root(path)).collect()
            }
        }
    }

    /// Returns the files that are missing or differ.
    fn changed<'a>(
        &self,
        files: &'a Files,
        first_only: bool,
    ) -> Result<Vec<Difference<'a>>, WriteError> {
        let files: Vec<(&PathBuf, &String)> = files.0.iter().collect();
        let is_enough = AtomicBool::new(false);
        let changed = parallel::map(&files, |(path, wanted)| {
            if is_enough.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let current = place::read(&self.root.join(path))?;
            if current.as_deref() == Some(wanted.as_bytes()) {
                return Ok(None);
            }
            is_enough.store(first_only, Ordering::Relaxed);
            Ok(Some(Difference {
                path: (*path).clone(),
                current: current.as_deref().map(text),
                wanted: Some(Cow::Borrowed(wanted)),
            }))
        });
        let changed: Result<Vec<_>, WriteError> = changed.into_iter().collect();
        Ok(changed?.into_iter().flatten().collect())
    }

    /// Returns the current list of files.
    fn listed(&self) -> Result<FileList, WriteError> {
        let bytes = place::read(&self.root.join(FILE_LIST))?.unwrap_or_default();
        Ok(FileList::parse(&text(&bytes)))
    }

    /// Returns the files that earlier runs of this owner have generated.
    fn own(&self, files: &Files, listed: &FileList) -> Result<BTreeSet<PathBuf>, WriteError> {
        let roots = self.roots(files);
        // A run takes over the modules that it writes.
        let is_own = |path: &PathBuf, root: &PathBuf| {
            let by_place = match self.owner {
                Owner::Root(_) => files.0.contains_key(root),
                Owner::Modules => module_root(path).is_some_and(|root| roots.contains(&root)),
            };
            roots.contains(root) || by_place
        };
        let own = listed.0.iter().filter(|(path, root)| is_own(path, root));
        let mut own: BTreeSet<PathBuf> = own.map(|(path, _)| path.clone()).collect();
        let sections: BTreeSet<&PathBuf> = listed.0.values().collect();
        for root in roots.iter().filter(|root| !sections.contains(root)) {
            own.extend(self.adopted(files, root)?);
        }
        Ok(own)
    }

    /// Returns the files of a root that has no section in the list.
    fn adopted(&self, files: &Files, root: &Path) -> Result<Vec<PathBuf>, WriteError> {
        let base = root.parent().unwrap_or(Path::new(""));
        let mut modules: BTreeSet<String> = BTreeSet::new();
        if let Owner::Root(_) = self.owner {
            modules.extend(adopt::declared(&self.root, root)?);
            let inside = files
                .0
                .keys()
                .filter_map(|path| path.strip_prefix(base).ok());
            modules.extend(inside.filter_map(module));
        } else {
            modules.extend(module(root));
        }
        adopt::modules(&self.root, base, modules)
    }

    /// Returns the change for a file that is no longer generated, if it exists and the generator wrote it.
    fn stale<'a>(&self, path: &Path) -> Result<Option<Difference<'a>>, WriteError> {
        // A linked file, or anything that is not a file, was not written by the generator.
        let place = self.root.join(path);
        let is_reached = place::check_directories(&self.root, [path]).is_ok();
        if !is_reached || !place::look(&place)?.is_some_and(|found| found.is_file()) {
            return Ok(None);
        }
        let current = place::read(&place)?.filter(|bytes| is_generated(bytes));
        Ok(current.map(|bytes| Difference {
            path: path.to_owned(),
            current: Some(text(&bytes)),
            wanted: None,
        }))
    }

    /// Returns the change of the list. Sections of other owners stay.
    fn list<'a>(
        &self,
        files: &Files,
        listed: &FileList,
        own: &BTreeSet<PathBuf>,
    ) -> Result<Option<Difference<'a>>, WriteError> {
        let others = listed.0.iter().filter(|(path, _)| !own.contains(*path));
        let mut wanted: BTreeMap<PathBuf, PathBuf> = others
            .map(|(path, root)| (path.clone(), root.clone()))
            .collect();
        for (path, _) in files.0.iter().filter(|(_, text)| text.starts_with(BANNER)) {
            let root = match &self.owner {
                Owner::Root(root) => Some(root.clone()),
                Owner::Modules => module_root(path),
            };
            wanted.extend(root.map(|root| (path.clone(), root)));
        }
        let wanted = Some(FileList(wanted).text()).filter(|text| !text.is_empty());
        let current = place::read(&self.root.join(FILE_LIST))?;
        if current.as_deref() == wanted.as_ref().map(String::as_bytes) {
            return Ok(None);
        }
        let is_list = |bytes: &[u8]| bytes.starts_with(HEADER.as_bytes());
        if wanted.is_none() && !current.as_deref().is_some_and(is_list) {
            return Ok(None);
        }
        Ok(Some(Difference {
            path: PathBuf::from(FILE_LIST),
            current: current.as_deref().map(text),
            wanted: wanted.map(Cow::Owned),
        }))
    }
}

/// Converts `storage_v1/buckets.rs` to `storage_v1`.
fn module(path: &Path) -> Option<String> {
    let first = path.components().next()?.as_os_str().to_str()?;
    Some(first.strip_suffix(".rs").unwrap_or(first).to_owned())
}

/// Converts `storage_v1/buckets.rs` to `storage_v1.rs`.
fn module_root(path: &Path) -> Option<PathBuf> {
    module(path).map(|module| PathBuf::from(module + ".rs"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
